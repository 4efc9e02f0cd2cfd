from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.tests.common import ChineseMixin

from .handover_common import HandoverCommon


@tagged("post_install", "-at_install", "customer")
class TestHandoverTour(HandoverCommon, HttpCase):
    def test_leaver_is_handed_over(self):
        # The bot's greeting covers the screen.
        self.manager.sudo().write({"email": "manager@example.com", "odoobot_state": "disabled"})
        customers = self._create_customers(2)
        self.anna.active = False
        self.start_tour("/odoo/leavers", "handover", login=self.manager.login)
        self.assertEqual(customers.user_id, self.ben)
        self.assertEqual(self.handovers.search([("former_id", "=", self.anna.id)]).customer_count, 2)


@tagged("post_install", "-at_install", "customer")
class TestHandoverChineseTour(ChineseMixin, TestHandoverTour):
    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._speak_chinese(cls.manager)
