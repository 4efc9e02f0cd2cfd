from odoo.tests import tagged

from .approver_common import ApproverCommon


@tagged("post_install", "-at_install", "approval")
class TestApprovalToday(ApproverCommon):
    """What waits for approval stands on Today, and is decided from its row."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_process_enabled = True

    def _get_section(self, user):
        sections = self.env["sales.today"].with_user(user).get_today()["sections"]
        return next((section for section in sections if section["code"] == "approvals"), None)

    def test_approvals_stand_on_the_day_of_who_decides(self):
        request = self._ask()
        self.assertEqual(self._get_section(self.leader)["headline"], "1 approval")
        self._ask()
        section = self._get_section(self.leader)
        self.assertEqual((section["headline"], section["count"]), ("2 approvals", 2))
        row = section["rows"][0]
        self.assertEqual((row["model"], row["id"]), ("sales.approval.request", request.id))
        for text in ("Hangzhou Bolt", request.order_id.name, "800.00", "20 %", "37.5"):
            self.assertIn(text, row["title"])
        self.assertIn("Effective discount 20 % > 10 %", row["note"])
        self.assertEqual([action["code"] for action in row["actions"]], ["approve", "reject", "decide"])
        self.assertFalse(self._get_section(self.salesperson))

    def test_row_approves(self):
        request = self._ask()
        action = self._get_section(self.leader)["rows"][0]["actions"][0]
        records = self.env[action["model"]].with_user(self.leader).browse(action["ids"])
        getattr(records, action["method"])(**action["arguments"])
        self.assertEqual(request.step_ids.mapped("state"), ["approved", "open"])
        self.assertFalse(self._get_section(self.leader))

    def test_switched_off_costs_nothing(self):
        self._ask()
        self.env["res.company"].search([("sales_approval_enabled", "=", True)]).sales_approval_enabled = False
        self.assertFalse(self._get_section(self.leader))
