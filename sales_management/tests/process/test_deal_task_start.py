from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .deal_task_common import FRIDAY, TaskDocumentCommon


@tagged("post_install", "-at_install", "process")
class TestDealTaskStart(TaskDocumentCommon):
    """What counts from the hand-over of a quotation, or from the delivery."""

    def test_hand_over_opens_and_counts(self):
        self._create_template(self.proposal, start="hand_over", hours=48, done_when="feedback")
        order = self._create_order(self.deal, user_id=self.salesperson.id)
        self._move(self.proposal)
        self.assertFalse(self._get_tasks())
        with freeze_time(FRIDAY):
            order.with_user(self.salesperson).action_quotation_sent()
        task = self._get_tasks()
        self.assertEqual(task.due_at, FRIDAY + timedelta(hours=48))
        self.deal.with_user(self.salesperson).deal_feedback = "Too dear, but they like it."
        self.assertEqual((task.state, task.done_by_id), ("done", self.salesperson))
        self.assertFalse(self._get_mirrors())

    def test_hand_over_by_mail_opens(self):
        self._create_template(self.proposal, start="hand_over")
        order = self._create_order(self.deal)
        self._move(self.proposal)
        order.with_context(mark_so_as_sent=True).message_post(body=order.name, message_type="comment")
        self.assertEqual(len(self._get_tasks()), 1)

    def test_stage_that_is_entered_after_the_hand_over(self):
        self._create_template(self.proposal, start="hand_over", hours=48)
        with freeze_time(FRIDAY):
            self._create_order(self.deal).action_quotation_sent()
        with freeze_time(FRIDAY + timedelta(hours=1)):
            self._move(self.proposal)
        self.assertEqual(self._get_tasks().due_at, FRIDAY + timedelta(hours=48))

    def test_hand_over_long_ago_counts_from_the_stage(self):
        self._create_template(self.proposal, start="hand_over", hours=48)
        with freeze_time(FRIDAY):
            self._create_order(self.deal).action_quotation_sent()
        with freeze_time(FRIDAY + timedelta(days=9)):
            self._move(self.proposal)
        self.assertEqual(self._get_tasks().due_at, FRIDAY + timedelta(days=11))

    def test_feedback_before_the_hand_over_is_none_to_it(self):
        self._create_template(self.proposal, start="hand_over", done_when="feedback")
        self.deal.deal_feedback = "Send us an offer."
        self._move(self.proposal)
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            self._create_order(self.deal).action_quotation_sent()
        self.assertEqual(self._get_tasks().state, "open")

    def test_visit_counts_from_the_last_delivery(self):
        self._create_template(self.won, start="delivery", hours=168)
        self.env["stock.quant"]._update_available_quantity(self.bolt, self._get_stock(), 100)
        first, second = (self._confirm_order(self.deal) for _order in range(2))
        self._move(self.won)
        self._deliver(first, FRIDAY)
        self.assertFalse(self._get_tasks(), "Another delivery is left.")
        self._deliver(second, FRIDAY + timedelta(days=2))
        self.assertEqual(self._get_tasks().due_at, FRIDAY + timedelta(days=9))

    def test_deal_that_is_won_after_the_delivery(self):
        self._create_template(self.won, start="delivery", hours=168)
        self.env["stock.quant"]._update_available_quantity(self.bolt, self._get_stock(), 100)
        self._deliver(self._confirm_order(self.deal), FRIDAY)
        with freeze_time(FRIDAY + timedelta(days=1)):
            self._move(self.won)
        self.assertEqual(self._get_tasks().due_at, FRIDAY + timedelta(days=7))

    def test_rest_that_is_cancelled_completes_the_delivery(self):
        self._create_template(self.won, start="delivery", hours=168)
        self.env["stock.quant"]._update_available_quantity(self.bolt, self._get_stock(), 100)
        first, second = (self._confirm_order(self.deal) for _order in range(2))
        self._move(self.won)
        self._deliver(first, FRIDAY)
        with freeze_time(FRIDAY + timedelta(days=1)):
            second.picking_ids.action_cancel()
        self.assertEqual(self._get_tasks().due_at, FRIDAY + timedelta(days=7))

    def _get_stock(self):
        return self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1).lot_stock_id

    def _deliver(self, order, moment):
        stock = self.users_by_role["stock"]
        with freeze_time(moment):
            for move in order.picking_ids.move_ids:
                move.write({"quantity": move.product_uom_qty, "picked": True})
            order.picking_ids.with_user(stock).with_context(skip_backorder=True).button_validate()
        self.assertEqual(order.picking_ids.state, "done")
