from lxml import etree

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.approval.common import ApprovalMixin
from odoo.addons.sales_management.tests.common import DealDocumentCommon


@tagged("post_install", "-at_install", "approval", "performance")
class TestApprovalCost(ApprovalMixin, DealDocumentCommon):
    """What it costs a company to use revisions and approvals: few queries, as many for a hundred lines as for one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._switch_approval_on()
        cls._create_rule("Discounts", cls.director, cls.controller).write({"has_discount_max": True, "discount_max": 5})
        cls.deal = cls._create_deals()

    # === Tools === #

    def _switch(self, is_on):
        self.env.company.write({"sales_approval_enabled": is_on, "sales_quotation_enabled": is_on})

    def _prepare_values(self, lines=1):
        line = {"product_id": self.bolt.id, "product_uom_qty": 2, "discount": 10}
        return {
            "partner_id": self.customer.id,
            "opportunity_id": self.deal.id,
            "user_id": self.salesperson.id,
            "team_id": self.team.id,
            "order_line": [Command.create(line) for _number in range(lines)],
        }

    def _count_queries(self, function, *args):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function(*args)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _get_added(self, function, lines, prepare=None):
        """Queries that the capabilities add to what core does with a quotation, undone each time."""
        costs = {}
        for is_on in (False, True):
            self._switch(is_on)
            order = self.env["sale.order"].with_user(self.salesperson).create(self._prepare_values(lines))
            if is_on and prepare:
                prepare(order)
            # Switching empties all caches; the first run fills them.
            for _run in range(2):
                with self.env.cr.savepoint() as savepoint:
                    costs[is_on] = self._count_queries(function, order)
                    savepoint.rollback()
        return costs[True] - costs[False]

    def _assert_added(self, function, most, prepare=None):
        added = [self._get_added(function, lines, prepare) for lines in (2, 40)]
        self.assertLessEqual(added[1], max(added[0], 0), added)
        self.assertLessEqual(added[0], most, added)

    def _approve(self, order):
        order.action_request_approval()
        order.with_user(self.director).action_approve()
        order.with_user(self.controller).action_approve()
        self.assertEqual(order.approval_state, "approved")

    # === With the switches on === #

    def test_creating(self):
        self._assert_added(lambda order: order.create(self._prepare_values(len(order.order_line))), 2)

    def test_writing_a_line(self):
        self._assert_added(lambda order: order.order_line[:1].write({"price_unit": 9}), 12)

    def test_saving_the_form(self):
        def save(order):
            commands = [Command.update(line.id, {"price_unit": 9}) for line in order.order_line[:20]]
            order.web_save({"order_line": commands, "note": "Ex works"}, {"approval_state": {}, "release_line": {}})

        self._assert_added(save, 14)

    def test_writing_what_is_no_content(self):
        self._assert_added(lambda order: order.write({"client_order_ref": "PO 7"}), 0)

    def test_confirming_what_is_approved(self):
        self._assert_added(lambda order: order.action_confirm(), 4, self._approve)

    # === List === #

    def _read_list(self, size):
        view = self.env["sale.order"].get_view(self.env.ref("sale.view_quotation_tree_with_onboarding").id, "list")
        names = {node.get("name") for node in etree.fromstring(view["arch"]).xpath("//field[not(ancestor::field)]")}
        names |= {"approval_state", "approval_warning_ids", "is_released", "release_message", "release_line"}
        orders = self.env["sale.order"].with_user(self.salesperson)
        specification = {name: {} for name in names if name in orders._fields}
        found = orders.web_search_read([("partner_id", "=", self.customer.id)], specification, limit=size)["records"]
        self.assertEqual(len(found), size)
        return found

    def test_list_of_500(self):
        self._switch(True)
        orders = self.env["sale.order"].with_user(self.salesperson).create([self._prepare_values()] * 500)
        self.env["sale.order"].union(*orders[::5]).action_request_approval()
        counts = [self._count_queries(self._read_list, size) for size in (20, 20, 500)]
        self.assertLessEqual(counts[2], counts[1], counts)
        states = {record["approval_state"] for record in self._read_list(500)}
        self.assertEqual(states, {"pending", "to_submit"})
