from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.sales_management.tests.common import DealDocumentCommon


@tagged("post_install", "-at_install", "process")
class TestDealNumberTour(DealDocumentCommon, HttpCase):
    """The number as people meet it: given in the pipeline, carried to the invoice, typed by finance."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trader = new_test_user(
            cls.env,
            "sm_trader",
            "sales_team.group_sale_salesman,stock.group_stock_user,account.group_account_invoice",
            company_id=cls.env.company.id,
        )
        cls.customer.is_company = True
        product = cls.env["product.product"].create(
            {"name": "Bridge bolt", "type": "consu", "is_storable": True, "list_price": 10.0, "taxes_id": False}
        )
        warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.env.company.id)], limit=1)
        cls.env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 20)

    def test_number_runs_from_opportunity_to_invoice(self):
        self.env.ref("sales_management.sequence_deal").write({"prefix": "TOUR-", "number_next": 7})
        self.start_tour("/odoo", "deal_number_from_opportunity_to_invoice", login=self.trader.login)
        deal = self.env["crm.lead"].search([("deal_number", "=", "TOUR-00007")])
        order = deal.order_ids
        self.assertEqual(order.deal_number, deal.deal_number)
        self.assertEqual(order.picking_ids.mapped("state"), ["done"])
        self.assertEqual(order.picking_ids.deal_number, deal.deal_number)
        self.assertEqual(order.invoice_ids.mapped("state"), ["posted"])
        self.assertEqual(order.invoice_ids.deal_numbers, deal.deal_number)

    def test_finance_finds_the_invoice_by_the_number(self):
        other = self.env["res.partner"].create({"name": "Another customer"})
        deal = self._create_deals(partner_id=self.customer.id, deal_number="TOUR-00007")
        self._confirm_order(deal)._create_invoices().action_post()
        self._confirm_order(partner_id=other.id)._create_invoices().action_post()
        self.start_tour("/odoo/customer-invoices", "deal_number_found_by_finance", login=self.finance.login)
