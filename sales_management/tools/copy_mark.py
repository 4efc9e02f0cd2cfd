"""Tells of a printed copy which quotation it is of, and what that one said: whatever the name of the file becomes."""

import re

#: A comment after the end of a PDF, where readers look for nothing: identity, and digest of the content or nothing.
LINE = "%sales-management quotation {} {}\n"
NOT_RELEASED = "not-released"
PATTERN = re.compile(rb"^%sales-management quotation (\d+) (not-released|[0-9a-f]{64})$", re.MULTILINE)
#: Where marks are looked for: at the end, so that no file is searched as a whole.
TAIL = 4096


def mark(content, copies):
    """Mark a file.

    :param bytes content: the file
    :param dict[int, str | None] copies: digest by identity of each quotation in it, nothing for one that may not go
    :return: the file with its marks
    :rtype: bytes

    >>> read_marks(mark(b"%PDF-1.4 ... %%EOF", {7: None, 8: 64 * "a"})) == {7: None, 8: 64 * "a"}
    True
    """
    lines = [LINE.format(identity, digest or NOT_RELEASED) for identity, digest in copies.items()]
    return content + "".join(["\n", *lines]).encode()


def read_marks(content):
    """:return: digest by identity of each quotation that the file is a copy of, nothing for one that could not go
    :rtype: dict[int, str | None]

    >>> read_marks(b"%PDF-1.4 ... %%EOF")
    {}
    """
    found = PATTERN.findall(content[-TAIL:])
    return {int(identity): None if digest == NOT_RELEASED.encode() else digest.decode() for identity, digest in found}
