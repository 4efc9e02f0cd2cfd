"""Cells of every shape that people type. For pytest alone: Odoo's loader does not bring Hypothesis."""

import io
import string
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.customer_columns import KINDS
from odoo.addons.sales_management.tools.customer_sheet import find_header, find_kind, guess_kind, match_header
from odoo.addons.sales_management.tools.sheet_book import BookError, read_book
from odoo.addons.sales_management.tools.sheet_cell import (
    CellError,
    parse_answer,
    parse_day,
    parse_moment,
    parse_number,
    parse_text,
)

DAY = datetime(2024, 1, 1)
DAYS = st.dates(date(1901, 1, 1), date(2198, 12, 31))
MOMENTS = st.datetimes(datetime(1901, 1, 1), datetime(2198, 12, 31)).map(lambda moment: moment.replace(microsecond=0))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,200.50", 1200.5),
        ("1.200,50", 1200.5),
        ("1 200,5 €", 1200.5),
        ("¥1,200", 1200),
        ("￥１，２００", 1200),
        ("1.2万", 12000),
        ("12万元", 120000),
        ("3亿", 3e8),
        ("人民币 5,000 元整", 5000),
        ("USD 1,000,000", 1e6),
        ("1.000.000", 1e6),
        ("1,5", 1.5),
        ("0.125", 0.125),
        ("-7", -7),
        ("(7)", -7),
        ("30%", 0.3),
        ("5k", 5000),
        (".5", 0.5),
        (1200, 1200),
        (0, 0),
        ("", None),
        (None, None),
        ("  ", None),
    ],
)
def test_number(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "a lot",
        "1,2,3",
        "1.2.3.4",
        "12,34.5",
        "--1",
        "元",
        "1e5",
        "1/2",
        "∞",
        float("nan"),
        float("inf"),
        True,
        datetime(2024, 1, 1),
        "9" * 20,
    ],
)
def test_no_number(text):
    with pytest.raises(CellError):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-03-05", datetime(2024, 3, 5)),
        ("2024/3/5 8:05", datetime(2024, 3, 5, 8, 5)),
        ("2024.03.05", datetime(2024, 3, 5)),
        ("5.3.2024", datetime(2024, 3, 5)),
        ("31/12/2024", datetime(2024, 12, 31)),
        ("12/31/2024", datetime(2024, 12, 31)),
        ("5/5/2024", datetime(2024, 5, 5)),
        ("20240305", datetime(2024, 3, 5)),
        (20240305, datetime(2024, 3, 5)),
        (45356, datetime(2024, 3, 5)),
        ("45356", datetime(2024, 3, 5)),
        (45356.75, datetime(2024, 3, 5, 18)),
        ("2024年3月5日", datetime(2024, 3, 5)),
        ("2024年03月05号 星期二", datetime(2024, 3, 5)),
        ("２０２４年３月５日 下午２：３０", datetime(2024, 3, 5, 14, 30)),
        ("2024年3月5日 14时30分15秒", datetime(2024, 3, 5, 14, 30, 15)),
        ("2024年3月5日晚上11点", datetime(2024, 3, 5, 23)),
        ("2024-03-05 12:10 am", datetime(2024, 3, 5, 0, 10)),
        ("2024-03-05 12:10 PM", datetime(2024, 3, 5, 12, 10)),
        ("2024-03-05T14:30:00.123", datetime(2024, 3, 5, 14, 30)),
        ("2024-03-05T14:30:00Z", datetime(2024, 3, 5, 14, 30, tzinfo=UTC)),
        ("2024-03-05T23:30:00-0500", datetime(2024, 3, 6, 4, 30, tzinfo=UTC)),
        ("", None),
        (None, None),
    ],
)
def test_moment(text, moment):
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2024-13-01",
        "2024-02-30",
        "24-03-05",
        "3月5日",
        "2024",
        "1/2/2024",
        "0",
        0,
        -5,
        1e300,
        float("nan"),
        True,
        "2024-03-05 25:00",
        "2024-03-05 later",
        "9999-12-31",
        "0001-01-01",
        timedelta(hours=3),
        "#N/A",
    ],
)
def test_no_moment(text):
    with pytest.raises(CellError):
        parse_moment(text)


@given(DAYS)
def test_day_survives_however_it_is_written(day):
    assert parse_day(day) == parse_day(day.isoformat()) == day
    assert parse_day(f"{day.year}年{day.month}月{day.day}日") == day
    assert parse_day(f"{day.day}.{day.month}.{day.year}") == day
    assert parse_day((day - date(1899, 12, 30)).days) == day


@given(MOMENTS)
def test_moment_survives_however_it_is_written(moment):
    assert parse_moment(moment) == parse_moment(moment.isoformat()) == moment
    assert parse_moment(moment.strftime("%Y/%m/%d %H:%M:%S")) == moment
    serial = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    assert parse_moment(serial) == moment


@given(st.integers(-(10**9), 10**9), st.integers(0, 99))
def test_number_survives_however_it_is_written(whole, cents):
    number = round(whole + (cents if whole >= 0 else -cents) / 100, 2)
    for text in (f"{number:,.2f}", f"¥{number:.2f}", f"{number:,.2f} 元"):
        assert parse_number(text.replace("¥-", "-¥")) == pytest.approx(number)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.datetimes(), st.none()))
def test_no_cell_makes_more_than_one_kind_of_trouble(value):
    for parse in (parse_text, parse_number, parse_answer, parse_day, parse_moment):
        try:
            parse(value)
        except CellError as error:
            assert error.kind in {"number", "date", "ambiguous", "answer"}


@given(st.text())
def test_text_is_clean_and_stays_so(text):
    clean = parse_text(text)
    assert clean == clean.strip() == parse_text(clean)
    assert not any(sign in clean for sign in "\0\u200b\ufeff")


@given(st.lists(st.lists(st.one_of(st.text(string.printable), st.integers(), st.none()), max_size=5), max_size=8))
def test_headers_are_looked_for_in_anything(rows):
    numbered = list(enumerate(rows, 1))
    guess_kind(numbered)
    for kind in KINDS.values():
        index = find_header(kind, numbered)
        if index is not None:
            columns, unknown = match_header(kind, rows[index])
            assert len({column.key for column in columns.values()}) == len(columns)
            assert not columns.keys() & unknown.keys()


def test_titles_lead_to_their_own_columns():
    for kind in KINDS.values():
        for language in (0, 1):
            assert find_kind(kind.titles[language]) is kind
            titles = [column.titles[language] for column in kind.columns]
            found, unknown = match_header(kind, titles)
            assert [column.key for column in found.values()] == [column.key for column in kind.columns]
            assert not unknown
            assert guess_kind([(1, titles)]) is kind


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reader(content):
    try:
        read_book(content, "x.xlsx", 100)
    except BookError as error:
        assert error.kind


@given(st.binary(max_size=300))
def test_nor_one_that_begins_as_a_workbook(content):
    with pytest.raises(BookError):
        read_book(b"PK\x03\x04" + content, "x.xlsx", 100)


def test_rows_keep_their_numbers():
    book = openpyxl.Workbook()
    book.active["B2"], book.active["B9"], book.active["C9"] = "Name", "Bolt", datetime(2024, 3, 5)
    stream = io.BytesIO()
    book.save(stream)
    (sheet,) = read_book(stream.getvalue(), "x.xlsx", 100)
    assert sheet.rows == [(2, [None, "Name"]), (9, [None, "Bolt", datetime(2024, 3, 5)])]
