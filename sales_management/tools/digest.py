"""What a content is told by: a digest of its canonical form, and chains of digests that show what was changed."""

import hashlib
import json

#: Types of values that have one form.
LEAVES = frozenset({str, int, bool, type(None)})


def get_canonical_json(content):
    """The one way to write a content: keys sorted, nothing between, text as it is.

    :param content: dictionaries, lists, strings, integers, booleans and None; no floats, for they have no one form
    :raise TypeError: for anything else

    >>> get_canonical_json({"b": [1, None], "a": "螺栓"})
    '{"a":"螺栓","b":[1,null]}'
    """
    _refuse_floats(content)
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def get_digest(content):
    """SHA-256 of a content in its canonical form, as 64 hexadecimal digits.

    >>> get_digest({"a": 1, "b": 2}) == get_digest({"b": 2, "a": 1})
    True
    >>> get_digest({"a": 1}) == get_digest({"a": "1"})
    False
    >>> len(get_digest({}))
    64
    """
    return hashlib.sha256(get_canonical_json(content).encode()).hexdigest()


def _refuse_floats(content):
    if isinstance(content, dict):
        for key in content:
            if not isinstance(key, str):
                raise TypeError(f"the key {key!r} is no text")
        content = content.values()
    elif isinstance(content, float):
        raise TypeError(f"{content!r} is a float, which has no one form: give a decimal string")
    elif not isinstance(content, list | tuple):
        return
    for value in content:
        # Looked into only where there is something in it: most values are texts.
        if type(value) not in LEAVES:
            _refuse_floats(value)
