from odoo import api, fields, models


class SalesTarget(models.Model):
    """The figure that core shows on the card of a team: its invoicing target of the month."""

    _inherit = "sales.target"

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create(vals_list)
        targets._mirror()
        return targets

    def write(self, vals):
        result = super().write(vals)
        if {"amount", "metric", "period_kind", "date_from", "team_id"} & vals.keys():
            self._mirror()
        return result

    # === Mirror === #

    @api.model
    def _cron_mirror(self):
        """Give teams the target of the month that has begun."""
        companies = self._get_mirroring()
        today = fields.Date.today()
        self.search(
            [
                ("company_id", "in", companies.ids),
                ("metric", "=", "invoiced"),
                ("period_kind", "=", "month"),
                ("team_id", "!=", False),
                ("date_from", "<=", today),
                ("date_to", ">=", today),
            ]
        )._mirror()

    @api.model
    def _get_mirroring(self):
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_target_enabled")
        # sudo: which companies mirror their targets is the same for everybody.
        return self.env["res.company"].sudo().browse(enabled).filtered("sales_target_mirror")

    def _mirror(self):
        companies = self._get_mirroring()
        if not companies:
            return
        for target in self.filtered(lambda target: target.company_id in companies and target._is_teams_month()):
            # sudo: whoever sets the target of a team sets the figure that core shows of it.
            target.team_id.sudo().invoiced_target = target.amount

    def _is_teams_month(self):
        self.ensure_one()
        today = self.company_id._get_sales_today()
        is_whole_team = self.team_id and not (self.user_id or self.categ_id or self.country_id or self.state_id)
        is_month = self.metric == "invoiced" and self.period_kind == "month"
        return is_whole_team and is_month and self.date_from <= today <= self.date_to
