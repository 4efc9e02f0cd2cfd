from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.tests.approval.approver_common import ApproverCommon


@tagged("post_install", "-at_install", "quotation")
class TestRepeatTour(ApproverCommon, HttpCase):
    """From a past order to a confirmed one, where approval and a deal are asked."""

    def test_order_is_repeated_in_three_clicks(self):
        self.salesperson.sudo().write({"email": "sm_salesperson@example.com", "odoobot_state": "disabled"})
        self.env.company.write({"sales_quotation_enabled": True, "sales_process_enabled": True})
        policies = self.env["sales.policy"]
        policies.create({"code": "quotation_deal", "level": "block", "company_id": self.env.company.id})
        past = self._create_discounted()
        past.action_request_approval()
        past.with_user(self.leader).action_approve()
        past.with_user(self.finance).action_approve()
        past.action_confirm()
        self.start_tour(f"/odoo/sales/{past.id}", "order_is_repeated", login=self.salesperson.login)
        repeat = self.env["sale.order"].search([("repeat_of_id", "=", past.id)])
        self.assertEqual((repeat.state, repeat.order_line.price_unit), ("sale", 8))
        self.assertNotEqual(repeat.opportunity_id, past.opportunity_id)
