"""From an empty database with users and products to a running process, in the browser."""

import re
from pathlib import Path

from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.tests.common import DealDocumentCommon

TOUR = Path(__file__).parents[2] / "static" / "tests" / "tours" / "setup_tour.js"
MAX_CLICKS = 30


@tagged("post_install", "-at_install", "process")
class TestSetupTour(DealDocumentCommon, HttpCase):
    def test_from_nothing_to_a_running_process(self):
        self.env.cr.execute("UPDATE crm_lead SET type = 'lead' WHERE type = 'opportunity'")
        self.env.invalidate_all()
        company = self.env.company
        self.start_tour("/odoo", "setup_from_nothing_to_a_running_process", login=self.manager.login)
        self.assertTrue(company.sales_process_enabled)
        deal = self.env["crm.lead"].search([("type", "=", "opportunity")])
        self.assertEqual(deal.stage_id.sales_code, "lead")
        self.assertEqual(deal.deal_task_ids.mapped("name"), ["First contact"])
        self.assertTrue(deal.stage_blocker_count)
        department = self.env["sales.department"].search([("company_id", "=", company.id)])
        self.assertEqual((department.manager_id, department.user_ids), (self.leader, self.member))

    def test_in_few_clicks(self):
        """Every step that does something, and the one that shows the apps where the screen starts without them."""
        self.assertLessEqual(len(re.findall(r"\brun:", TOUR.read_text())) + 1, MAX_CLICKS)
