from odoo import models
from odoo.tools import float_repr

from odoo.addons.sales_management.tools.capital_amount import get_capital_amount
from odoo.addons.sales_management.tools.qr_code import make_qr_uri
from odoo.addons.sales_management.tools.server_fonts import get_chinese_families

#: Lines of a quotation that fill less than a page, so that no page goes without a mark.
LINES_PER_MARK = 6


class SaleOrder(models.Model):
    """What a copy bears beside the words of core: for the customer its code and seal, for the inside a mark."""

    _inherit = "sale.order"

    def _get_paper(self):
        """What the copy bears that is printed now.

        :return: ``marks``, numbers of the marks of a copy that may not leave; ``qr``, address of the picture of its
            code; ``seal``, picture of the seal; ``capitals``, its total written out; ``fonts`` of a Chinese copy. What
            it does not bear is false.
        :rtype: dict
        """
        self.ensure_one()
        paper = dict.fromkeys(("marks", "qr", "seal", "capitals", "fonts"), False)
        if not self._is_release_asked():
            return paper
        paper["marks"] = self._get_paper_marks()
        if self._is_paper_used():
            paper |= self._get_capability_paper()
        return paper

    def _get_paper_marks(self):
        """:return: numbers of the marks on a copy that may not leave; false for one that may, or bears other words
        :rtype: range | bool
        """
        # A copy that was replaced or cancelled says so itself.
        if self.state == "cancel" or not self.is_current_revision or self._filter_released():
            return False
        return range(3 + len(self.order_line) // LINES_PER_MARK)

    def _is_customer_copy(self):
        """Whether what is printed now may go to the customer."""
        return self.state != "cancel" and bool(self._filter_released())

    def _is_paper_used(self):
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_quotation_enabled")
        return self.company_id.id in enabled

    def _get_capability_paper(self):
        # sudo: the seal is drawn for whoever prints a released quotation, and its picture is nobody's to read.
        company = self.company_id.sudo()
        is_for_customer, is_chinese = self._is_customer_copy(), self._is_chinese_copy()
        return {
            "qr": is_for_customer and company.quotation_qr and make_qr_uri(self._get_quotation_page_url()),
            "seal": is_for_customer and company.quotation_seal,
            "capitals": is_chinese and company.quotation_capitals and self._get_capital_amount(),
            "fonts": is_chinese and get_chinese_families(),
        }

    def _is_chinese_copy(self):
        return (self.env.lang or "").startswith("zh")

    def _get_capital_amount(self):
        """:return: total with tax, written out; false for what is not written so
        :rtype: str | bool
        """
        currency = self.currency_id
        if currency.name != "CNY":
            return False
        try:
            return get_capital_amount(float_repr(currency.round(self.amount_total), 2))
        except ValueError:
            # Beyond the units that the language has.
            return False
