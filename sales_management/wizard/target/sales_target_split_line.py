from odoo import api, fields, models

from odoo.addons.sales_management.models.target.sales_target import PERIODS


class SalesTargetSplitLine(models.TransientModel):
    """One part of a target that is being split."""

    _name = "sales.target.split.line"
    _description = "Part of a Split"
    _order = "id"

    split_id = fields.Many2one("sales.target.split", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="split_id.currency_id")
    name = fields.Char(string="Part", compute="_compute_name")
    date_from = fields.Date(string="From", readonly=True)
    period_kind = fields.Selection(PERIODS, readonly=True)
    team_id = fields.Many2one("crm.team", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    categ_id = fields.Many2one("product.category", readonly=True)
    state_id = fields.Many2one("res.country.state", readonly=True)
    weight = fields.Float(
        digits=(16, 2), help="Its amount is to those of the others as its weight is to theirs. Change it as you like."
    )
    amount = fields.Monetary()
    existing_id = fields.Many2one("sales.target", string="There Already", readonly=True)
    is_kept = fields.Boolean(
        string="Keep", help="Its target is there already and stays as it is; the others share what is left."
    )

    # === Computes === #

    @api.depends("split_id.kind", "date_from", "team_id", "user_id", "categ_id", "state_id")
    @api.depends_context("lang")
    def _compute_name(self):
        fields_by_kind = {"team": "team_id", "person": "user_id", "category": "categ_id", "region": "state_id"}
        targets = self.env["sales.target"]
        for line in self:
            name = fields_by_kind.get(line.split_id.kind)
            period = targets._get_period_label(line.period_kind or "month", line.date_from)
            line.name = line[name].display_name if name else period

    # === Targets === #

    def _prepare_target(self):
        """:return: values of the part
        :rtype: dict
        """
        self.ensure_one()
        whole = self.split_id.target_id
        return {
            "parent_id": whole.id,
            "metric": whole.metric,
            "company_id": whole.company_id.id,
            "country_id": whole.country_id.id or self.state_id.country_id.id,
            "period_kind": self.period_kind,
            "date_from": self.date_from,
            "team_id": self.team_id.id,
            "user_id": self.user_id.id,
            "categ_id": self.categ_id.id or whole.categ_id.id,
            "state_id": self.state_id.id,
            "amount": self.amount,
        }
