"""Figures of sales in core's digest: true, for whom they are, and said with or without tax."""

from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.sales_management.models.reporting.digest_digest import RATE_KPIS, RESULT_KPIS
from odoo.addons.sales_management.tests.reporting.workbook_common import WorkbookCommon


@tagged("post_install", "-at_install", "reporting")
class TestDigest(WorkbookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = [*RESULT_KPIS, *RATE_KPIS]
        cls.digest = cls.env["digest.digest"].create(
            {"name": "Sales", "company_id": cls.company.id, "user_ids": cls.manager.ids, **dict.fromkeys(names, True)}
        )

    def _get_kpis(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        with freeze_time("2026-03-20 06:00:00"):
            kpis = self.digest._compute_kpis(self.company, user or self.manager)
        return {kpi["kpi_name"]: kpi for kpi in kpis}

    def test_days_are_whole_and_end_yesterday(self):
        self._order(1, datetime(2026, 3, 19, 12))
        self._order(2, datetime(2026, 3, 20, 2))
        self._order(4, datetime(2026, 3, 18, 20))
        self._order(8, datetime(2026, 3, 12, 12))
        kpi = self._get_kpis()["kpi_sales_ordered"]
        self.assertIn("100", kpi["kpi_col1"]["value"])
        self.assertEqual(kpi["kpi_col1"]["margin"], -75)
        self.assertIn("500", kpi["kpi_col2"]["value"])
        self.assertIn("1.3k", kpi["kpi_col3"]["value"])
        # What was ordered at 20:00 there, was ordered on the day after here.
        self.company.partner_id.tz = "Asia/Shanghai"
        self.assertIn("500", self._get_kpis()["kpi_sales_ordered"]["kpi_col1"]["value"])

    def test_values_are_those_of_core(self):
        order = self._order(3, datetime(2026, 3, 19, 12))
        self._pay(self._invoice(order, datetime(2026, 3, 19).date()), datetime(2026, 3, 19).date())
        deal = self._create_deals(3, company_id=self.company.id)
        deal[0].action_set_won()
        deal[1:].action_set_lost()
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET date_closed = '2026-03-19' WHERE id = ANY(%s)", [deal.ids])
        for tax, name in (("excluded", "amount_untaxed"), ("included", "amount_total")):
            self.company.sales_amount_tax = tax
            kpis = self._get_kpis()
            wanted = self._ask(f"SELECT sum({name}) FROM sale_order WHERE id = {order.id}")
            for kpi in ("ordered", "invoiced", "collected"):
                self.assertIn(f"{wanted:g}", kpis[f"kpi_sales_{kpi}"]["kpi_col1"]["value"], kpi)
                self.assertIn(f"({tax[:4]}. tax)", kpis[f"kpi_sales_{kpi}"]["kpi_fullname"])
            self.assertIn("(excl. tax)", kpis["kpi_sales_margin"]["kpi_fullname"])
            self.assertIn("120", kpis["kpi_sales_margin"]["kpi_col1"]["value"])
            self.assertEqual(kpis["kpi_sales_win_rate"]["kpi_col1"]["value"], "33.33")
            self.assertEqual(kpis["kpi_sales_won_deals"]["kpi_col1"]["value"], 1)

    def test_nobody_sees_more_than_they_may(self):
        self._order(1, datetime(2026, 3, 19, 12), user=self.member)
        self.assertIn("0", self._get_kpis(self.salesperson)["kpi_sales_ordered"]["kpi_col1"]["value"])
        self.assertNotIn("100", self._get_kpis(self.salesperson)["kpi_sales_ordered"]["kpi_col1"]["value"])
        self.assertFalse(self._get_kpis(self.finance).keys() & {*RESULT_KPIS, *RATE_KPIS})

    def test_switched_off_it_says_nothing(self):
        self.company.sales_reporting_enabled = False
        self.assertFalse(self._get_kpis().keys() & {*RESULT_KPIS, *RATE_KPIS})

    def test_it_is_mailed(self):
        self.digest._action_send_to_user(self.manager)
        mail = self.env["mail.mail"].sudo().search([], order="id desc", limit=1)
        self.assertIn("Ordered (excl. tax)", mail.body_html)
