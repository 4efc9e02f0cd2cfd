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
        actions = self._get_planned_actions()
        for name in self._get_action_suggestions():
            rest = self - self.browse(partner.id for partner in actions)
            if rest:
                actions |= getattr(rest, name)()
        return actions

    @api.model
    def _get_action_suggestions(self):
        """What suggests a next step where nobody planned one, the most urgent first. To override: add yours.

        :return: names of methods of customers that return ``dict[res.partner, NextAction]``, at a query or two each
        :rtype: list[str]
        """
        return [
            "_suggest_certificate",
            "_suggest_contact",
            "_suggest_order_call",
            "_suggest_deal_step",
            "_suggest_nothing",
        ]

    def _get_open_deal_domain(self):
        return [
            ("partner_id.commercial_partner_id", "in", self.ids),
            ("type", "=", "opportunity"),
            ("won_status", "=", "pending"),
            ("active", "=", True),
            ("company_id", "in", [False, *self.env.companies.ids]),
        ]

    def _get_planned_actions(self):
        # By subquery, with the rights of the user: only documents that have a to-do are read.
        documents = {"res.partner": self._search([("commercial_partner_id", "in", self.ids)])}
        if self.env["crm.lead"].has_access("read"):
            documents["crm.lead"] = self.env["crm.lead"]._search(self._get_open_deal_domain())
        domain = Domain.OR(
            Domain("res_model", "=", model) & Domain("res_id", "in", query) for model, query in documents.items()
        )
        # sudo: to-dos are read by who reads their document, which is searched with the rights of the user
        activities = (
            self.env["mail.activity"]
            .sudo()
            .search_fetch(
                domain,
                ["res_model", "res_id", "summary", "activity_type_id", "date_deadline"],
                order="date_deadline, id",
            )
        )
        ids = activities.grouped("res_model")
        people = self.browse(ids.get("res.partner", activities.browse()).mapped("res_id"))
        # sudo: whose deal it is follows from its contact, which the reader of a deal need not see
        leads = self.env["crm.lead"].sudo().browse(ids.get("crm.lead", activities.browse()).mapped("res_id"))
        records = {("res.partner", person.id): person for person in people}
        records |= {("crm.lead", lead.id): lead for lead in leads}
        actions = {}
        for activity in activities:
            record = records[activity.res_model, activity.res_id]
            person = record.partner_id if activity.res_model == "crm.lead" else record
            partner = self.browse(person.commercial_partner_id.id)
            if partner not in actions:
                actions[partner] = self._prepare_planned_action(activity, record)
        return actions

    @api.model
    def _prepare_planned_action(self, activity, record):
        text = activity.summary or activity.activity_type_id.name or self.env._("To-do")
        if activity.res_model == "crm.lead":
            text = self.env._("%(step)s · %(deal)s", step=text, deal=record.name)
        return NextAction(text, activity.date_deadline, activity.res_model, activity.res_id, is_planned=True)

    # === Suggestions === #

    def _suggest_nothing(self):
        return {partner: NextAction(self.env._("No next step")) for partner in self}

    def _suggest_deal_step(self):
        leads, actions = self.env["crm.lead"], {}
        if not leads.has_access("read"):
            return {}
        for lead in leads.search_fetch(self._get_open_deal_domain(), ["partner_id", "name"], order="id"):
            # sudo: as of what is planned
            partner = self.browse(lead.sudo().partner_id.commercial_partner_id.id)
            if partner not in actions:
                text = self.env._("Plan the next step of %(deal)s", deal=lead.name)
                actions[partner] = NextAction(text, None, "crm.lead", lead.id)
        return actions

    def _suggest_order_call(self):
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

    def _suggest_contact(self):
        now, actions = fields.Datetime.now(), {}
        for partner in self.filtered("customer_tier_id"):
            days, since = partner.customer_tier_id.contact_days, partner.last_contact_at or partner.create_date
            if days and since and (now - since).days >= days:
                text = self.env._("Call: no contact for %(days)s days", days=(now - since).days)
                due = fields.Datetime.context_timestamp(self, since).date() + timedelta(days=days)
                actions[partner] = NextAction(text, due)
        return actions

    def _suggest_certificate(self):
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
