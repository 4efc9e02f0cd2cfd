from odoo import api, fields, models

from odoo.addons.sales_management.tools.sales_period import get_period


class SalesScorecardMake(models.TransientModel):
    """Scorecards of a period for everybody of the teams."""

    _name = "sales.scorecard.make"
    _description = "Make Scorecards"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    period_kind = fields.Selection([("month", "Month"), ("quarter", "Quarter")], required=True, default="month")
    date = fields.Date(
        string="Any Day of the Period",
        required=True,
        default=lambda self: self._get_last_month(),
        help="Drafts of the period are made anew; what is published stays.",
    )

    @api.model
    def _get_last_month(self):
        start = self.env.company.sales_month_start or 1
        return get_period("month", fields.Date.context_today(self), start).previous().start

    def action_apply(self):
        """Make them.

        :return: action that shows them
        :rtype: dict
        """
        self.ensure_one()
        cards = self.env["sales.scorecard"]._make(self.company_id, self.period_kind, self.date)
        return {
            **self.env["ir.actions.actions"]._for_xml_id("sales_management.sales_scorecard_action"),
            "domain": [("id", "in", cards.ids)],
            "context": {},
        }
