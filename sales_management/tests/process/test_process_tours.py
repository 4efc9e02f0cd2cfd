"""An ordinary deal as a salesperson takes it to the customer, with the manufacturing template, on a phone."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.tests.common import DealDocumentCommon


class ProcessTourCommon(DealDocumentCommon, HttpCase):
    """The manufacturing template, with everything that it asks for blocking."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Deals of earlier data would stand between ours.
        cls.env["crm.lead"].search([]).active = False
        wizard = cls.env["sales.process.apply"].with_user(cls.manager).create({"company_id": cls.env.company.id})
        wizard.department_ids.write(
            {"manager_id": cls.leader.id, "user_ids": [Command.set(cls.users_by_role["stock"].ids)]}
        )
        wizard.action_apply()
        cls.env["sales.stage.requirement"].search([]).enforcement = "block"
        cls.stages = {stage.sales_code: stage for stage in cls.env["crm.stage"].search([("sales_code", "!=", False)])}
        cls.customer.write({"email": "buyer@example.com", "phone": "+86 571 8888 0001"})
        cls.bolt.name = "M8 bolt"
        cls.env["utm.source"].create({"name": "Trade fair"})
        # The bot's greeting covers the screen of a phone.
        cls.salesperson.write({"email": "salesperson@example.com", "odoobot_state": "disabled"})


class FeedbackTourCommon(ProcessTourCommon):
    def _owe_feedback(self):
        deal = self._create_deals(
            name="Bolts for a bridge", partner_id=self.customer.id, stage_id=self.stages["proposal"].id
        )
        self.assertEqual(deal.deal_class_id.code, "standard")
        order = self._create_order(deal, user_id=self.salesperson.id)
        self.start_tour(f"/odoo/crm/{deal.id}", "feedback_is_owed_once_sent", login=self.salesperson.login)
        task = deal.deal_task_ids.filtered(lambda task: task.template_id.done_when == "feedback")
        self.assertEqual((task.state, task.user_id), ("open", self.salesperson))
        self.assertEqual(task.due_at - order.handed_over_at, timedelta(hours=48))
        return task

    def _test_feedback_within_48_hours(self):
        task = self._owe_feedback()
        deal = task.lead_id
        task.sudo().due_at = fields.Datetime.now() + timedelta(hours=5, minutes=30)
        self.start_tour("/odoo/today", "feedback_is_written_down", login=self.salesperson.login)
        self.assertEqual((task.state, task.is_on_time), ("done", True))
        self.assertEqual(deal.deal_feedback, "Price is fine, wants two weeks less")
        self.assertTrue(deal.deal_feedback_at)
        self.assertEqual(deal.stage_id, self.stages["negotiation"])


@tagged("post_install", "-at_install", "process")
class TestProcessTours(FeedbackTourCommon):
    def test_feedback_within_48_hours(self):
        self._test_feedback_within_48_hours()


@tagged("post_install", "-at_install", "process")
class TestProcessPhoneTours(FeedbackTourCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_feedback_within_48_hours(self):
        self._test_feedback_within_48_hours()

    def test_standard_deal_from_new_to_quotation_sent(self):
        """In at most 25 taps and 12 fields, which the tour counts."""
        self.start_tour("/odoo/crm", "standard_deal_on_a_phone", login=self.salesperson.login)
        deal = self.env["crm.lead"].search([("name", "=", "Bolts for a bridge")])
        self.assertEqual(deal.deal_class_id.code, "standard")
        self.assertEqual(deal.stage_id, self.stages["proposal"])
        self.assertEqual(deal.order_ids.state, "sent")
        self.assertEqual(deal.order_ids.order_line.product_uom_qty, 5000)
        self.assertFalse(any(deal.stage_move_ids.mapped("is_override")))
