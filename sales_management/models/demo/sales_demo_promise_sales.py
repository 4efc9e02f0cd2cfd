from datetime import timedelta

from odoo import api, fields, models

from .quotation_plan import Version
from .sales_fact_mixin import telling

#: What production is asked about, and what it answered.
ASKED_PRODUCT = "HD-W08"
WISHED_DAYS, ANSWERED_DAYS = 30, 24
QUESTION = "The customer opens a show flat that day. 客户样板间当天开放。"
ANSWER = "After the mould is back from repair. 模具修好之后安排。"


class SalesDemo(models.AbstractModel):
    """Quotations and orders whose dates are there to see, by the people of the demo company."""

    _inherit = "sales.demo"

    @api.model
    def _load_promised_sales(self, sales, tables):
        warehouses = {row["key"]: row["warehouse"] for row in tables["teams"]}
        teams = {row["key"]: row["team"] for row in tables["people"]}
        for sale in sales:
            order, team = sale.order, teams[sale.owner]
            order.lines = [line for line in order.lines if self._is_loaded(line)]
            values = self._prepare_order_values(order, team, warehouses[team])
            owner = self._ref("user", sale.owner)
            with telling(order.created):
                order.record = self.env["sale.order"].with_user(owner).create(values)
                self._bring_on(sale)

    @api.model
    def _is_loaded(self, line):
        """:return: whether a product is there: what is made, only with Manufacturing"""
        return bool(self.env.ref(self._xmlid("product", line.product["code"]), raise_if_not_found=False))

    @api.model
    def _bring_on(self, sale):
        """Hand over, commit and confirm, as far as it came."""
        if sale.state == "sent":
            moment = sale.order.created
            version = Version(sale.order.lines, 0.0, moment, "pdf", moment + timedelta(minutes=50), sale.record)
            self._hand_over_version(version)
        if sale.committed == "earliest":
            # Without Purchase nobody knows when more comes.
            sale.record.order_line.filtered("promise_date").action_commit_promise()
        elif sale.committed:
            sale.record.order_line.promise_committed_date = sale.committed
        if sale.state == "sale":
            sale.record.action_confirm()

    # === Asking === #

    @api.model
    def _ask_production(self, sales):
        """Ask about what nobody knows: one question is answered, the other one waits."""
        today = fields.Date.today()
        asked = sales["show"].record.order_line.filtered(lambda line: line.product_id.default_code == ASKED_PRODUCT)
        asked.action_ask_production(today + timedelta(days=WISHED_DAYS), QUESTION)
        lines = sales["answered"].record.order_line
        lines.action_ask_production(today + timedelta(days=WISHED_DAYS), QUESTION)
        planner = self._ref("user", "planner")
        lines.sudo().promise_question_ids.with_user(planner).action_answer(
            today + timedelta(days=ANSWERED_DAYS), ANSWER
        )

    # === Dates === #

    @api.model
    def _date_promised_sales(self, sales):
        columns, notes = {}, {}
        for sale in sales:
            created = sale.order.created
            confirmed = self._after(created, hours=3) if sale.state == "sale" else created
            handed_over = self._after(created, hours=1) if sale.state == "sent" else None
            record = sale.record.with_env(self.env)
            columns[record] = {
                "create_date": created,
                "write_date": handed_over or confirmed,
                "date_order": confirmed,
                "handed_over_at": handed_over,
            }
            notes[record.id] = confirmed
        self._rewrite("sale.order", columns)
        records = self.env["sale.order"].browse(notes)
        lines = {line: {"create_date": columns[line.order_id]["create_date"]} for line in records.order_line}
        self._rewrite("sale.order.line", lines)
        self._backdate_notes(records, notes)
