from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools.misc import formatLang


class PanelSource(NamedTuple):
    """What a row of the panel counts.

    :param list domain: without the states, so that rows of one model and domain are counted together
    :param str amount: field of the model, in the currency of the company, that is summed up beside the number
    :param tuple states: values of ``state`` that count, none for all
    :param str tone: ``danger`` where somebody is needed
    """

    model: str
    title: str
    domain: list
    amount: str = ""
    tone: str = ""
    states: tuple = ()

    @property
    def whole_domain(self):
        return [*self.domain, ("state", "in", self.states)] if self.states else self.domain


class ResPartner(models.Model):
    """A customer at a glance: what runs, what is late, what is owed, in a handful of queries however long its history.

    Each row is read with the rights of whoever looks: who may not read invoices sees no row about them, and who sees
    only deals of their own has these counted.
    """

    _inherit = "res.partner"

    customer_panel = fields.Json(
        string="At a Glance",
        compute="_compute_customer_panel",
        groups="base.group_user",
        help="What runs with this customer, as far as you may see it. A click lists it.",
    )

    # === Computes === #

    def _compute_customer_panel(self):
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled")
        for partner in self:
            is_shown = self.env.company.id in enabled and partner._origin and not partner.parent_id
            partner.customer_panel = partner._origin._get_customer_panel() if is_shown else False

    # === Actions === #

    def action_open_customer_panel(self, code):
        """Open what a row of the panel counts.

        :param str code: of the row
        :return: the list of what is counted; nothing for a row that is not there
        :rtype: dict | bool
        :raise AccessError: unless the user may read the customer
        """
        self.ensure_one()
        self.check_access("read")
        source = self._get_panel_sources().get(code)
        if not source:
            return False
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%(title)s of %(customer)s", title=source.title, customer=self.display_name),
            "res_model": source.model,
            "domain": source.whole_domain,
            "views": [[False, "list"], [False, "kanban"], [False, "form"]],
            "context": {"create": False, "active_test": False},
        }

    # === Rows === #

    def _get_customer_panel(self):
        """:return: rows in their order: ``code``, ``title``, ``figure`` in words, ``tone``; without those of nothing
        :rtype: list[dict]
        """
        self.ensure_one()
        rows = self._get_panel_facts()
        sources, counted = self._get_panel_sources(), {}
        for code, source in sources.items():
            key = (source.model, str(source.domain), source.amount) if source.states else code
            if key not in counted:
                counted[key] = self._count_panel_source(source)
            found = [counted[key][state] for state in source.states or [None] if state in counted[key]]
            if count := sum(count for count, _amount in found):
                figure = self._format_panel_figure(count, sum(amount or 0 for _count, amount in found))
                rows.append(self._prepare_panel_row(code, source.title, figure, source.tone))
        return rows

    @api.model
    def _count_panel_source(self, source):
        """:return: number and amount by state, or of all together where states do not matter
        :rtype: dict
        """
        groups = ["state"] if source.states else []
        aggregates = ["__count", *([f"{source.amount}:sum"] if source.amount else [])]
        rows = self.env[source.model]._read_group(source.domain, groups, aggregates)
        return {row[0] if groups else None: (row[len(groups)], row[-1] if source.amount else 0) for row in rows}

    def _get_panel_facts(self):
        """Rows above the counted ones. To override: add yours to ``super()``'s.

        :return: rows as of :meth:`_prepare_panel_row`
        :rtype: list[dict]
        """
        self.ensure_one()
        return []

    @api.model
    def _prepare_panel_row(self, code, title, figure, tone=""):
        return {"code": code, "title": title, "figure": figure, "tone": tone}

    def _get_panel_sources(self):
        """What the rows count, of what the user may read. To override: add yours to ``super()``'s; each costs a query.

        :rtype: dict[str, PanelSource]
        """
        self.ensure_one()
        # By the path contacts that are archived count as well.
        people = ("partner_id.commercial_partner_id", "=", self.id)
        scope = [people, ("company_id", "=", self.env.company.id)]
        sources = {
            "deals": self._get_deal_source(people),
            "quotations": PanelSource("sale.order", self.env._("Quotations"), scope, states=("draft", "sent")),
            "orders": PanelSource("sale.order", self.env._("Orders"), scope, states=("sale",)),
            "late": self._get_late_source(scope),
            "overdue": self._get_overdue_source(),
        }
        return {code: source for code, source in sources.items() if self.env[source.model].has_access("read")}

    def _get_deal_source(self, people):
        domain = [
            people,
            ("company_id", "in", (False, self.env.company.id)),
            ("type", "=", "opportunity"),
            ("active", "=", True),
            ("won_status", "=", "pending"),
        ]
        return PanelSource("crm.lead", self.env._("Open Deals"), domain, "expected_revenue")

    def _get_late_source(self, scope):
        now = fields.Datetime.to_string(fields.Datetime.now())
        domain = [
            *scope,
            ("picking_type_code", "=", "outgoing"),
            ("state", "not in", ("draft", "done", "cancel")),
            "|",
            ("date_deadline", "<", now),
            ("scheduled_date", "<", now),
        ]
        return PanelSource("stock.picking", self.env._("Late Deliveries"), domain, tone="danger")

    def _get_overdue_source(self):
        domain = [
            ("commercial_partner_id", "=", self.id),
            ("company_id", "=", self.env.company.id),
            ("move_type", "in", ("out_invoice", "out_refund")),
            ("state", "=", "posted"),
            ("payment_state", "in", ("not_paid", "partial")),
            ("invoice_date_due", "<", fields.Date.to_string(fields.Date.context_today(self))),
        ]
        return PanelSource("account.move", self.env._("Overdue Invoices"), domain, "amount_residual_signed", "danger")

    def _format_panel_figure(self, count, amount):
        if not amount:
            return str(count)
        return f"{count} · {formatLang(self.env, amount, currency_obj=self.env.company.currency_id)}"
