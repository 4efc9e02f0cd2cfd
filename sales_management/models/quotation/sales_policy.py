from datetime import timedelta

from odoo import api, fields, models


class SalesPolicy(models.Model):
    """How strictly quotations are tied to deals."""

    _inherit = "sales.policy"

    code = fields.Selection(
        selection_add=[("quotation_deal", "Quotations Belong to a Deal")], ondelete={"quotation_deal": "cascade"}
    )

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies._reevaluate_quotations()
        return policies

    def write(self, vals):
        # Before and after: the rule itself may be what is changed.
        were_asking = self._is_quotation_deal()
        result = super().write(vals)
        self._reevaluate_quotations(were_asking)
        return result

    def unlink(self):
        were_asking = self._is_quotation_deal()
        result = super().unlink()
        self.browse()._reevaluate_quotations(were_asking)
        return result

    def _is_quotation_deal(self):
        return "quotation_deal" in self.mapped("code")

    def _reevaluate_quotations(self, is_needed=False):
        if is_needed or self._is_quotation_deal():
            self.env["sale.order"]._reevaluate_deal_missing()

    # === Asking === #

    @api.model
    def _get_document_level(self, code, company, team, created_at):
        """How strictly a rule holds for a document that came into being at some moment: not asked by a policy that
        began later, so that what was there before stays as it is.

        :param str code: one of ``code``
        :param res.company company: company of the document
        :param crm.team team: its team, or none
        :param datetime created_at: when it came into being
        :return: ``off``, ``warn`` or ``block``; the strictest that applies
        :rtype: str
        """
        zone = company._get_sales_zone().zone
        created_on = fields.Datetime.context_timestamp(self.with_context(tz=zone), created_at).date()
        today = self._get_today(company.id)
        found = {
            level
            for level, company_id, team_ids, active_from in self._get_active_policies(code)
            if company_id in (False, company.id)
            and (not team_ids or team.id in team_ids)
            and active_from <= min(created_on, today)
        }
        return next((level for level in ("block", "warn") if level in found), "off")

    # === Figures === #

    def _get_would_stop(self):
        figures = super()._get_would_stop()
        policies = self.filtered(lambda policy: policy.code == "quotation_deal")
        if policies:
            orders = policies._get_recent_quotations()
            lacking = orders.filtered(lambda order: order.opportunity_id.type != "opportunity")
            lacking -= self.env["sales.quotation.exemption"]._filter_exempt(lacking)
            for policy in policies:
                scope = orders.filtered(policy._covers_quotation)
                figures[policy] = (len(scope & lacking), len(scope))
        return figures

    def _covers_quotation(self, order):
        return (not self.company_id or order.company_id == self.company_id) and (
            not self.team_ids or order.team_id in self.team_ids
        )

    def _get_recent_quotations(self):
        """:return: quotations of the last 30 days, as they were first made
        :rtype: sale.order
        """
        company_ids = self.env["res.company"]._get_enabled_company_ids("sales_quotation_enabled")
        # sudo: the figure is that of the whole company, to whoever may see the settings.
        return (
            self.env["sale.order"]
            .sudo()
            .search_fetch(
                [
                    ("company_id", "in", list(company_ids)),
                    ("create_date", ">=", fields.Datetime.now() - timedelta(days=30)),
                    ("is_current_revision", "=", True),
                ],
                ["opportunity_id", "company_id", "team_id", "partner_id"],
            )
        )
