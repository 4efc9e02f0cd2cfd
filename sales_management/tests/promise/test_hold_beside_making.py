from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .hold_common import HoldCommon


@tagged("post_install", "-at_install", "promise", "companions")
class TestHoldBesideMaking(HoldCommon):
    """Kits as Manufacturing has them."""

    fakes_goods = False

    def setUp(self):
        super().setUp()
        if "mrp.bom" not in self.env:
            self.skipTest("Manufacturing is not installed")

    def test_kit_of_manufacturing_holds_its_components(self):
        kit = self.env["product.product"].create({"name": "Kit", "type": "consu"})
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "product_qty": 2,
                "bom_line_ids": [
                    Command.create({"product_id": self.bolt.id, "product_qty": 6}),
                    Command.create({"product_id": self.nut.id, "product_qty": 1}),
                ],
            }
        )
        order = self._send(self._quote((4,), kit, validity_date=fields.Date.to_date("2030-01-10")))
        self.assertEqual(self._get_held(order), [("Bolt", 12), ("Nut", 2)])
