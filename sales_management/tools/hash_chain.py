"""Chains of decisions: each entry holds the hash of the one before it, so that what was changed, moved or taken out is
found. No ids enter a hash, for these change when a database is copied into another."""

from typing import NamedTuple

from .digest import get_digest

#: What the first entry of a chain has in place of the hash before it.
GENESIS = "0" * 64
#: Version of the format. A later one verifies what an earlier one hashed by the earlier one's rules.
CHAIN_VERSION = 1


class Entry(NamedTuple):
    """One entry of a chain as it is stored; ``texts`` is none where one of them was erased."""

    outcome: str
    decided_at: str
    digest: str
    previous_hash: str
    text_digest: str
    hash: str
    salt: str = ""
    texts: dict | None = None


def get_text_digest(salt, texts):
    """Salted SHA-256 of texts: it stays when they are erased, and says nothing of them without the salt.

    >>> get_text_digest("a", {"comment": "no"}) == get_text_digest("b", {"comment": "no"})
    False
    >>> get_text_digest("a", {"comment": ""}) == get_text_digest("a", {"comment": None})
    True
    """
    return get_digest({"salt": salt, "texts": {name: text or None for name, text in texts.items()}})


def get_entry_hash(outcome, decided_at, digest, previous_hash, text_digest):
    """SHA-256 of an entry and of the hash before it.

    >>> first = get_entry_hash("approved", "2026-07-03 16:00:00", "d", GENESIS, "t")
    >>> first == get_entry_hash("rejected", "2026-07-03 16:00:00", "d", GENESIS, "t")
    False
    >>> len(first)
    64
    """
    return get_digest(
        {
            "v": CHAIN_VERSION,
            "outcome": outcome,
            "decided_at": decided_at,
            "digest": digest,
            "previous_hash": previous_hash,
            "text_digest": text_digest,
        }
    )


def make_entry(outcome, decided_at, digest, previous_hash, salt, texts):
    """An entry with its hash.

    >>> entry = make_entry("approved", "2026-07-03 16:00:00", "d", GENESIS, "salt", {"comment": "fine"})
    >>> find_problems([entry])
    []
    """
    text_digest = get_text_digest(salt, texts)
    hash_ = get_entry_hash(outcome, decided_at, digest, previous_hash, text_digest)
    return Entry(outcome, decided_at, digest, previous_hash, text_digest, hash_, salt, texts)


def find_problems(entries):
    """What is wrong with a chain, in the order in which it was written.

    :param Iterable[Entry] entries: the oldest first
    :return: position, and ``changed`` for an entry that is not what was hashed, ``texts`` for texts that are not those
        that were, ``link`` for one that does not follow the one before it
    :rtype: list[tuple[int, str]]

    >>> one = make_entry("approved", "2026-07-03 16:00:00", "d", GENESIS, "salt", {"comment": "fine"})
    >>> two = make_entry("withdrawn", "2026-07-03 17:00:00", "d", one.hash, "salt", {"comment": "no"})
    >>> find_problems([one, two]), find_problems([two]), find_problems([two, one])
    ([], [(0, 'link')], [(0, 'link'), (1, 'link')])
    >>> find_problems([one._replace(outcome="rejected"), two])
    [(0, 'changed')]
    >>> find_problems([one._replace(texts={"comment": "bad"}), two._replace(texts=None)])
    [(0, 'texts')]
    """
    problems = []
    expected = GENESIS
    for position, entry in enumerate(entries):
        if entry.previous_hash != expected:
            problems.append((position, "link"))
        own = get_entry_hash(entry.outcome, entry.decided_at, entry.digest, entry.previous_hash, entry.text_digest)
        if own != entry.hash:
            problems.append((position, "changed"))
        if entry.texts is not None and get_text_digest(entry.salt, entry.texts) != entry.text_digest:
            problems.append((position, "texts"))
        expected = entry.hash
    return problems
