from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

from odoo.addons.sales_management.const import EXPIRED_SHOWN_DAYS, EXPIRY_NOTICE_DAYS, UNTOUCHED_DAYS

from .sales_today import FEW_ROWS, QUIET, QUOTES, UNTOUCHED


class SalesToday(models.AbstractModel):
    """Deals that nobody looks after, and quotations that expire."""

    _inherit = "sales.today"

    # === Sections === #

    @api.model
    def _get_today_sections(self):
        return [
            *super()._get_today_sections(),
            self._get_quiet_section(),
            self._get_quote_section(),
            self._get_untouched_section(),
        ]

    @api.model
    def _get_quiet_section(self):
        leads, count = self._search_counted(
            "crm.lead",
            self._get_quiet_domain() & Domain("user_id", "=", self.env.uid),
            "last_contact_at, id",
            rows=FEW_ROWS,
        )
        rows = [
            self._prepare_row(
                "quiet",
                lead,
                lead.name,
                lead,
                when=self._describe_last_contact(lead),
                tone="info",
                actions=[
                    self._prepare_plan_action(lead),
                    self._prepare_call_action(),
                    *self._prepare_move_actions(lead),
                ],
            )
            for lead in leads
        ]
        title, headline = self.env._("Nothing Planned"), self.env._("%(count)s without a plan", count=count)
        return self._prepare_section("quiet", QUIET, title, headline, count, rows, "info")

    @api.model
    def _get_quote_section(self):
        orders, count = self._search_counted("sale.order", self._get_quote_domain(), "validity_date, id", rows=FEW_ROWS)
        rows = [
            self._prepare_row(
                "quote",
                order,
                order.name,
                order.opportunity_id,
                when=self._describe_expiry(order.validity_date),
                tone="danger" if order.validity_date < self._get_day().date else "warning",
                moment=format_date(self.env, order.validity_date),
                actions=[*self._get_quote_actions(order), self._prepare_call_action()],
            )
            for order in orders
        ]
        title, headline = self.env._("Quotations"), self.env._("%(count)s expiring", count=count)
        return self._prepare_section("quotes", QUOTES, title, headline, count, rows, "warning")

    @api.model
    def _get_quote_actions(self, order):
        """:return: what finishes the row of a quotation, beside a call. To override: add yours to ``super()``'s."""
        label = self.env._("Extend by 14 Days")
        return [self._prepare_method_action("extend", label, order, "action_extend_validity")]

    @api.model
    def _get_untouched_section(self):
        """Deals without a plan stand among those already. Classes come in their order: key accounts first."""
        unplanned = self.env["crm.lead"]._search(self._get_quiet_domain())
        leads, count = self._search_counted(
            "crm.lead",
            self.env["crm.lead"]._get_untouched_domain()
            & self._get_own_deal_domain()
            & Domain("id", "not in", unplanned),
            "deal_class_id, last_contact_at, id",
            rows=FEW_ROWS,
        )
        rows = [
            self._prepare_row(
                "untouched",
                lead,
                lead.name,
                lead,
                when=self._describe_last_contact(lead),
                actions=[
                    self._prepare_call_action(),
                    self._prepare_plan_action(lead),
                    *self._prepare_move_actions(lead),
                ],
            )
            for lead in leads
        ]
        title = self.env._("Untouched for %(count)s Days", count=UNTOUCHED_DAYS)
        headline = self.env._("%(count)s untouched", count=count)
        return self._prepare_section("untouched", UNTOUCHED, title, headline, count, rows)

    # === Domains === #

    @api.model
    def _get_quiet_domain(self):
        leads = self.env["crm.lead"]
        return leads._get_unplanned_domain() & leads._get_process_domain()

    @api.model
    def _get_quote_domain(self):
        today = self._get_day().date
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_process_enabled")
        return (
            Domain("user_id", "=", self.env.uid)
            & Domain("state", "in", ("draft", "sent"))
            & Domain("company_id", "in", list(enabled))
            & Domain("validity_date", ">=", today - timedelta(days=EXPIRED_SHOWN_DAYS))
            & Domain("validity_date", "<=", today + timedelta(days=EXPIRY_NOTICE_DAYS))
        )

    # === Words === #

    @api.model
    def _describe_last_contact(self, lead):
        if not lead.last_contact_at:
            return self.env._("no contact yet")
        days = (self._get_day().date - fields.Datetime.context_timestamp(self, lead.last_contact_at).date()).days
        if days <= 0:
            return self.env._("last contact today")
        return self.env._("last contact %(count)s d ago", count=days)

    @api.model
    def _describe_expiry(self, date):
        days = (date - self._get_day().date).days
        if days < 0:
            return self.env._("expired %(count)s d ago", count=-days)
        if days == 0:
            return self.env._("expires today")
        if days == 1:
            return self.env._("expires tomorrow")
        return self.env._("expires in %(count)s d", count=days)
