from odoo.tests import HttpCase, tagged

from .import_common import ImportCommon


@tagged("post_install", "-at_install", "customer")
class TestCustomerImportTour(ImportCommon, HttpCase):
    def test_template_is_uploaded_checked_imported_and_undone(self):
        partners = self.env["res.partner"].search_count([])
        self.start_tour("/odoo/customer-import", "customers_come_from_a_spreadsheet", login=self.manager.login)
        record = self.imports.search([], limit=1)
        self.assertEqual((record.state, set(record.line_ids.mapped("state"))), ("undone", {"undone"}))
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
