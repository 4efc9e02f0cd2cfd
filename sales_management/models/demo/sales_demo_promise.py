from random import Random

from odoo import api, fields, models

from .plan import Calendar
from .promise_plan import PromisePlanner
from .sales_fact_mixin import telling

#: Deals of these classes are delivered first.
URGENT_CLASSES = ("key",)
#: Vendors here are late by a week now and then; an acknowledgement still counts.
UNRELIABLE_FROM = 12


class SalesDemo(models.AbstractModel):
    """Delivery promises of the demo company: switched on when the year is told, with every kind of answer to see."""

    _inherit = "sales.demo"

    @api.model
    def _load_promises(self, deals, orders, tables, company):
        planner = PromisePlanner(Calendar(Random(), fields.Date.today()), tables)
        self._load_promised_goods(tables["promise_products"])
        purchases = self._load_purchases(planner.tell_purchases())
        self._load_productions(planner.tell_productions())
        self._load_promise_history(planner.tell_history(orders))
        self._set_up_promises(company)
        self._promise_quotations(company)
        self._commit_waiting(orders)
        sales = planner.tell_sales(deals)
        self._load_promised_sales(sales, tables)
        self._ask_production({sale.key: sale for sale in sales})
        self._move_purchases(purchases)
        self._date_promised_sales(sales)

    # === Setting up === #

    @api.model
    def _set_up_promises(self, company):
        classes = self._get_classes()
        for code in URGENT_CLASSES:
            classes[code].delivery_priority = "1"
        company.write(
            {
                "sales_promise_enabled": True,
                "promise_hold_enabled": True,
                "promise_draft_supply": True,
                "promise_planner_id": self._id("user", "planner"),
                "promise_print": "date",
                "sales_promise_slips_used": True,
                "sales_promise_slip_days": UNRELIABLE_FROM,
            }
        )

    # === Open orders === #

    @api.model
    def _promise_quotations(self, company):
        """Ask for what is quoted already: nobody is told of what was late before."""
        domain = [("company_id", "=", company.id), ("state", "in", ("draft", "sent"))]
        self.env["sale.order"].search(domain).action_refresh_promise()
        self.env["sales.promise.mark"]._add_all(company.ids, silent=True)
        self._follow_marks()

    @api.model
    def _commit_waiting(self, orders):
        """Take over what customers were told, where it can be held; what is overdue has another date to be told."""
        now = fields.Datetime.now()
        for order in orders:
            if order.confirmed and not order.shipped and order.commitment > now:
                record = order.record.with_user(order.record.user_id)
                record.action_refresh_promise()
                held = record.order_line.filtered(
                    lambda line, date=order.commitment: line.promise_date and line.promise_date <= date
                )
                with telling(order.confirmed):
                    held.promise_committed_date = order.commitment
        self._follow_marks()

    @api.model
    def _follow_marks(self):
        """Look at what changed, as the job does; it commits, which nobody may while modules are installed."""
        marks = self.env["sales.promise.mark"]
        # They are written when a transaction ends.
        self.env.cr.flush()
        marks._refresh(marks._get_marked_product_ids([]))
