from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

from .sales_demo_quotations import IN_USE_DAYS
from .sales_fact_mixin import telling

#: Net price under which a product is not sold without somebody knowing.
FLOOR_PRICES = {"HD-H02": 7.2, "HD-S03": 49.0}
#: Percent that an approver would accept instead of what was asked for.
ACCEPTED_DISCOUNT = 12.0
#: How long the leader of the other team is away.
AWAY_DAYS = 9


class SalesDemo(models.AbstractModel):
    """Approval in the demo company: its rules, who stands in for whom, and what was decided."""

    _inherit = "sales.demo"

    # === Setting up === #

    @api.model
    def _set_up_approval(self, company):
        presets = self.env["sales.setup"]._prepare_approval_presets()
        since = fields.Date.today() - timedelta(days=IN_USE_DAYS)
        rules = [*presets, *self._prepare_own_rules(company)]
        manager = self._ref("user", "manager")
        self.env["sales.approval.rule"].with_user(manager).create([{**rule, "active_from": since} for rule in rules])
        for code, price in FLOOR_PRICES.items():
            self._ref("product", code).product_tmpl_id.with_company(company).approval_floor_price = price
        company.sales_approval_enabled = True
        self.env["sales.approval.delegation"].create(
            {
                "user_id": self._id("user", "liang_jun"),
                "delegate_id": self._id("user", "leader"),
                "date_from": fields.Date.today() - timedelta(days=1),
                "date_to": fields.Date.today() + timedelta(days=AWAY_DAYS),
            }
        )

    @api.model
    def _prepare_own_rules(self, company):
        leader = {"sequence": 10, "approver_kind": "team_leader"}
        managers = self.env.ref("sales_team.group_sale_manager")
        manager = {"sequence": 20, "approver_kind": "group", "group_id": managers.id}
        by_discount = {"company_id": company.id, "enforcement": "block", "has_discount_max": True}
        return [
            {
                "name": "Under the floor price 低于底价",
                "company_id": company.id,
                "sequence": 40,
                "below_floor_price": True,
                "step_ids": [Command.create(leader)],
            },
            {
                **by_discount,
                "name": "Discount over 15 % 折扣超过15%",
                "sequence": 50,
                "discount_max": 15,
                "step_ids": [Command.create(leader)],
            },
            {
                **by_discount,
                "name": "Discount over 25 % 折扣超过25%",
                "sequence": 60,
                "discount_max": 25,
                "step_ids": [Command.create(manager)],
            },
        ]

    # === Asking and deciding === #

    @api.model
    def _decide_quotations(self, quotations):
        """Let owners ask, and the leader of the team answer."""
        leader = self._ref("user", "leader")
        for quotation in quotations:
            if not quotation.why:
                continue
            order = quotation.record
            order.action_request_approval(quotation.why)
            self._date_decision(quotation, quotation.asked)
            with telling(quotation.decided):
                self._decide(quotation, order.with_user(leader))
            self._date_decision(quotation, quotation.decided)

    @api.model
    def _decide(self, quotation, order):
        if quotation.verdict in ("approved", "agreed"):
            order.action_approve(quotation.words)
        elif quotation.verdict == "rejected":
            order.action_reject(quotation.words)
        elif quotation.verdict == "returned":
            accepted = {line.id: {"discount": ACCEPTED_DISCOUNT} for line in quotation.record.order_line}
            order.action_return_with_price(accepted, quotation.words)

    @api.model
    def _date_decision(self, quotation, moment):
        """Date what was noted just now, unless it is of today."""
        if moment:
            order = quotation.record.with_env(self.env)
            self._backdate_notes(order, {order.id: moment})

    # === Dates === #

    @api.model
    def _date_requests(self, quotations):
        """Date what is decided; what is waiting waits since now, so that nobody is reminded at once."""
        requests, steps, notes = {}, {}, {}
        for quotation in quotations:
            if not quotation.decided:
                continue
            request = quotation.record.with_env(self.env).approval_request_ids
            requests[request] = {"requested_at": quotation.asked, "create_date": quotation.asked}
            steps |= {step: {"opened_at": quotation.asked} for step in request.step_ids}
            notes[request.id] = quotation.decided
        self._rewrite("sales.approval.request", requests)
        self._rewrite("sales.approval.request.step", steps)
        self._backdate_notes(self.env["sales.approval.request"].browse(notes), notes)
