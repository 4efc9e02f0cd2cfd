from lxml import etree

from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.sales_management.tests.common import DealDocumentCommon


@tagged("post_install", "-at_install", "process")
class TestDealDocuments(DealDocumentCommon):
    """The number on quotations and transfers."""

    def test_quotation_carries_the_number(self):
        deal, other = self._create_deals(2)
        order = self._create_order(deal)
        self.assertEqual(order.deal_number, deal.deal_number)
        order.opportunity_id = other
        self.assertEqual(order.deal_number, other.deal_number)
        order.opportunity_id = False
        self.assertFalse(order.deal_number)

    def test_quotation_made_from_the_deal_carries_the_number(self):
        deal = self._create_deals(partner_id=self.customer.id)
        context = deal.with_user(self.salesperson).action_new_quotation()["context"]
        form = Form(self.env["sale.order"].with_user(self.salesperson).with_context(**context))
        self.assertEqual(form.save().deal_number, deal.deal_number)

    def test_delivery_carries_the_number(self):
        deal = self._create_deals()
        order = self._confirm_order(deal)
        self.assertEqual(order.picking_ids.deal_number, deal.deal_number)

    def test_number_reaches_documents_of_an_order_tied_later(self):
        order = self._confirm_order()
        invoice = order._create_invoices()
        self.assertFalse(order.picking_ids.deal_number or invoice.deal_numbers)
        order.opportunity_id = self._create_deals()
        self.assertEqual(order.picking_ids.deal_number, order.deal_number)
        self.assertEqual(invoice.deal_numbers, order.deal_number)

    def test_every_step_of_a_delivery_carries_the_number(self):
        self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)]).delivery_steps = "pick_pack_ship"
        self._put_in_stock(20)
        deal = self._create_deals()
        order = self._confirm_order(deal)
        for _step in range(3):
            picking = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
            self.assertEqual(set(picking.mapped("deal_number")), {deal.deal_number})
            picking.action_assign()
            picking.move_ids.picked = True
            picking._action_done()
        self.assertEqual(len(order.picking_ids), 3)
        self.assertEqual(order.order_line.qty_delivered, 5)

    def test_backorder_and_return_carry_the_number(self):
        self._put_in_stock(20)
        deal = self._create_deals()
        delivery = self._confirm_order(deal).picking_ids
        delivery.move_ids.write({"quantity": 2, "picked": True})
        delivery._action_done()
        backorder = delivery.backorder_ids
        self.assertEqual(backorder.deal_number, deal.deal_number)
        wizard_form = Form(
            self.env["stock.return.picking"].with_context(active_id=delivery.id, active_model="stock.picking")
        )
        wizard = wizard_form.save()
        wizard.product_return_moves.quantity = 1
        returned = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self.assertEqual(returned.deal_number, deal.deal_number)

    def test_transfer_of_several_deals_carries_all_numbers(self):
        deals = self._create_deals(2)
        orders = [self._confirm_order(deal) for deal in deals]
        delivery = orders[0].picking_ids
        orders[1].picking_ids.move_ids.picking_id = delivery
        self.assertEqual(delivery.deal_number, ", ".join(sorted(deals.mapped("deal_number"))))

    def test_deleted_deal_leaves_its_documents(self):
        deal = self._create_deals()
        order = self._confirm_order(deal)
        deal.unlink()
        self.assertFalse(order.opportunity_id or order.deal_number)
        self.assertFalse(order.picking_ids.deal_number)

    def test_search_boxes_find_the_number(self):
        deal = self._create_deals()
        order = self._confirm_order(deal)
        invoice = order._create_invoices()
        for record, view in (
            (order, "sale.view_sales_order_filter"),
            (order, "sale.sale_order_view_search_inherit_quotation"),
            (order.picking_ids, "stock.view_picking_internal_search"),
            (invoice, "account.view_account_invoice_filter"),
        ):
            with self.subTest(view):
                arch = record.get_view(self.env.ref(view).id, "search")["arch"]
                domain = etree.fromstring(arch).find(".//field").get("filter_domain")
                found = record.search(safe_eval(domain, {"self": deal.deal_number}))
                self.assertEqual(found, record)

    def test_documents_group_by_the_number(self):
        deals = self._create_deals(2)
        orders = self.env["sale.order"].union(*(self._create_order(deal) for deal in deals for _twice in range(2)))
        groups = orders.formatted_read_group([("id", "in", orders.ids)], ["deal_number"], ["__count"])
        self.assertEqual(
            {group["deal_number"]: group["__count"] for group in groups}, {deal.deal_number: 2 for deal in deals}
        )

    def _put_in_stock(self, quantity):
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)], limit=1)
        self.env["stock.quant"]._update_available_quantity(self.bolt, warehouse.lot_stock_id, quantity)

    def test_quotation_without_a_deal_has_no_number(self):
        order = self._create_order(order_line=[Command.create({"product_id": self.bolt.id})])
        self.assertFalse(order.deal_number)
