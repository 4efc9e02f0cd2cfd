from datetime import timedelta

from psycopg2 import OperationalError

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .slip_common import COMMITTED, MUCH_WORSE, WORSE, SlipCommon


@tagged("post_install", "-at_install", "promise")
class TestPromiseSlip(SlipCommon):
    """A committed date that can no longer be held is said once, with its cause and the new date."""

    def test_line_and_order_turn_at_risk(self):
        order, receipt = self._create_orders(), self._create_receipt()
        line = order.order_line
        self._slip(receipt, line)
        self.assertEqual((line.promise_state, line.promise_date), ("at_risk", WORSE))
        self.assertEqual((line.promise_cause, line.promise_committed_date), (receipt.name, COMMITTED))
        self.assertEqual(order.promise_state, "at_risk")
        fact = self._get_facts("slipped")
        self.assertEqual((fact.line_id, fact.reason, fact.promise_date), (line, receipt.name, WORSE))

    def test_sixty_orders_hit_by_one_receipt_are_one_notice(self):
        orders, receipt = self._create_orders(60), self._create_receipt()
        self._slip(receipt, orders.order_line)
        self.assertEqual(set(orders.mapped("promise_state")), {"at_risk"})
        for user in (self.salesperson, self.leader):
            notices = self._get_notices(user)
            self.assertEqual(len(set(notices.mapped("cause"))), 1)
            self.assertIn(receipt.name, notices[0].cause)
            self.assertEqual(len(notices), 21, "Twenty by name, and one for the rest.")
            self.assertIn("39 more", notices[-1].body)
            self.assertIn("Hangzhou Bolt: Bolt, committed 03/10/2031, now 03/12/2031", notices[0].body)
            message = notices._get_message(user)
            self.assertEqual(len(message.topics), 1)

    def test_only_who_sells_is_asked_to_act(self):
        order, receipt = self._create_orders(), self._create_receipt()
        self._slip(receipt, order.order_line)
        self.assertEqual(order.activity_ids.user_id, self.salesperson)

    def test_who_may_not_read_an_order_hears_nothing_of_it(self):
        order = self._create_orders()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.leader.write({"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id})
        self._slip(self._create_receipt(), order.order_line)
        self.assertEqual(order.promise_state, "at_risk")
        self.assertEqual(self._get_notices().user_id, self.salesperson)

    def test_switched_off_nobody_is_asked_any_more(self):
        order, receipt = self._create_orders(), self._create_receipt()
        by_hand = order.activity_schedule("mail.mail_activity_data_call", user_id=self.salesperson.id)
        self._slip(receipt, order.order_line)
        self.assertEqual(len(order.activity_ids), 2)
        self.env.company.sales_promise_enabled = False
        self.env.invalidate_all()
        self.assertEqual(order.activity_ids, by_hand)

    def test_same_slip_is_not_told_twice(self):
        order, receipt = self._create_orders(), self._create_receipt()
        self._slip(receipt, order.order_line)
        told = len(self._get_notices())
        self._slip(receipt, order.order_line, WORSE + timedelta(hours=2))
        self.assertEqual((len(self._get_notices()), len(self._get_facts("slipped"))), (told, 1))
        self._slip(receipt, order.order_line, MUCH_WORSE)
        self.assertEqual(len(self._get_facts("slipped")), 2)
        self.assertGreater(len(self._get_notices()), told)

    def test_nobody_knows_a_date(self):
        order, receipt = self._create_orders(), self._create_receipt()
        self._slip(receipt, order.order_line, False)
        self.assertEqual(order.order_line.promise_state, "at_risk")
        self.assertIn("no new date known", self._get_notices(self.leader).body)
        told = len(self._get_notices())
        self._slip(receipt, order.order_line, False)
        self.assertEqual(len(self._get_notices()), told)

    def test_what_can_be_held_again_recovers(self):
        order, receipt = self._create_orders(), self._create_receipt()
        line = order.order_line
        self._slip(receipt, line)
        self._slip(receipt, line, COMMITTED)
        self.assertEqual((line.promise_state, line.promise_cause, line.promise_told_date), ("ok", False, False))
        self.assertEqual(self._get_facts("recovered").line_id, line)
        self.assertFalse(order.activity_ids)
        self._slip(receipt, line)
        self.assertEqual(len(self._get_facts("slipped")), 2, "A new slip is told anew.")

    def test_new_commitment_begins_anew(self):
        order, receipt = self._create_orders(), self._create_receipt()
        line = order.order_line
        self._slip(receipt, line)
        self._commit(line, WORSE)
        self.assertEqual((line.promise_state, line.promise_cause), ("ok", False))
        self._slip(receipt, line, WORSE + timedelta(hours=30))
        self.assertEqual(len(self._get_facts("slipped")), 2)

    def test_better_date_is_offered_and_not_applied(self):
        order, receipt = self._create_orders(), self._create_receipt()
        line = order.order_line
        self._slip(receipt, line, COMMITTED - timedelta(days=4))
        self.assertEqual((line.promise_committed_date, line.promise_state), (COMMITTED, "ok"))
        demand = self.env["sales.promise.demand"].search([("is_better", "=", True)])
        self.assertEqual((demand.line_id, demand.delay_days), (line, -4))
        self.assertFalse(self._get_notices())

    def test_what_was_late_before_is_told_to_nobody(self):
        order = self._create_orders()
        self.env.company.sales_promise_enabled = False
        self.dates[order.order_line.id] = WORSE
        self.env.company.sales_promise_enabled = True
        self._run_job()
        self.assertEqual(order.order_line.promise_state, "at_risk")
        self.assertFalse(self._get_notices() or self._get_facts("slipped"))
        self._slip(self._create_receipt(), order.order_line, MUCH_WORSE)
        self.assertEqual(len(self._get_facts("slipped")), 1)

    def test_only_what_is_affected_is_asked(self):
        nut = self.env["product.product"].create({"name": "Nut", "is_storable": True})
        self._create_orders()
        self._create_orders(product=nut)
        receipt = self._create_receipt(nut)
        self.asked.clear()
        receipt.scheduled_date += timedelta(days=3)
        self._run_job()
        self.assertEqual(self.asked, [[(nut.id, self.warehouse.id)]])
        self.asked.clear()
        self._run_job()
        self.assertFalse(self.asked, "Nothing changed.")

    def test_uncommitted_orders_ask_nothing(self):
        self._commit(self._create_orders().order_line, False)
        receipt = self._create_receipt()
        self.asked.clear()
        receipt.scheduled_date += timedelta(days=3)
        self._run_job()
        self.assertFalse(self.asked)

    def test_failing_product_holds_up_no_other(self):
        nut = self.env["product.product"].create({"name": "Nut", "is_storable": True})
        orders = self._create_orders() | self._create_orders(product=nut)
        self.dates |= dict.fromkeys(orders.order_line.ids, WORSE)
        self.failing = {nut.id}
        self.env["sales.promise.mark"]._add([nut.id, self.bolt.id], "WH/IN/7")
        with mute_logger("odoo.addons.sales_management.models.promise.sales_promise_mark_job"):
            self._run_job()
        states = {line.product_id: line.promise_state for line in orders.order_line}
        self.assertEqual(states[self.bolt], "at_risk")
        self.assertNotEqual(states[nut], "at_risk")
        self.assertEqual({product_id for product_id, _cause in self._get_marks()}, {nut.id}, "It is tried again.")
        self.failing = set()
        self._run_job()
        self.assertEqual(set(orders.order_line.mapped("promise_state")), {"at_risk"})

    def test_product_begun_anew_takes_nothing_back(self):
        nut = self.env["product.product"].create({"name": "Nut", "is_storable": True})
        orders = self._create_orders() | self._create_orders(product=nut)
        self.dates |= dict.fromkeys(orders.order_line.ids, WORSE)
        marks = type(self.env["sales.promise.mark"])
        refresh = marks._refresh

        def conflict(marks, product_ids):
            if nut.id in product_ids:
                # Together they fail for another reason, so that each is tried by itself.
                raise OperationalError if len(product_ids) == 1 else ValueError("broken")
            refresh(marks, product_ids)

        self.patch(marks, "_refresh", conflict)
        self.env["sales.promise.mark"]._add([nut.id, self.bolt.id], "WH/IN/7")
        with mute_logger("odoo.addons.sales_management.models.promise.sales_promise_mark_job"):
            self._run_job()
        states = {line.product_id: line.promise_state for line in orders.order_line}
        self.assertEqual((states[self.bolt], states[nut]), ("at_risk", "ok"))
        self.assertEqual({product_id for product_id, _cause in self._get_marks()}, {nut.id})

    def test_queries_do_not_grow_with_lines(self):
        counts = []
        for size in (25, 75):
            product = self.env["product.product"].create({"name": f"Part {size}", "is_storable": True})
            lines = self._create_orders(size, product).order_line
            self.dates |= dict.fromkeys(lines.ids, WORSE)
            self.env["sales.promise.mark"]._add(product.ids, f"WH/IN/{size}")
            self._end_transaction()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["sales.promise.mark"]._refresh(product.ids)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 5, counts)

    def test_several_causes_are_several_notices(self):
        nut = self.env["product.product"].create({"name": "Nut", "is_storable": True})
        orders = self._create_orders() | self._create_orders(product=nut)
        self.dates |= dict.fromkeys(orders.order_line.ids, WORSE)
        receipts = [self._create_receipt(product) for product in (self.bolt, nut)]
        for receipt in receipts:
            receipt.move_ids.date += timedelta(days=3)
        self._run_job()
        causes = self._get_notices(self.leader).mapped("cause")
        self.assertEqual(len(causes), 2)
        for receipt in receipts:
            self.assertTrue([cause for cause in causes if receipt.name in cause])
