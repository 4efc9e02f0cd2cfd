import base64
from datetime import timedelta
from random import Random

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import file_open

from .plan import Calendar, Order
from .quotation_plan import QuotationPlanner
from .sales_demo import ADDON
from .sales_fact_mixin import telling

#: An order is repeated or changed for whom people log in as.
SHOWN_SALESPERSON = "sales"
#: For how many days the company has worked like this.
IN_USE_DAYS = 60


class SalesDemo(models.AbstractModel):
    """Quotations of the demo company: revisions, what left, and what became of it."""

    _inherit = "sales.demo"

    @api.model
    def _load_quotations(self, deals, orders, tables, company):
        self._set_up_quotations(company)
        self._set_up_approval(company)
        quotations = QuotationPlanner(Calendar(Random(), fields.Date.today()), tables).tell(deals)
        self._load_first_versions(quotations, tables)
        for quotation in quotations:
            self._revise(quotation)
        self._date_quotations(quotations)
        self._decide_quotations(quotations)
        self._date_requests(quotations)
        changed = self._request_change(orders)
        self._repeat_order([order for order in orders if order is not changed])

    # === Setting up === #

    @api.model
    def _set_up_quotations(self, company):
        with file_open(f"{ADDON}/demo/seal.png", "rb", filter_ext=(".png",)) as picture:
            seal = base64.b64encode(picture.read())
        company.write({"sales_quotation_enabled": True, "quotation_seal": seal, "quotation_qr": True})
        since = fields.Date.today() - timedelta(days=IN_USE_DAYS)
        policy = {"code": "quotation_deal", "company_id": company.id, "level": "warn", "active_from": since}
        self.env["sales.policy"].create(policy)
        self.env["sales.quotation.exemption"].create({"kind": "service", "company_id": company.id})

    # === Writing and revising === #

    @api.model
    def _load_first_versions(self, quotations, tables):
        """Let everybody write their own."""
        warehouses = {row["key"]: row["warehouse"] for row in tables["teams"]}
        teams = {row["key"]: row["team"] for row in tables["people"]}
        for quotation in quotations:
            first, team = quotation.versions[0], teams[quotation.customer["salesperson"]]
            plan = Order(quotation.customer, first.lines, first.moment, quotation.deal)
            owner = self._ref("user", quotation.customer["salesperson"])
            values = self._prepare_order_values(plan, team, warehouses[team])
            first.record = self.env["sale.order"].with_user(owner).create(values)
            self._give(quotation, first)

    @api.model
    def _give(self, quotation, version):
        """Give the customer what a version gives, against the price that it has from the pricelist."""
        lines = version.record.order_line
        prices = [line.price_unit for line in quotation.versions[0].record.order_line]
        if version is not quotation.versions[0] and quotation.means == "price":
            prices = [price / (1 - quotation.versions[0].off / 100) for price in prices]
        if not version.off:
            return
        given = [
            {"discount": version.off}
            if quotation.means == "discount"
            else {"price_unit": round(price * (1 - version.off / 100), 3)}
            for price in prices
        ]
        commands = [Command.update(line.id, values) for line, values in zip(lines, given, strict=True)]
        version.record.write({"order_line": commands})

    @api.model
    def _revise(self, quotation):
        former = None
        for version in quotation.versions:
            if former:
                with telling(version.moment):
                    former.record.action_create_revision()
                version.record = former.record.superseded_by_id.with_env(former.record.env)
                self._give(quotation, version)
            if version.way:
                self._hand_over_version(version)
            former = version

    @api.model
    def _hand_over_version(self, version):
        """Hand a version over as the button does, but for the file: printing needs a server that answers."""
        order = version.record
        order._check_released()
        with telling(version.left):
            order._hand_over()
            order._archive(
                version.way, recipients={order: order.partner_id.child_ids[:1].name or order.partner_id.name}
            )

    # === After confirmation === #

    @api.model
    def _request_change(self, orders):
        """Let an order that is still to be delivered become cheaper, if somebody approves it.

        :return: the order, none where there is no such order
        """
        waiting = [order for order in self._get_shown_orders(orders) if not order.shipped]
        for order in waiting[-1:]:
            record = order.record.with_user(order.record.user_id)
            line = record.order_line[:1]
            self.env["sales.approval.change"].with_user(order.record.user_id).create(
                {
                    "order_id": record.id,
                    "proposed_values": {"order_line": [[1, line.id, {"discount": 20.0}]]},
                    "comment": "The customer takes the next batch as well. 客户加订下一批。",
                }
            ).action_submit()
            return order
        return None

    @api.model
    def _repeat_order(self, orders):
        for order in self._get_shown_orders(orders)[-1:]:
            order.record.with_user(order.record.user_id).action_repeat_order()

    @api.model
    def _get_shown_orders(self, orders):
        confirmed = [order for order in orders if order.confirmed]
        shown = [order for order in confirmed if order.customer["salesperson"] == SHOWN_SALESPERSON]
        return sorted(shown, key=lambda order: order.confirmed)

    # === Dates === #

    @api.model
    def _date_quotations(self, quotations):
        columns, notes = {}, {}
        for quotation in quotations:
            for version, latter in zip(quotation.versions, [*quotation.versions[1:], None], strict=True):
                written = latter.moment if latter else version.left or version.moment
                columns[version.record] = {
                    "create_date": version.moment,
                    "write_date": written,
                    "date_order": version.moment,
                    "handed_over_at": version.left,
                }
                notes[version.record.id] = written
        self._rewrite("sale.order", columns)
        records = self.env["sale.order"].browse(notes)
        self._rewrite(
            "sale.order.line", {line: {"create_date": notes[line.order_id.id]} for line in records.order_line}
        )
        self._backdate_notes(records, notes)
