"""Amounts in capitals, read back by another way than they are written."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.sales_management.tools.capital_amount import LIMIT, get_capital_amount

DIGITS = dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True))
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read_integer(text):
    """Read from the left, as a person does."""
    total = section = digit = 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in PLACES:
            section, digit = section + digit * PLACES[char], 0
        elif char == "万":
            section, digit = (section + digit) * 10_000, 0
        elif char == "亿":
            total, section, digit = (section + digit) * 100_000_000, 0, 0
    return total + section + digit


def read(text):
    sign = -1 if text.startswith("负") else 1
    text = text.removeprefix("负").removesuffix("整")
    yuan, _mark, cents = text.rpartition("元")
    jiao = DIGITS[cents[cents.index("角") - 1]] if "角" in cents else 0
    fen = DIGITS[cents[cents.index("分") - 1]] if "分" in cents else 0
    return sign * (read_integer(yuan) + Decimal(10 * jiao + fen) / 100)


@tagged("post_install", "-at_install", "quotation")
class TestCapitalAmount(BaseCase):
    @given(st.integers(-(LIMIT * 100 - 1), LIMIT * 100 - 1))
    def test_every_amount_reads_back(self, cents):
        amount = Decimal(cents) / 100
        self.assertEqual(read(get_capital_amount(amount)), amount)

    @given(st.integers(0, LIMIT - 1))
    def test_no_zero_is_said_twice_or_last(self, yuan):
        text = get_capital_amount(yuan)
        self.assertNotIn("零零", text)
        self.assertTrue(text.endswith("元整"))
        if yuan:
            self.assertNotIn("零元", text)
            self.assertNotIn("零万", text)
            self.assertNotIn("零亿", text)

    def test_amounts_as_banks_write_them(self):
        for amount, text in {
            "1680.32": "壹仟陆佰捌拾元叁角贰分",
            "107000.53": "壹拾万柒仟元伍角叁分",
            "6007.14": "陆仟零柒元壹角肆分",
            "325.04": "叁佰贰拾伍元零肆分",
            "20000000": "贰仟万元整",
            "100100000000": "壹仟零壹亿元整",
            "9999999999999999.99": "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
        }.items():
            with self.subTest(amount):
                self.assertEqual(get_capital_amount(amount), text)

    def test_what_cannot_be_written_is_refused(self):
        for amount in (LIMIT, "NaN", "Infinity", "1.005"):
            with self.subTest(amount), self.assertRaises(ValueError):
                get_capital_amount(amount)
