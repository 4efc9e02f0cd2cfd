"""Which sheet and which column of a workbook is which, in either language, and a row of them on its way."""

import re
import unicodedata
from dataclasses import dataclass, field

from .customer_columns import KINDS
from .sheet_words import PROVINCES, WAYS


def simplify(text):
    """A title as it is compared: in whatever width and case, without remarks in brackets, stars and spaces.

    >>> simplify("* 客户名称（必填）"), simplify("E-Mail :")
    ('客户名称', 'email')
    """
    text = unicodedata.normalize("NFKC", str(text)).casefold()
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]", "", text)
    return re.sub(r"[\s*:_\-–.?#]+", "", text)


def find_kind(title):
    """:return: the kind that a tab names, in either language, or ``None``

    >>> find_kind("客户资料").key, find_kind("FOLLOW-UPS").key, find_kind("Sheet1")
    ('customer', 'follow_up', None)
    """
    wanted = simplify(title)
    for kind in KINDS.values():
        if wanted in {simplify(name) for name in (*kind.titles, *kind.aliases)}:
            return kind
    return None


def match_header(kind, cells):
    """Which column of a sheet is which. The titles of the template come before what else people call a column.

    :param SheetKind kind: of which kind the rows are
    :param Sequence cells: the header
    :return: column by position, and the titles that are no column, by position; a title that comes twice counts once
    :rtype: tuple[dict[int, Column], dict[int, str]]

    >>> found, unknown = match_header(KINDS["contact"], ["姓名", "Company", "手机", "Shoe Size"])
    >>> [column.key for column in found.values()], unknown
    (['name', 'customer', 'phone'], {3: 'Shoe Size'})
    """
    titles = {position: str(cell) for position, cell in enumerate(cells) if cell is not None and str(cell).strip()}
    found, taken = {}, set()
    for names in (lambda column: column.titles, lambda column: column.aliases):
        known = {}
        for column in kind.columns:
            for name in names(column):
                known.setdefault(simplify(name), column)
        for position, title in titles.items():
            column = known.get(simplify(title))
            if column and position not in found and column.key not in taken:
                found[position] = column
                taken.add(column.key)
    unknown = {position: title.strip() for position, title in titles.items() if position not in found}
    return dict(sorted(found.items())), unknown


def find_header(kind, rows, look_at=10):
    """:return: index of the row that is the header, among the first ones: a title may stand above; ``None`` without
    :param list rows: number and cells
    """
    best, most = None, 0
    for index, (_number, cells) in enumerate(rows[:look_at]):
        columns = match_header(kind, cells)[0].values()
        count = len(columns)
        if count > most and any(column.required for column in columns):
            best, most = index, count
    return best


def guess_kind(rows):
    """:return: the kind whose columns a sheet has, where its tab does not say, or ``None``

    >>> guess_kind([(1, ["客户名称", "税号", "地址"])]).key
    'customer'
    """
    scores = {}
    for kind in KINDS.values():
        index = find_header(kind, rows)
        if index is None:
            continue
        columns = list(match_header(kind, rows[index][1])[0].values())
        if all(column in columns for column in kind.columns if column.required):
            scores[kind.key] = len(columns)
    return KINDS[max(scores, key=scores.get)] if scores else None


def find_way(text):
    """:return: how somebody was in touch, in either language, or ``None``

    >>> find_way("微信"), find_way("Phone Call"), find_way("smoke")
    ('message', 'call', None)
    """
    wanted = simplify(text)
    for way, names in WAYS.items():
        if wanted in {simplify(name) for name in names}:
            return way
    return None


def simplify_province(text):
    """A province or state as it is compared: without what it is besides its name.

    >>> simplify_province("浙江省"), simplify_province("Zhejiang Province"), simplify_province("广西壮族自治区")
    ('浙江', '浙江', '广西')
    """
    text = re.sub(r"(壮族|回族|维吾尔|特别)?(自治区|行政区)$|[省市]$", "", simplify(text))
    text = text.removesuffix("province").removesuffix("municipality").removesuffix("state")
    return PROVINCES.get(text, text)


@dataclass
class ImportRow:
    """A row of a sheet on its way: what it says, what is wrong with it, and whom it is known as.

    ``cells`` are texts and values as they were typed, by column; ``values`` what is imported; ``match`` the model and
    id of a record, and ``match_row`` the number of a row, that say the same; ``words`` tell so.
    """

    kind: str
    number: int
    cells: dict
    positions: dict
    name: str = ""
    values: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
    remarks: list = field(default_factory=list)
    match: tuple = ()
    match_row: int = 0
    words: str = ""
