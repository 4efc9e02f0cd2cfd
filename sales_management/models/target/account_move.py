from odoo import fields, models
from odoo.fields import Domain


class AccountMove(models.Model):
    """When an invoice or credit note counts, where its own period is closed."""

    _inherit = "account.move"

    sales_counted_on = fields.Date(
        string="Counts for Sales On",
        readonly=True,
        copy=False,
        help="An invoice or credit note that was posted into a period whose targets were closed counts on the day of "
        "its posting. Empty: on its own date.",
    )

    # === ORM === #

    def _post(self, soft=True):
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_target_enabled")
        # What was posted before was told with its own period.
        fresh = self.filtered(lambda move: move.company_id.id in enabled and not move.posted_before)
        posted = super()._post(soft)
        (posted & fresh)._count_later()
        return posted

    # === Closed periods === #

    def _count_later(self):
        """Let those of these invoices count today whose own period is closed."""
        sales = self.filtered(lambda move: move.is_sale_document(include_receipts=True) and move.invoice_date)
        if not sales:
            return
        days = {(move.company_id, move.invoice_date) for move in sales}
        targets = self.env["sales.target"]
        # sudo: whoever posts invoices need not read targets.
        closed = targets.sudo().search_fetch(
            Domain("state", "=", "closed")
            & Domain.OR(
                Domain("company_id", "=", company.id) & Domain("date_from", "<=", day) & Domain("date_to", ">=", day)
                for company, day in days
            ),
            ["company_id", "date_from", "date_to"],
        )
        for company, day in days:
            if any(target.company_id == company and target.date_from <= day <= target.date_to for target in closed):
                moves = sales.filtered(lambda move, key=(company, day): (move.company_id, move.invoice_date) == key)
                moves.sales_counted_on = company._get_sales_today()
