from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sales_management.const import UNTOUCHED_DAYS


class CrmLead(models.Model):
    """Open deals that nobody is looking after."""

    _inherit = "crm.lead"

    is_deal_unplanned = fields.Boolean(
        string="Nothing Planned",
        compute="_compute_is_deal_unplanned",
        search="_search_is_deal_unplanned",
        help="Open, with no activity, no open to-do and no next step.",
    )
    is_deal_untouched = fields.Boolean(
        string="Untouched",
        compute="_compute_is_deal_untouched",
        search="_search_is_deal_untouched",
        help="Open, and for 14 days no contact with the customer, no stage move and no message or note.",
    )

    # === Computes === #

    @api.depends("activity_ids", "deal_next_step", "won_status", "active")
    def _compute_is_deal_unplanned(self):
        found = self._filter_attention(self._get_unplanned_domain())
        for lead in self:
            lead.is_deal_unplanned = lead._origin in found

    def _search_is_deal_unplanned(self, operator, value):
        return self._get_unplanned_domain() if operator == "in" else NotImplemented

    @api.depends("last_contact_at", "date_last_stage_update", "message_ids", "won_status", "active")
    def _compute_is_deal_untouched(self):
        found = self._filter_attention(self._get_untouched_domain())
        for lead in self:
            lead.is_deal_untouched = lead._origin in found

    def _search_is_deal_untouched(self, operator, value):
        return self._get_untouched_domain() if operator == "in" else NotImplemented

    # === Domains === #

    @api.model
    def _get_open_deal_domain(self):
        return Domain("type", "=", "opportunity") & Domain("active", "=", True) & Domain("won_status", "=", "pending")

    @api.model
    def _get_process_domain(self):
        """Leads whose company uses the staged process, as :meth:`_get_process_company` tells it."""
        ids = list(self.env["res.company"]._get_enabled_company_ids("sales_process_enabled"))
        of_user = Domain("user_id", "any!", [("company_id", "in", ids)])
        if self.env.user.company_id.id in ids:
            of_user |= Domain("user_id", "=", False)
        of_team = Domain("team_id", "any!", [("company_id", "in", ids)])
        no_team = Domain("team_id", "=", False) | Domain("team_id", "any!", [("company_id", "=", False)])
        return Domain("company_id", "in", ids) | (Domain("company_id", "=", False) & (of_team | (no_team & of_user)))

    @api.model
    def _get_unplanned_domain(self):
        # sudo: a plan is one, whoever carries it out.
        tasks = self.env["sales.deal.task"].sudo()._search([("state", "=", "open")])
        return (
            self._get_open_deal_domain()
            & Domain("deal_next_step", "=", False)
            & Domain("activity_ids", "not any", [("active", "=", True)])
            & Domain("id", "not in", tasks.subselect("lead_id"))
        )

    @api.model
    def _get_untouched_domain(self, days=UNTOUCHED_DAYS):
        moment = fields.Datetime.now() - timedelta(days=days)
        return (
            self._get_open_deal_domain()
            & Domain("create_date", "<", moment)
            & (Domain("date_last_stage_update", "=", False) | Domain("date_last_stage_update", "<", moment))
            & (Domain("last_contact_at", "=", False) | Domain("last_contact_at", "<", moment))
            & Domain("message_ids", "not any", self._get_touch_domain(moment))
        )

    @api.model
    def _get_touch_domain(self, moment):
        """Messages that people wrote since a moment, and activities that they did; not what a changed field logs."""
        return Domain("date", ">=", moment) & (
            Domain("message_type", "in", ("comment", "email", "email_outgoing", "sms"))
            | Domain("mail_activity_type_id", "!=", False)
        )

    def _filter_attention(self, domain):
        return self.search(Domain("id", "in", self._origin.ids) & domain)
