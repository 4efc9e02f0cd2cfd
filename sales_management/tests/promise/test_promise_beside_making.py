from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.common import DealDocumentCommon


@tagged("post_install", "-at_install", "promise", "companions")
class TestPromiseBesideMaking(DealDocumentCommon):
    """Beside Purchase and Manufacturing: with the switch off, orders are supplied as core supplies them."""

    def test_goods_are_bought_and_made_to_order(self):
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)], limit=1)
        routes = {
            "bought": warehouse.mto_pull_id.route_id | warehouse.buy_pull_id.route_id,
            "made": warehouse.mto_pull_id.route_id | warehouse.manufacture_pull_id.route_id,
        }
        routes["bought"].active = routes["made"].active = True
        bought, made = self.env["product.product"].create(
            [
                {
                    "name": name,
                    "is_storable": True,
                    "route_ids": [Command.set(product_routes.ids)],
                }
                for name, product_routes in routes.items()
            ]
        )
        vendor = self.env["res.partner"].create({"name": "Ningbo Steel"})
        bought.seller_ids = [Command.create({"partner_id": vendor.id, "delay": 12})]
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": made.product_tmpl_id.id,
                "bom_line_ids": [Command.create({"product_id": self.bolt.id, "product_qty": 2})],
            }
        )
        lines = [Command.create({"product_id": product.id, "product_uom_qty": 3}) for product in bought | made]
        order = self._create_order(order_line=lines)
        order.action_confirm()

        purchase_line = self.env["purchase.order.line"].search([("product_id", "=", bought.id)])
        self.assertEqual((purchase_line.product_qty, purchase_line.partner_id), (3, vendor))
        production = self.env["mrp.production"].search([("product_id", "=", made.id)])
        self.assertEqual((production.product_qty, production.move_raw_ids.product_uom_qty), (3, 6))
        self.assertEqual(set(order.order_line.mapped("promise_state")), {"none"})
        self.assertFalse(any(order.order_line.mapped("promise_date")))
