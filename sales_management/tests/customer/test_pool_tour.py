from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.tests.common import ChineseMixin

from .common_pool import PoolCommon


@tagged("post_install", "-at_install", "customer")
class TestPoolTour(PoolCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.customer_pool_hidden = True
        cls.lead = cls.env["crm.lead"].create({"name": "Fair", "type": "lead", "user_id": cls.anna.id})
        cls.lead.with_user(cls.anna).action_release_to_pool("No budget")
        cls.bolt.with_user(cls.anna).action_release_to_pool("No need")
        # The bot's greeting covers the screen.
        cls.ben.sudo().write({"email": "ben@example.com", "odoobot_state": "disabled"})

    def _assert_claimed(self):
        self.assertEqual(self.lead.user_id | self.bolt.user_id, self.ben)

    def test_salesperson_claims(self):
        self.start_tour("/odoo/customer-pool", "pool_claim", login=self.ben.login)
        self._assert_claimed()


@tagged("post_install", "-at_install", "customer")
class TestPoolPhoneTour(TestPoolTour):
    browser_size = "390x844"
    touch_enabled = True

    def test_salesperson_claims(self):
        self.start_tour("/odoo/customer-pool", "pool_claim_phone", login=self.ben.login)
        self._assert_claimed()


@tagged("post_install", "-at_install", "customer")
class TestPoolChineseTour(ChineseMixin, TestPoolTour):
    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._speak_chinese(cls.ben)
