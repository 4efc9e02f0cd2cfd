"""Keys of the ways to reach somebody and of tax numbers, for finding who is in the database already."""

import re
import unicodedata

try:
    import phonenumbers
except ImportError:  # Odoo does without as well, and then knows no numbering plans.
    phonenumbers = None

from .contact_words import (
    FREE_MAIL_DOMAINS,
    FREE_MAIL_NAMES,
    PUBLIC_SECOND_LEVELS,
    VAT_PREFIX_BY_COUNTRY,
    VAT_PREFIXES,
)

_ADDRESS = re.compile(r"[^\s<>@,;:，；、\"'()\[\]]+@[^\s<>@,;，；、\"'()\[\]/]+")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_URL = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//|^mailto:")

_NUMBER_SEPARATOR = re.compile(r"[,;、，；\n]|(?<=\d)\s*/\s*(?=[+0(]|\d{7})")
_PHONE_LABEL = re.compile(r"^[^\d+(]*[:：.)\s]|^[^\x00-\x7f]+")
_EXTENSION = re.compile(r"(?:转|分机|内线|ext(?:ension)?|durchwahl|app|x|#)[\s.:：]*\d{1,7}\D*$", re.IGNORECASE)
_DASH_EXTENSION = re.compile(r"(?<=\d)[-–—]\d{1,6}$")

_CREDIT_CODE = re.compile(r"[0-9][0-9A-Z][0-9]{6}[0-9A-Z]{10}")
_CREDIT_LETTERS = str.maketrans("OI", "01")
_FOREIGN_REST = re.compile(r"[A-Z]?\d{7,12}(?:[A-Z]\d{0,2})?")
_SWISS_TAIL = re.compile(r"(?<=\d)(?:MWST|TVA|IVA|VAT)$")
_GREEK_PREFIX = re.compile(r"^GR(?=\d)")
_DUMMY_DIGITS = ("0123456789" * 3, "9876543210" * 3)

#: A shorter tax number is a slip or a note.
_SHORTEST_VAT = 6

#: What most countries dial before the code of another country, where the others write a plus.
_INTERNATIONAL = "00"


def get_email_key(email):
    """The mailbox behind a mail address as people typed it.

    Case, width, a name in front, a ``+tag``, and the dots that Gmail ignores do not count. Of several addresses the
    first counts.

    :param str | None email: such as ``"Ann" <ann@example.com>``
    :rtype: str | None

    >>> get_email_key("Ann Lee <Ann.Lee+fair@Example.COM>"), get_email_key("ａｎｎ＠example.com")
    ('ann.lee@example.com', 'ann@example.com')
    >>> get_email_key("a.nn@googlemail.com"), get_email_key("none"), get_email_key(None)
    ('ann@gmail.com', None, None)
    """
    found = _ADDRESS.search(_fold(email))
    if not found:
        return None
    mailbox, _at, host = found[0].removeprefix("mailto:").rpartition("@")
    labels = _get_labels(host)
    mailbox = mailbox.split("+", 1)[0].strip(".")
    if not labels or not mailbox:
        return None
    domain = ".".join(labels)
    if domain in ("gmail.com", "googlemail.com"):
        domain, mailbox = "gmail.com", mailbox.replace(".", "")
    return f"{mailbox}@{domain}" if mailbox else None


def get_domain_key(address):
    """The domain that somebody registered, of a mail address or a website.

    That is the last two labels; the last three where a country sells names below common second levels, as below
    com.cn, co.uk and com.au: a country's code of two letters after one of `PUBLIC_SECOND_LEVELS`, and the provinces
    below cn. It knows no other public suffixes, so that all customers of one hosting site would share its domain.

    :param str | None address: mail address, domain or address of a website
    :return: the domain, none for providers that anybody has a mailbox with, for addresses of machines and for nonsense
    :rtype: str | None

    >>> get_domain_key("ann@mail.example.com"), get_domain_key("https://www.example.com.cn/about?x=1")
    ('example.com', 'example.com.cn')
    >>> get_domain_key("ann@vip.qq.com"), get_domain_key("ann@yahoo.co.uk"), get_domain_key("http://192.168.0.1")
    (None, None, None)
    """
    text = _fold(address).strip()
    found = None if _URL.match(text) else _ADDRESS.search(text)
    host = found[0].rpartition("@")[2] if found else _get_host(text)
    labels = _get_labels(host)
    if not labels:
        return None
    second_levels = PUBLIC_SECOND_LEVELS.get(labels[-1], PUBLIC_SECOND_LEVELS[""])
    is_below_public = len(labels[-1]) == 2 and labels[-2] in second_levels
    registered = labels[-3:] if is_below_public else labels[-2:]
    domain = ".".join(registered)
    if (is_below_public and len(labels) < 3) or registered[0] in FREE_MAIL_NAMES or domain in FREE_MAIL_DOMAINS:
        return None
    return domain


def get_phone_key(number, country_code=None):
    """The phone number in the international format E.164, without an extension.

    People of one switchboard share a key; that it tells nothing of them where they are many is for `match_duplicates`.
    Of several numbers in one field the first counts.

    :param str | None number: as people typed it: full-width, with 0086 or (0), a label, an extension, in letters
    :param str | None country_code: ISO code of the country whose numbers need no code
    :return: the number, none for one that no country has given out, or whose country nobody knows
    :rtype: str | None

    >>> get_phone_key("１３８ ００１３ ８０００", "CN"), get_phone_key("0086-138-0013-8000")
    ('+8613800138000', '+8613800138000')
    >>> get_phone_key("0755-26780808转8001", "cn"), get_phone_key("电话：(0755) 2678 0808-8001", "CN")
    ('+8675526780808', '+8675526780808')
    >>> get_phone_key("1-800-FLOWERS", "US"), get_phone_key("+49 (0) 89 636-00")
    ('+18003569377', '+498963600')
    >>> get_phone_key("13800138000"), get_phone_key("12345", "CN"), get_phone_key("n/a", "DE")
    (None, None, None)
    """
    text = _NUMBER_SEPARATOR.split(unicodedata.normalize("NFKC", number or "").strip(), maxsplit=1)[0].strip()
    if not any(sign.isdigit() for sign in text):
        return None
    text = _EXTENSION.sub("", _PHONE_LABEL.sub("", text)).strip()
    if text.startswith(_INTERNATIONAL):
        text = f"+{text.removeprefix(_INTERNATIONAL)}"
    region = (country_code or "").strip().upper() or None
    return _get_valid_number(text, region) or _get_valid_number(_DASH_EXTENSION.sub("", text), region)


def get_vat_key(vat, country_code=None):
    """The tax number without the signs people put between, after the country's prefix.

    A Chinese unified social credit code of 18 signs, and any other number of China, has no prefix; the letters O and I,
    which the code never has, are the digits that they look like. With the country known, a number with its prefix and
    one without are one. Whether the number is a valid one is not asked, as two records with the same slip are one
    company also.

    :param str | None vat: as people typed it
    :param str | None country_code: ISO code of the company's country
    :return: the number; none for what stands for no number, such as ``/``, ``N/A`` or ``000000``, and for too few signs
    :rtype: str | None

    >>> get_vat_key("de 123.456.788"), get_vat_key("123456788", "DE"), get_vat_key("EL094259216", "GR")
    ('DE123456788', 'DE123456788', 'EL094259216')
    >>> get_vat_key("91440300 708461136T"), get_vat_key("CN9144O300708461136t", "CN")
    ('91440300708461136T', '91440300708461136T')
    >>> get_vat_key("CHE-116.281.710 MWST"), get_vat_key("/"), get_vat_key("N/A"), get_vat_key("0000")
    ('CHE116281710', None, None, None)
    """
    text = unicodedata.normalize("NFKC", vat or "").upper()
    number = "".join(sign for sign in text if sign.isascii() and sign.isalnum())
    country = (country_code or "").strip().upper()
    chinese = number.removeprefix("CN").translate(_CREDIT_LETTERS)
    if len(chinese) == 18 and _CREDIT_CODE.fullmatch(chinese):
        return None if _is_dummy(chinese) else chinese
    number = _GREEK_PREFIX.sub("EL", _SWISS_TAIL.sub("", number))
    prefix = VAT_PREFIX_BY_COUNTRY.get(country, country)
    bare = number.removeprefix(prefix)
    if _is_dummy(bare) or _is_dummy(bare[2:] if bare[:2] in VAT_PREFIXES else bare):
        return None
    if country == "CN":
        return bare
    is_foreign = number[:2] in VAT_PREFIXES and _FOREIGN_REST.fullmatch(number[2:])
    return number if is_foreign or not prefix else prefix + bare


def _fold(text):
    return unicodedata.normalize("NFKC", text or "").casefold()


def _get_host(text):
    """
    >>> _get_host("https://ann:pw@www.example.com:8069/shop"), _get_host("example.com/a")
    ('www.example.com', 'example.com')
    """
    host = re.split(r"[/?#\s]", _URL.sub("", text), maxsplit=1)[0]
    return host.rpartition("@")[2].partition(":")[0]


def _get_labels(host):
    """The labels of a domain: none for what is no domain, as an address of digits is."""
    try:
        # The dot at the end, as in example.com., says that nothing follows.
        labels = host.strip().removesuffix(".").encode("idna").decode().split(".")
    except UnicodeError:
        return []
    is_domain = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
    return labels if is_domain else []


def _get_valid_number(text, region):
    if phonenumbers is None:
        return _get_plain_number(text)
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _get_plain_number(text):
    """Without numbering plans, only a number that names its country is the same everywhere."""
    digits = "".join(filter(str.isdigit, text))
    return f"+{digits}" if text.lstrip().startswith("+") and 7 <= len(digits) <= 15 else None


def _is_dummy(number):
    """Whether it is what people type to get past a field."""
    return (
        len(number) < _SHORTEST_VAT
        or len(set(number)) == 1
        or sum(sign.isdigit() for sign in number) < 2
        or any(number in digits for digits in _DUMMY_DIGITS)
    )
