from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

from .res_partner_certificates_panel import DAYS

#: Of what is suggested for customers that are leaving, how sure it is.
LEAVING = frozenset({"slowing", "at_risk", "lost"})


class NextAction(NamedTuple):
    """What is to be done next for a customer.

    :param str text: in one line
    :param date | None day: when, none for as soon as may be
    :param str model: of the document that it is about
    :param int res_id: of the document; 0 where there is none
    :param bool is_planned: whether somebody planned it, else it is suggested by rule
    """

    text: str
    day: date | None = None
    model: str = ""
    res_id: int = 0
    is_planned: bool = False


class ResPartner(models.Model):
    """The next step with a customer: what somebody planned for it, its people and open deals, else what a rule says."""

    _inherit = "res.partner"

    next_action = fields.Char(
        string="Next Step",
        compute="_compute_next_action",
        groups="base.group_user",
        help="The earliest to-do on the customer, its contacts and open deals that you may see. Without any, what a "
        "rule suggests: a certificate that expires, a tier that asks for a contact, an order that is overdue by the "
        "customer's own rhythm, a deal without a next step.",
    )
    next_action_date = fields.Date(
        string="Next Step On", compute="_compute_next_action", groups="base.group_user", help="When it is due."
    )
    has_next_action = fields.Boolean(
        string="Next Step Is Planned",
        compute="_compute_next_action",
        groups="base.group_user",
        help="Somebody planned it. Else it is only suggested.",
    )

    # === Computes === #

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "lang", "tz", "allowed_company_ids")
    def _compute_next_action(self):
        is_used = self.env.company.id in self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled")
        actions = self._origin.commercial_partner_id._get_next_actions() if is_used else {}
        for partner in self:
            action = actions.get(partner._origin.commercial_partner_id, NextAction(""))
            partner.next_action = action.text
            partner.next_action_date = action.day
            partner.has_next_action = action.is_planned

    # === Panel === #

    def _get_panel_facts(self):
        facts = super()._get_panel_facts()
        if self.last_contact_at:
            moment = fields.Datetime.context_timestamp(self, self.last_contact_at)
            days = (fields.Date.context_today(self) - moment.date()).days
            figure = self.env._(
                "%(date)s · %(days)s days ago", date=format_date(self.env, moment.date()), days=max(days, 0)
            )
            facts.append(self._prepare_panel_row("contact", self.env._("Last Contact"), figure))
        if self.next_action:
            day = self.next_action_date
            figure = f"{format_date(self.env, day)} · {self.next_action}" if day else self.next_action
            is_late = day and day < fields.Date.context_today(self)
            title = self.env._("Next Step") if self.has_next_action else self.env._("Next Step, Suggested")
            facts.append(self._prepare_panel_row("next_action", title, figure, "danger" if is_late else ""))
        return facts

    def action_open_customer_panel(self, code):
        if code != "next_action":
            return super().action_open_customer_panel(code)
        self.ensure_one()
        self.check_access("read")
        action = self._get_next_actions().get(self)
        if not action or not action.res_id or (action.model, action.res_id) == (self._name, self.id):
            return False
        return {
            "type": "ir.actions.act_window",
            "res_model": action.model,
            "res_id": action.res_id,
            "views": [[False, "form"]],
        }

    # === Next Steps === #

    def _get_next_actions(self):
        """What is to be done next, in as many queries for one customer as for a list of them.

        :return: by customer
        :rtype: dict[res.partner, NextAction]
        """
        if not self.ids:
            return {}
        deals = self._get_open_deals()
        actions = self._get_planned_actions(deals)
        rest = self.filtered(lambda partner: partner not in actions)
        for partner in rest:
            actions[partner] = NextAction(self.env._("No next step"))
        if rest:
            # The last one that knows something wins.
            for suggest in rest._get_action_suggestions():
                actions |= suggest(deals)
        return actions

    def _get_action_suggestions(self):
        """What suggests a next step where nobody planned one, the most urgent last. To override: add yours.

        :return: methods that take the open deals and return ``dict[res.partner, NextAction]``, at one query each
        :rtype: list
        """
        return [
            self._suggest_deal_step,
            self._suggest_order_call,
            self._suggest_contact,
            self._suggest_certificate,
        ]

    def _get_open_deals(self):
        """:return: open deals that the user may read, by customer
        :rtype: dict[res.partner, crm.lead]
        """
        leads = self.env["crm.lead"]
        if not leads.has_access("read"):
            return {}
        domain = [
            ("partner_id.commercial_partner_id", "in", self.ids),
            ("type", "=", "opportunity"),
            ("won_status", "=", "pending"),
            ("active", "=", True),
            ("company_id", "in", [False, *self.env.companies.ids]),
        ]
        found = leads.search_fetch(domain, ["partner_id", "name"])
        # sudo: whose deal it is follows from its contact, which the reader of a deal need not see
        return found.grouped(lambda lead: lead.partner_id.sudo().commercial_partner_id.sudo(False))

    def _get_planned_actions(self, deals):
        # Not through the archived ones: nobody calls them.
        people = self.search_fetch([("commercial_partner_id", "in", self.ids)], ["commercial_partner_id"])
        owners = {("res.partner", person.id): person.commercial_partner_id for person in people}
        names = {}
        for partner, leads in deals.items():
            owners |= {("crm.lead", lead.id): partner for lead in leads}
            names |= {lead.id: lead.name for lead in leads}
        ids = defaultdict(list)
        for model, res_id in owners:
            ids[model].append(res_id)
        domain = Domain.OR(
            Domain("res_model", "=", model) & Domain("res_id", "in", res_ids) for model, res_ids in ids.items()
        )
        # sudo: to-dos are read by who reads their document, which was searched with the rights of the user
        activities = (
            self.env["mail.activity"]
            .sudo()
            .search_fetch(
                domain,
                ["res_model", "res_id", "summary", "activity_type_id", "date_deadline"],
                order="date_deadline, id",
            )
        )
        actions = {}
        for activity in activities:
            partner = owners[activity.res_model, activity.res_id]
            if partner not in actions:
                text = activity.summary or activity.activity_type_id.name or self.env._("To-do")
                if activity.res_model == "crm.lead":
                    text = self.env._("%(step)s · %(deal)s", step=text, deal=names[activity.res_id])
                actions[partner] = NextAction(
                    text, activity.date_deadline, activity.res_model, activity.res_id, is_planned=True
                )
        return actions

    # === Suggestions === #

    def _suggest_deal_step(self, deals):
        return {
            partner: NextAction(
                self.env._("Plan the next step of %(deal)s", deal=deals[partner][:1].name),
                None,
                "crm.lead",
                deals[partner][:1].id,
            )
            for partner in self
            if partner in deals
        }

    def _suggest_order_call(self, _deals):
        today = fields.Date.context_today(self)
        return {
            partner: NextAction(
                self.env._(
                    "Call: it usually orders every %(cycle)s days, and has not for %(days)s",
                    cycle=partner.usual_cycle_days,
                    days=(today - partner.last_order_date).days,
                )
            )
            for partner in self
            if partner.churn_state in LEAVING and partner.last_order_date and partner.usual_cycle_days
        }

    def _suggest_contact(self, _deals):
        now, actions = fields.Datetime.now(), {}
        for partner in self.filtered("customer_tier_id"):
            days, since = partner.customer_tier_id.contact_days, partner.last_contact_at or partner.create_date
            if days and since and (now - since).days >= days:
                text = self.env._("Call: no contact for %(days)s days", days=(now - since).days)
                due = fields.Datetime.context_timestamp(self, since).date() + timedelta(days=days)
                actions[partner] = NextAction(text, due)
        return actions

    def _suggest_certificate(self, _deals):
        certificates = self.env["sales.customer.certificate"]
        if not certificates.has_access("read"):
            return {}
        today = fields.Date.context_today(self)
        domain = [
            ("commercial_partner_id", "in", self.ids),
            ("valid_to", "<=", today + timedelta(days=DAYS)),
            ("is_renewed", "=", False),
        ]
        actions = {}
        for record in certificates.search_fetch(domain, order="valid_to, id"):
            partner = record.commercial_partner_id
            if partner not in actions:
                name = record.display_name
                if record.valid_to < today:
                    text = self.env._("%(certificate)s has expired: ask for the new one", certificate=name)
                else:
                    text = self.env._("%(certificate)s expires: ask for the new one", certificate=name)
                actions[partner] = NextAction(text, record.valid_to, record._name, record.id)
        return actions
