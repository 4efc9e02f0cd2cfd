"""What is asked of those who may know a company, and what they answer."""

import re
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]{2,}")
_HAN = re.compile("[\u3400-\u9fff]{2,}")


class SmartFillQuery(NamedTuple):
    """What was typed of a company, as far as it was.

    :param str name: its name
    :param str vat: its tax ID
    :param str domain: domain of its website or mail, none of free mail
    :param str country: ISO code of its country
    :param int partner_id: the record itself, 0 as long as it is not saved
    """

    name: str = ""
    vat: str = ""
    domain: str = ""
    country: str = ""
    partner_id: int = 0


class SmartFillFind(NamedTuple):
    """One answer.

    :param str label: who knows it, shown above the values
    :param dict values: by name of a field of ``res.partner``; ids or records for links
    :param int existing_id: id of a customer that is there already, to open it instead
    """

    label: str
    values: dict
    existing_id: int = 0


def get_search_word(name):
    """The word of a company's name that other spellings share most likely, for a search in a database.

    >>> get_search_word("The Weber Küchen GmbH"), get_search_word("杭州博世机械"), get_search_word("& Co.")
    ('Weber', '杭州博世机械', 'Co')
    >>> get_search_word(""), get_search_word("A")
    ('', '')
    """
    han = max(_HAN.findall(name), key=len, default="")
    if han:
        return han
    words = _WORD.findall(name)
    return next((word for word in words if len(word) > 3), words[0] if words else "")
