"""The row of Setup, the settings, and the buttons of Today."""

from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.models.quotation import sales_setup

from .paper_common import SEAL, PaperCommon


@tagged("post_install", "-at_install", "quotation")
class TestPaperSetup(PaperCommon):
    def _get_state(self, user=None):
        return self._get_setup(user or self.manager)._get_setup_state("paper")

    def _get_setup(self, user, model="sales.setup"):
        user.company_ids += self.company
        return self.env[model].with_user(user).with_context(allowed_company_ids=self.company.ids)

    def test_row_leads_from_off_to_done(self):
        self.company.write({"sales_quotation_enabled": False, "quotation_seal": False})
        state = self._get_state()
        self.assertEqual((state.level, state.button), ("off", "Switch On"))
        state.action()
        self.assertTrue(self.company.sales_quotation_enabled)
        self.assertEqual(self._get_state().level, "todo")
        self.assertIn("no seal yet", self._get_state().text)
        with patch.object(sales_setup, "has_chinese_fonts", return_value=True):
            self.company.quotation_seal = SEAL
            self.assertEqual(self._get_state().level, "done")

    def test_row_says_that_the_server_cannot_print_chinese(self):
        with patch.object(sales_setup, "has_chinese_fonts", return_value=False):
            state = self._get_state()
        self.assertEqual(state.level, "todo")
        self.assertIn("install fonts-noto-cjk", state.text)
        with patch.object(sales_setup, "has_chinese_fonts", return_value=None):
            self.assertIn("not known", self._get_state().text)

    def test_button_opens_what_its_user_may_open(self):
        self.assertEqual(self._get_state().action()["res_model"], "sale.order")
        state = self._get_state(self.env.ref("base.user_admin"))
        self.assertEqual(state.action()["res_model"], "res.config.settings")

    def test_settings_are_those_of_the_company(self):
        settings = self._get_setup(self.env.ref("base.user_admin"), "res.config.settings").create({})
        settings.write({"quotation_qr": False, "quotation_capitals": False})
        settings.execute()
        self.assertFalse(self.company.quotation_qr or self.company.quotation_capitals)
        self.assertTrue(self.company.quotation_seal)

    def test_today_offers_to_hand_over_where_the_capability_is_on(self):
        today = self.env["sales.today"]
        self.assertIn("hand_over", [action["code"] for action in today._get_quote_actions(self.order)])
        self.company.sales_quotation_enabled = False
        self.order.invalidate_recordset()
        self.assertNotIn("hand_over", [action["code"] for action in today._get_quote_actions(self.order)])


@tagged("post_install", "-at_install", "quotation")
class TestPortalPreview(PaperCommon, HttpCase):
    def test_preview_of_who_is_inside_is_marked(self):
        self.manager.password = "sm_manager"
        self.authenticate(self.manager.login, "sm_manager")
        self.assertNotIn("NOT APPROVED", self.url_open(f"/my/orders/{self.order.id}").text)
        self._hold_back(self.order)
        self.assertIn("NOT APPROVED", self.url_open(f"/my/orders/{self.order.id}").text)
