from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.tests.common import ChineseMixin

from .test_duplicate import DuplicateCommon

FORMS = {
    "res.partner": "/odoo/action-base.action_partner_form/new",
    "crm.lead": "/odoo/action-crm.crm_lead_all_leads/new",
}


@tagged("post_install", "-at_install", "customer")
class TestDuplicateTour(DuplicateCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The bot's greeting covers the screen.
        cls.salesperson.sudo().write({"email": "anna@example.com", "odoobot_state": "disabled"})
        cls.salesperson.sudo().group_ids += cls.env.ref("base.group_partner_manager") + cls.env.ref(
            "crm.group_use_lead"
        )

    def _count(self, model):
        return self.env[model].search_count([("name", "=", "Weber again")])

    def test_warned(self):
        for model, url in FORMS.items():
            self.start_tour(url, "duplicate_warned", login=self.salesperson.login)
            self.assertEqual(self._count(model), 1)

    def test_refused(self):
        self.company.customer_duplicate_mode = "block"
        for model, url in FORMS.items():
            self.start_tour(url, "duplicate_refused", login=self.salesperson.login)
            self.assertFalse(self._count(model))


@tagged("post_install", "-at_install", "customer")
class TestDuplicateChineseTour(ChineseMixin, TestDuplicateTour):
    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._speak_chinese(cls.salesperson)
