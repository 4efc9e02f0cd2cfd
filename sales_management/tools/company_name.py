"""One key for the spellings of one company's name, for finding who is in the database already."""

import re
import unicodedata

from . import company_words as words

_MARKS = str.maketrans("", "", "™®©℠\u00ad\u200b\u200c\u200d\ufeff'’‘`´ʼ′")

#: Letters that have no accent to take away.
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})

_ACCENTS = re.compile("[\u0300-\u036f]")
_NO_WORD = re.compile(r"[^\w&+]|_")
_HAN = "\u3005-\u3007\u3041-\u3096\u30a1-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_HAN}]+|[&+]|[^\s&+{_HAN}]+")
_HAN_TOKEN = re.compile(f"[{_HAN}]")
_BRACKETS = re.compile(r"[(\[{〔【《「<]([^()\[\]{}〔〕【】《》「」<>]*)[)\]}〕】》」>]")
_UMLAUT = re.compile("([aou])e+")

_PROVINCE = "|".join(words.PROVINCES)
_CITY = "|".join(words.CITIES)
_ADDRESS = re.compile(
    rf"^(?:(?:{_PROVINCE})(?:壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|省|市)*)?({_CITY})市*"
    rf"|^({_PROVINCE})(?:壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|省|市)*"
)
_PLACE = re.compile(rf"(?:(?:{_PROVINCE})[省市]?)?(?:{_CITY})市?|(?:{_PROVINCE})[省市]?")
_PLACE_AT_END = re.compile(rf"(?<=..)({_CITY}|{_PROVINCE})$")
_INNER_FORM = re.compile(rf"(?:股份|责任)?有限(?:责任)?公司(?=.+(?:{'|'.join(words.HAN_BRANCHES)})$)")

#: The longest form in letters, as in S. de R.L. de C.V.
_MOST_TOKENS = 7


def normalize_company_name(name):
    """The key that all spellings of a company's name have in common.

    Equal keys say that two records may be of one company, and are for a person to judge. What does not count:

    - width, case, accents, spaces and punctuation; "and", "und" and "et" between words; "the" at the beginning;
    - umlauts in any spelling: Müller, Mueller and Muller are one, as an *e* after *a*, *o* and *u* does not count;
    - legal forms and "group" at the end, in brackets, and those that stand in front, never a part of a word;
    - traditional characters, for those that are common in names of companies;
    - where the place stands: 博世（上海）, 上海博世 and 上海市博世 are one, and so are (Shanghai) and Shanghai in front
      or at the end.

    The place itself counts, as companies of one group in two cities are two customers; so do 中国 and (China), a branch
    (分公司), a factory (厂), and "holding" (控股).

    A name that is nothing but legal forms keeps them. The key of a key is the key itself.

    :param str | None name: as people typed it
    :return: the key, without spaces; empty only for a name without any letter or digit
    :rtype: str

    >>> normalize_company_name("华为技术有限公司"), normalize_company_name("華為技術 有限公司")
    ('华为技术', '华为技术')
    >>> normalize_company_name("博世（上海）智能科技有限公司") == normalize_company_name("上海市博世智能科技")
    True
    >>> normalize_company_name("西门子（中国）有限公司"), normalize_company_name("西门子股份公司")
    ('西门子中国', '西门子')
    >>> {normalize_company_name(name) for name in ("Müller & Söhne GmbH & Co. KG", "MUELLER UND SOEHNE")}
    {'mullersohne'}
    >>> normalize_company_name("Acme Trading Co., Ltd."), normalize_company_name("ＡＣＭＥ trading")
    ('acmetrading', 'acmetrading')
    >>> normalize_company_name("Limited Brands, Inc."), normalize_company_name("Coin")
    ('limitedbrands', 'coin')
    >>> normalize_company_name("AG"), normalize_company_name("Co., Ltd."), normalize_company_name("(?!)")
    ('ag', 'coltd', '')
    """
    key = _normalize_once(name or "")
    # Putting a place in front can bare a legal form: 华为有限公司上海.
    while (again := _normalize_once(key)) != key:
        key = again
    return key


def _normalize_once(name):
    text = _fold(name)
    segments = [(_get_tokens(part), is_bracketed) for part, is_bracketed in _get_segments(text)]
    everything = [token for tokens, _is_bracketed in segments for token in tokens]
    kept = []
    for tokens, is_bracketed in segments:
        if is_bracketed and "".join(tokens) in words.BRACKETED_FORMS:
            continue
        kept.append((_without_forms(tokens), is_bracketed))
    if any(tokens for tokens, _is_bracketed in kept):
        first = next(index for index, (tokens, _is_bracketed) in enumerate(kept) if tokens)
        kept[first] = (_without_front_forms(kept[first][0]), kept[first][1])
    tokens = _put_place_first(kept)
    return _join(tokens if set(tokens) - words.ARTICLES else everything)


# === Characters === #


def _fold(name):
    """The name without what only looks different: width, case, accents, traditional characters."""
    text = unicodedata.normalize("NFKC", name.translate(_MARKS)).casefold().translate(_LETTERS)
    if not text.isascii():
        text = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
        text = unicodedata.normalize("NFKC", text).translate(words.SIMPLIFIED)
    return text


def _get_segments(text):
    """The text outside of brackets and that in brackets, in their order.

    >>> list(_get_segments("bosch (shanghai) co., ltd."))
    [('bosch ', False), ('shanghai', True), (' co., ltd.', False)]
    """
    for index, part in enumerate(_BRACKETS.split(text)):
        if part:
            yield part, bool(index % 2)


def _get_tokens(text):
    """Words, runs of Chinese characters whatever stands between these, and signs that mean "and".

    >>> _get_tokens("abc 华为 技术, s.p.a.")
    ['abc', '华为技术', 's', 'p', 'a']
    """
    # Vowel signs of Indian and Thai scripts are no letters of \w, but of the word.
    text = _NO_WORD.sub(lambda sign: sign[0] if unicodedata.category(sign[0])[0] == "M" else " ", text)
    tokens = []
    for token in _TOKEN.findall(text):
        if tokens and _is_han(token) and _is_han(tokens[-1]):
            tokens[-1] += token
        else:
            tokens.append(token)
    return tokens


def _is_han(token):
    return bool(_HAN_TOKEN.match(token))


def _join(tokens):
    """The words as one, without those that mean "and", and without what people write for an umlaut."""
    inner = [token for token in tokens[1:-1] if token not in words.CONNECTORS]
    text = "".join(token for token in [*tokens[:1], *inner, *tokens[1:][-1:]] if token not in "&+")
    return "".join(part if _is_han(part) else _without_umlauts(part) for part in _TOKEN.findall(text))


def _without_umlauts(word):
    """
    >>> _without_umlauts("mueller"), _without_umlauts("aeg")
    ('muller', 'aeg')
    """
    bare = _UMLAUT.sub(r"\1", word)
    return word if bare in words.FORMS else bare


# === Legal forms === #


def _without_forms(tokens):
    """The words before the legal forms that they end on: none where there is nothing else.

    >>> _without_forms(["acme", "s", "p", "a"]), _without_forms(["hotel", "&", "spa"])
    (['acme'], ['hotel', '&', 'spa'])
    >>> _without_forms(["abc贸易", "co", "ltd"]), _without_forms(["华为技术有限公司"])
    (['abc贸易'], ['华为技术'])
    """
    tokens = list(tokens)
    while tokens:
        if _is_han(tokens[-1]):
            rest = _without_han_forms(tokens[-1])
            if rest == tokens[-1]:
                break
            tokens[-1:] = [rest] if rest else []
            continue
        count = _count_form_tokens(tokens)
        if not count:
            break
        del tokens[-count:]
        while tokens and tokens[-1] in words.CONNECTORS:
            tokens.pop()
    return tokens


def _count_form_tokens(tokens):
    """Of how many words the legal form at the end is made: S.p.A. of three."""
    for count in range(min(_MOST_TOKENS, len(tokens)), 0, -1):
        form, rest = "".join(tokens[-count:]), tokens[:-count]
        is_spelled = count == len(form) > 1
        if form not in words.FORMS and not (is_spelled and form in words.SPELLED_FORMS):
            continue
        # A.E.G. is a name in letters, and no cooperative called A.
        is_part_of_name = is_spelled and rest and all(len(token) == 1 for token in rest)
        is_joined = rest and rest[-1] in words.CONNECTORS and form not in words.PARTNER_FORMS
        if not is_part_of_name and not is_joined:
            return count
    return 0


def _without_han_forms(text):
    """The text without one form: that at its end, or that of the company before its branch.

    >>> _without_han_forms("海尔集团有限公司"), _without_han_forms("华为技术有限公司深圳分公司")
    ('海尔集团', '华为技术深圳分公司')
    """
    if text.endswith(words.HAN_BRANCHES):
        return _INNER_FORM.sub("", text)
    form = next((form for form in words.HAN_FORMS if text.endswith(form)), "")
    return text.removesuffix(form)


def _without_front_forms(tokens):
    """
    >>> _without_front_forms(["ооо", "ромашка"]), _without_front_forms(["the", "acme"])
    (['ромашка'], ['acme'])
    """
    if len(tokens) > 1 and (tokens[0] in words.FRONT_FORMS or tokens[0] in words.ARTICLES):
        return tokens[1:]
    form = next((form for form in words.HAN_FRONT_FORMS if tokens[0].startswith(form)), "")
    rest = tokens[0].removeprefix(form)
    return [rest, *tokens[1:]] if rest else tokens


# === Places === #


def _put_place_first(segments):
    """The words of all segments, the place in front where none stands there.

    >>> _put_place_first([(["博世"], False), (["上海"], True), (["科技"], False)])
    ['上海博世科技']
    >>> _put_place_first([(["bosch", "shanghai"], False)])
    ['shanghai', 'bosch']
    """
    places, tokens = [], []
    for part, is_bracketed in segments:
        is_place = is_bracketed and len(part) == 1 and (part[0] in words.LATIN_PLACES or _PLACE.fullmatch(part[0]))
        (places if is_place else tokens).extend(part)
    if not tokens:
        return places
    if _is_place(tokens[0]):
        tokens += places
    elif places:
        tokens = [*places, *tokens]
    elif len(tokens) > 1 and tokens[-1] in words.LATIN_PLACES:
        tokens = [tokens[-1], *tokens[:-1]]
    elif match := _PLACE_AT_END.search(tokens[-1]):
        tokens = [match[0], *tokens[:-1], tokens[-1][: match.start()]]
    return _merge_address(tokens)


def _is_place(token):
    return token in words.LATIN_PLACES or bool(_ADDRESS.match(token))


def _merge_address(tokens):
    """
    >>> _merge_address(["广东省深圳市", "华为"]), _merge_address(["上海市", "acme"])
    (['深圳华为'], ['上海', 'acme'])
    """
    merged = []
    for token in tokens:
        if merged and _is_han(token) and _is_han(merged[-1]):
            merged[-1] += token
        else:
            merged.append(token)
    address = _ADDRESS.match(merged[0])
    if address:
        merged[0] = (address[1] or address[2]) + merged[0][address.end() :]
    return merged
