"""The workbook in a browser: asked for, made while one waits, and fetched."""

from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.tests.common import ChineseMixin

from .workbook_common import WorkbookCommon


@tagged("post_install", "-at_install", "reporting")
class TestWorkbookTour(WorkbookCommon, HttpCase):
    def test_workbook_is_made_and_fetched(self):
        # The bot's greeting covers the screen.
        self.leader.sudo().write({"email": "leader@example.com", "odoobot_state": "disabled"})
        self._sell()
        self.company.sales_workbook_rows = 0
        # What was sold is of March, and the usual book of the last month.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET date_order = date_trunc('month', now()) - interval '3 days' WHERE team_id = %s",
            self.team.ids,
        )
        self.env.invalidate_all()
        self.start_tour("/odoo/workbooks", "workbook", login=self.leader.login)
        book = self.env["sales.workbook"].sudo().search([("user_id", "=", self.leader.id)])
        self.assertEqual(book.state, "waiting")
        book.write(book._get_made_values())
        self.start_tour("/odoo/workbooks", "workbook_ready", login=self.leader.login)
        self.authenticate(self.leader.login, self.leader.login)
        response = self.url_open(book.with_user(self.leader).action_download()["url"])
        self.assertEqual(response.content[:2], b"PK")
        self.authenticate(self.salesperson.login, self.salesperson.login)
        refused = self.url_open(book.with_user(self.leader).action_download()["url"])
        self.assertNotEqual(refused.content[:2], b"PK", "What is of the leader is fetched by nobody else.")


@tagged("post_install", "-at_install", "reporting")
class TestWorkbookChineseTour(ChineseMixin, TestWorkbookTour):
    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._speak_chinese(cls.leader)
