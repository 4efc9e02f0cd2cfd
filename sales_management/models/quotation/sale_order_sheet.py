from odoo import fields, models
from odoo.tools import html2plaintext

from odoo.addons.sales_management.tools.qr_code import make_qr_png
from odoo.addons.sales_management.tools.quotation_sheet import Column, Row, Sheet, Total, make_workbook


class SaleOrder(models.Model):
    """Quotations as workbooks: what the printed copy says, in the language of the customer."""

    _inherit = "sale.order"

    def _make_sheet(self):
        """:return: this quotation as an Excel file
        :rtype: bytes
        """
        self.ensure_one()
        order = self.with_context(lang=self.partner_id.lang or self.env.lang)
        return make_workbook(order._prepare_sheet())

    def _prepare_sheet(self):
        """What the workbook holds. To override: extend ``super()``'s.

        :rtype: Sheet
        """
        company = self.company_id.sudo()  # sudo: as printed on every document
        currency = self.currency_id
        is_used = self._is_paper_used()
        has_code = is_used and company.quotation_qr
        capitals = is_used and company.quotation_capitals and self._is_chinese_copy() and self._get_capital_amount()
        lines = self._get_order_lines_to_report()
        shown = {"discount": any(line.discount for line in lines), "taxes": any(line._has_taxes() for line in lines)}
        return Sheet(
            name=self.name,
            company=[company.name, *self._split_address(company.partner_id), *filter(None, [company.vat])],
            title=f"{self.type_name} {self.name}",
            facts=[(label, value) for label, value in self._get_sheet_facts() if value],
            columns=self._get_sheet_columns(shown),
            rows=self._get_sheet_rows(lines, shown),
            totals=self._get_sheet_totals(),
            words=[(self.env._("Total in Words (Tax Included)"), capitals)] if capitals else [],
            notes=self._get_sheet_notes(),
            picture=make_qr_png(self._get_quotation_page_url()) if has_code else None,
            caption=self.env._("Scan: is this the valid quotation?"),
            amount_decimals=currency.decimal_places,
            price_decimals=self.env["decimal.precision"].precision_get("Product Price"),
        )

    # === Parts === #

    def _get_sheet_facts(self):
        # sudo: who may hand a quotation over may print the addresses on it.
        order = self.sudo()
        partner = order.partner_id
        is_offer = self.state in ("draft", "sent")
        facts = [
            (self.env._("Customer"), "\n".join([partner.display_name, *self._split_address(partner)])),
            (self.env._("Tax ID"), partner.vat),
        ]
        for other, label in (
            (order.partner_invoice_id, self.env._("Invoicing Address")),
            (order.partner_shipping_id, self.env._("Shipping Address")),
        ):
            if other != partner:
                facts.append((label, "\n".join([other.display_name, *self._split_address(other)])))
        return [
            *facts,
            (self.env._("Number"), self.name),
            (self.env._("Revision"), str(self.quotation_revision)),
            (self.env._("Deal Number"), self.deal_number),
            (self.env._("Your Reference"), self.client_order_ref),
            (self.env._("Date"), self._get_local_date(self.date_order)),
            (self.env._("Valid Until"), is_offer and self.validity_date),
            (self.env._("Delivery Date"), self._get_local_date(self.commitment_date)),
            (self.env._("Salesperson"), order.user_id.name),
            (self.env._("Payment Terms"), order.payment_term_id.name),
        ]

    def _get_sheet_columns(self, shown):
        currency = self.currency_id.name
        return [
            Column(self.env._("Description"), "text"),
            Column(self.env._("Quantity"), "number"),
            Column(self.env._("Unit"), "words"),
            Column(self.env._("Unit Price (%(currency)s)", currency=currency), "price"),
            *([Column(self.env._("Discount (%)"), "percent")] if shown["discount"] else []),
            *([Column(self.env._("Taxes"), "words")] if shown["taxes"] else []),
            Column(self.env._("Amount Without Tax (%(currency)s)", currency=currency), "amount"),
        ]

    def _get_sheet_rows(self, lines, shown):
        rows = []
        for line in lines:
            if line.collapse_composition:
                rows += self._get_sheet_summary_rows(line, shown)
            else:
                rows.append(self._get_sheet_row(line, shown))
        return rows

    def _get_sheet_row(self, line, shown):
        """A line as the printed copy shows it; what that one hides is hidden here."""
        round_amount = self.currency_id.round
        is_hidden = line.parent_id.collapse_prices or line.parent_id.parent_id.collapse_prices
        if line.display_type == "line_note":
            return self._prepare_sheet_row(shown, line.name, style="note")
        if line.display_type:
            is_shown = line.display_type == "line_section" or not line.parent_id.collapse_prices
            amount = round_amount(line._get_section_totals("price_subtotal")) if is_shown else None
            return self._prepare_sheet_row(shown, line.name, amount=amount, style="section")
        if line.product_type == "combo":
            amount = None if is_hidden else round_amount(line._get_combo_totals("price_subtotal"))
            return self._prepare_sheet_row(shown, line.name, line.product_uom_qty, amount=amount, style="section")
        return self._prepare_sheet_row(
            shown,
            line.name,
            line.product_uom_qty,
            line.product_uom_id.name,
            price=None if is_hidden else line.price_unit,
            discount=None if is_hidden else line.discount or None,
            taxes=self._join_tax_labels(tax.tax_label for tax in line.tax_ids),
            amount=None if is_hidden or line.is_downpayment else line.price_subtotal,
        )

    def _get_sheet_summary_rows(self, section, shown):
        """A section of which only the sums are shown, one for each tax."""
        round_amount = self.currency_id.round
        return [
            self._prepare_sheet_row(
                shown,
                section.name,
                1.0,
                price=round_amount(summary["price_subtotal"]),
                taxes=self._join_tax_labels(summary["tax_labels"]),
                amount=round_amount(summary["price_subtotal"]),
                style="section",
            )
            for summary in section._get_grouped_section_summary(shown["taxes"])
        ]

    @staticmethod
    def _prepare_sheet_row(
        shown, name, quantity=None, unit=None, price=None, discount=None, taxes=None, amount=None, style="line"
    ):
        return Row(
            [
                name or "",
                quantity,
                unit,
                price,
                *([discount] if shown["discount"] else []),
                *([taxes] if shown["taxes"] else []),
                amount,
            ],
            style,
        )

    def _get_sheet_totals(self):
        totals = self.tax_totals
        rows = []
        for subtotal in totals["subtotals"]:
            rows.append(Total(subtotal["name"], subtotal["base_amount_currency"]))
            rows += [Total(group["group_name"], group["tax_amount_currency"]) for group in subtotal["tax_groups"]]
        if "cash_rounding_base_amount_currency" in totals:
            rows.append(Total(self.env._("Rounding"), totals["cash_rounding_base_amount_currency"]))
        label = self.env._("Total, Tax Included (%(currency)s)", currency=self.currency_id.name)
        return [*rows, Total(label, totals["total_amount_currency"], is_bold=True)]

    def _get_sheet_notes(self):
        order = self.sudo()  # sudo: as in _get_sheet_facts
        texts = (order.note, order.payment_term_id.note, order.fiscal_position_id.note)
        return [plain for text in texts if (plain := html2plaintext(text or "").strip())]

    # === Tools === #

    @staticmethod
    def _join_tax_labels(labels):
        return ", ".join(filter(None, labels)) or None

    @staticmethod
    def _split_address(partner):
        address = partner._display_address(without_company=True)
        return [line.strip() for line in address.split("\n") if line.strip()]

    def _get_local_date(self, moment):
        return moment and fields.Datetime.context_timestamp(self, moment).date()
