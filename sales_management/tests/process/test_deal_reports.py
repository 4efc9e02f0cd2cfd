from odoo.tests import tagged

from odoo.addons.sales_management.tests.common import DealDocumentCommon


@tagged("post_install", "-at_install", "process")
class TestDealReports(DealDocumentCommon):
    """The number on the paper, by setting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._create_deals()
        cls.order = cls._confirm_order(cls.deal)
        cls.documents = {
            "sale.report_saleorder": cls.order,
            "stock.report_deliveryslip": cls.order.picking_ids,
            "account.report_invoice": cls.order._create_invoices(),
        }

    def _render(self, report):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(report, self.documents[report].ids)
        return html.decode()

    def test_number_is_not_printed_at_first(self):
        for report in self.documents:
            self.assertNotIn(self.deal.deal_number, self._render(report), report)

    def test_number_is_printed_by_setting(self):
        self.env.company.deal_number_on_documents = True
        for report in self.documents:
            self.assertIn(self.deal.deal_number, self._render(report), report)

    def test_setting_is_the_companys(self):
        settings = self.env["res.config.settings"].create({"deal_number_on_documents": True})
        settings.execute()
        self.assertTrue(self.env.company.deal_number_on_documents)
