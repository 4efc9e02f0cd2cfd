"""One thing that happened to a document, as a value that capabilities add and a screen or a file shows."""

from datetime import datetime
from typing import Any, NamedTuple


class AuditEntry(NamedTuple):
    """One line of the history of a document.

    :param datetime moment: when, in UTC
    :param str kind: what kind of thing, for code that looks for it
    :param record: the document that it happened to
    :param str title: what happened, translated
    :param str who: name of whoever did it
    :param str details: more of it, as people wrote it
    :param str digest: of the content that it happened to

    >>> AuditEntry(datetime(2027, 3, 1), "sent", None, "Sent").who
    ''
    """

    moment: datetime
    kind: str
    record: Any
    title: str
    who: str = ""
    details: str = ""
    digest: str = ""


def sort_entries(entries):
    """In the order of time; what happened in the same second stays as it was told.

    >>> late, early = AuditEntry(datetime(2027, 3, 2), "b", None, "B"), AuditEntry(datetime(2027, 3, 1), "a", None, "A")
    >>> [entry.kind for entry in sort_entries([late, early])]
    ['a', 'b']
    """
    return sorted(entries, key=lambda entry: entry.moment)
