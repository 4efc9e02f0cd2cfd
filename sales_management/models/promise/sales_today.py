from odoo import api, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

#: After approvals, before what is quiet.
DELIVERIES = 28


class SalesToday(models.AbstractModel):
    """Committed deliveries of this user that can no longer be held, answered from their rows."""

    _inherit = "sales.today"

    @api.model
    def _get_today_sections(self):
        sections = super()._get_today_sections()
        if not self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled"):
            return sections
        domain = self._get_risk_domain()
        lines, count = self._search_counted("sale.order.line", domain, "promise_committed_date, id")
        return [
            *sections,
            self._prepare_section(
                "deliveries",
                DELIVERIES,
                self.env._("Deliveries at Risk"),
                self.env._("1 delivery at risk")
                if count == 1
                else self.env._("%(count)s deliveries at risk", count=count),
                count,
                [self._prepare_risk_row(line) for line in lines],
                "danger",
            ),
        ]

    @api.model
    def _get_risk_domain(self):
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        return (
            Domain("promise_state", "=", "at_risk")
            & Domain("state", "in", ("draft", "sent", "sale"))
            & Domain("company_id", "in", list(enabled))
            & Domain("salesman_id", "=", self.env.uid)
        )

    @api.model
    def _prepare_risk_row(self, line):
        order = line.order_id
        actions = [self._prepare_method_action("open", self.env._("Open"), line, "action_open_order")]
        if line.promise_date:
            label = self.env._("Take %(date)s", date=format_date(self.env, line.promise_date))
            take = self._prepare_method_action("take", label, line, "action_take_promised_date")
            actions = [take, *actions]
        title = self.env._(
            "%(product)s · %(order)s · %(customer)s",
            product=line.product_id.display_name,
            order=order.name,
            customer=order.partner_id.commercial_partner_id.name or order.partner_id.name or "",
        )
        return {
            **self._prepare_row(
                "delivery",
                line,
                title,
                order.opportunity_id,
                when=self._describe_slip(line),
                tone="danger",
                moment=format_date(self.env, line.promise_committed_date),
                actions=actions,
            ),
            "note": line.promise_cause or "",
        }

    @api.model
    def _describe_slip(self, line):
        """:return: from which date to which, in words"""
        old = format_date(self.env, line.promise_committed_date)
        if not line.promise_date:
            return self.env._("committed %(old)s, no new date known", old=old)
        return self.env._("%(old)s → %(new)s", old=old, new=format_date(self.env, line.promise_date))
