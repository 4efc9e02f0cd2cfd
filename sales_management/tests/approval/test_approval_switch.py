import re

from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL

from odoo.addons.sales_management.tests.approval.common import ApprovalCommon

#: Tables that nothing reads or writes where approval is off.
OURS = re.compile(r'(FROM|INTO|UPDATE|JOIN) "?(sales_approval_|sale_order_approval_)')


@tagged("post_install", "-at_install", "approval")
class TestApprovalSwitch(ApprovalCommon):
    """What was there before approval, and what approval does where it is off."""

    def _create_old(self, **values):
        """A quotation as the installation finds it."""
        self.env.company.sales_approval_enabled = False
        order = self._create_quotation(**values)
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE sale_order SET approval_state = 'grandfathered' WHERE id = %s", order.id))
        self.env.invalidate_all()
        return order

    def test_existing_quotation_stays_released_until_it_changes(self):
        order = self._create_old()
        order.order_line.price_unit = 8
        self.assertEqual(order.approval_state, "grandfathered")
        self.env.company.sales_approval_enabled = True
        self.assertTrue(order.approval_digest)
        self.assertTrue(order.is_released)
        order.client_order_ref = "theirs"
        self.assertEqual(order.approval_state, "grandfathered")
        order.order_line.price_unit = 7
        self.assertEqual(order.approval_state, "to_submit")
        self.assertFalse(order.is_released)

    def test_existing_order_stays_confirmed(self):
        order = self._create_old()
        order.action_confirm()
        self.env.company.sales_approval_enabled = True
        order.order_line.name = "Bolt, coated"
        self.assertEqual((order.state, order.approval_state), ("sale", "grandfathered"))

    def test_switching_on_is_set_based(self):
        counts = []
        for size in (2, 40):
            orders = self.env["sale.order"].union(*(self._create_old() for _number in range(size)))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env.company.sales_approval_enabled = True
            counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(all(orders.mapped("approval_digest")))
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_off_touches_no_table_of_approval(self):
        self.env.company.sales_approval_enabled = False
        order = self._create_quotation()
        self.env.flush_all()
        queries = []
        execute = self.env.cr.execute

        def watch(query, *args, **kwargs):
            queries.append(str(getattr(query, "code", query)))
            return execute(query, *args, **kwargs)

        self.env.cr.execute = watch
        self.addCleanup(self.env.cr.__dict__.pop, "execute", None)
        order.order_line.price_unit = 3
        copy = order.copy()
        copy.write({"order_line": [Command.create({"product_id": self.bolt.id})]})
        copy.order_line[0].unlink()
        order.action_confirm()
        self.env.flush_all()
        ours = list(filter(OURS.search, queries))
        self.assertFalse(ours)

    def test_form(self):
        with Form(self.env["sale.order"].with_user(self.salesperson)) as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.product_id = self.bolt
        order = form.record
        self.assertEqual(order.approval_state, "to_submit")
        with Form(order) as form, form.order_line.edit(0) as line:
            line.price_unit = 4
        self.assertEqual(order.approval_state, "to_submit")

    def test_rule_added_later_is_asked_at_the_gate(self):
        self.rule.active = False
        order = self._create_quotation()
        self.assertEqual(order.approval_state, "not_required")
        self.assertTrue(order.is_released)
        self.rule.active = True
        with self.assertRaisesRegex(Exception, "Everything"):
            order._check_released()
        order._refresh_approval()
        self.assertEqual(order.approval_state, "to_submit")

    def test_requirement_of_a_stage(self):
        deal = self._create_deals()
        requirement = self.env["sales.stage.requirement"].new({"kind": "approval", "min_count": 1})
        self.assertFalse(deal._get_approval_state(requirement)[deal].is_met)
        order = self._create_quotation(opportunity_id=deal.id)
        self.env.flush_all()
        self.assertFalse(deal._get_approval_state(requirement)[deal].is_met)
        order.action_request_approval()
        order.with_user(self.director).action_approve()
        self.assertTrue(deal._get_approval_state(requirement)[deal].is_met)
