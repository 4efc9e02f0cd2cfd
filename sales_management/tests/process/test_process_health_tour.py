from datetime import timedelta

from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.tests.process.measures_common import MeasuresCommon


@tagged("post_install", "-at_install", "process")
class TestProcessHealthTour(MeasuresCommon, HttpCase):
    """The page as a manager uses it: read, drilled into, come back to, and what is wanted changed."""

    def test_manager_drills_and_comes_back(self):
        self.env.company.sales_process_enabled = True
        now = self.env.cr.now()
        skipping, forward = self._create_deals(2, name="Skipping deal")
        self._add_move(skipping, 0, 3, now - timedelta(days=2))
        self._add_move(forward, 0, 1, now - timedelta(days=2))
        self._add_move(skipping, 4, 2, now - timedelta(days=1))
        self.start_tour("/odoo/process-health", "process_health", login=self.manager.login)
        self.assertEqual(self.env.company.process_skip_rate_target, 7)

    def test_page_without_data_is_a_sample(self):
        self.env.company.sales_process_enabled = True
        self.env["crm.lead"].with_context(active_test=False).search([("id", "!=", False)]).unlink()
        self.start_tour("/odoo/process-health", "process_health_sample", login=self.manager.login)
