from odoo import fields
from odoo.tests import tagged

from .approver_common import ApproverCommon


@tagged("post_install", "-at_install", "approval")
class TestApprovalNotice(ApproverCommon):
    """Who hears of a request, and whose activity it is."""

    def test_who_is_asked_is_told_and_gets_an_activity(self):
        request = self._ask()
        self.assertEqual(self._get_told("approval"), ["Leader"])
        activity = self._get_activities(request)
        self.assertEqual((activity.user_id, activity.activity_category), (self.leader, "sales_approval"))
        self.assertIn("Effective discount 20 % &gt; 10 %", activity.note)

    def test_next_step_asks_the_next(self):
        request = self._ask()
        request.with_user(self.leader).action_approve()
        self.assertEqual(self._get_told("approval"), ["Leader", "Finance"])
        self.assertEqual(self._get_activities(request).user_id, self.finance)

    def test_who_stands_in_is_told_too(self):
        self.env["sales.approval.delegation"].create(
            {"user_id": self.leader.id, "delegate_id": self.manager.id, "date_to": fields.Date.today()}
        )
        request = self._ask()
        self.assertEqual(self._get_activities(request).user_id, self.leader | self.manager)
        request.with_user(self.manager).action_approve()
        self.assertEqual(self._get_activities(request).user_id, self.finance)

    def test_requester_is_told_how_it_ended(self):
        request = self._ask()
        request.with_user(self.leader).action_approve()
        self.assertFalse(self._get_told("approval_result"))
        request.with_user(self.finance).action_approve()
        self.assertEqual(self._get_told("approval_result"), ["Salesperson"])
        self.assertFalse(self._get_activities(request))

    def test_requester_reads_why_it_was_rejected(self):
        request = self._ask()
        request.with_user(self.leader).action_reject("Below cost")
        notice = self.env["sales.notice"].sudo().search([("kind_id.code", "=", "approval_result")])
        self.assertEqual(notice.cause, "Not approved")
        self.assertIn("Leader – Below cost", notice.body)

    def test_who_ends_it_himself_is_told_nothing(self):
        request = self._ask()
        request.order_id.with_user(self.salesperson).order_line.price_unit = 9.5
        self.assertEqual(request.state, "superseded")
        self.assertFalse(self._get_told("approval_result"))
        self.assertFalse(self._get_activities(request))

    def test_activity_opens_the_dialog_that_decides(self):
        request = self._ask()
        action = request.with_user(self.leader).action_open_decision()
        self.assertEqual((action["res_id"], action["target"]), (request.id, "new"))
