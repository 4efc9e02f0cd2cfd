from odoo.fields import Command
from odoo.tests import tagged

from .events_common import EventsCommon


@tagged("post_install", "-at_install", "promise", "companions")
class TestPromiseTrapsCompanions(EventsCommon):
    """What vendors, productions and expiry add, by the numbers of the design's list of traps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.env["res.partner"].create({"name": "Ningbo Steel"})

    def _buy(self, quantity, date, confirm=True, **values):
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.bolt.id,
                            "product_qty": quantity,
                            "price_unit": 1,
                            "date_planned": f"{date} 04:00:00",
                            **values,
                        }
                    )
                ],
            }
        )
        if confirm:
            order.button_confirm()
        return order

    def _make(self, quantity, date, confirm=True):
        component = self._create_product("Wire")
        production = self.env["mrp.production"].create(
            {
                "product_id": self.bolt.id,
                "product_qty": quantity,
                "picking_type_id": self.warehouse.manu_type_id.id,
                "move_raw_ids": [Command.create({"product_id": component.id, "product_uom_qty": 2 * quantity})],
            }
        )
        if confirm:
            production.action_confirm()
        (production.move_finished_ids | production.move_raw_ids).date = f"{date} 04:00:00"
        return production, component

    def test_trap_08_the_later_of_purchase_and_receipt_counts(self):
        order = self._buy(5, "2026-11-25")
        self.assertEqual(self._get_changes(), {2: 5})
        order.order_line.date_planned = "2026-12-03 04:00:00"
        order.order_line.move_ids.date = "2026-11-25 04:00:00"
        self.assertEqual(self._get_changes(), {10: 5})

    def test_trap_08_an_acknowledged_receipt_is_surer(self):
        order = self._buy(5, "2026-11-25")
        self.assertEqual(self._get_confidences(), [("receipt", "c")])
        order.acknowledged = True
        self.assertEqual(self._get_confidences(), [("receipt", "b")])
        (source,) = (event.source for event in self._get_events())
        described = self.engine._describe_sources([source])[source]
        self.assertEqual(
            (described.name, described.date, described.flag), (order.picking_ids.name, "2026-11-25", "acknowledged")
        )
        order.order_line.move_ids.date = order.order_line.date_planned = "2026-11-19 04:00:00"
        self.assertEqual(self._get_confidences(), [("receipt", "c")], "it is overdue")
        self.assertEqual(self._get_changes(), {1: 5})

    def test_trap_09_requests_for_quotation_count_where_the_company_says_so(self):
        order = self._buy(2, "2026-11-25", confirm=False, product_uom_id=self.env.ref("uom.product_uom_dozen").id)
        self.assertEqual(self._get_changes(), {})
        self.company.promise_draft_supply = True
        self.assertEqual(self._get_changes(), {2: 24})
        self.assertEqual(self._get_confidences(), [("draft", "d")])
        (source,) = (event.source for event in self._get_events())
        self.assertEqual(self.engine._describe_sources([source])[source].name, order.name)
        delivery = self._deliver(20, 1)
        delivery.procure_method = "make_to_order"
        delivery.created_purchase_line_ids = order.order_line
        self.assertEqual(self._get_changes(), {2: 4}, "what is wanted for a delivery is not free")

    def test_trap_04_a_production_for_one_delivery(self):
        production, _component = self._make(5, "2026-11-26")
        self.assertEqual(self._get_changes(), {3: 5})
        self.assertEqual(self._get_confidences(), [("production", "b")])
        self._deliver(4, 3, procure_method="make_to_order", move_orig_ids=production.move_finished_ids.ids)
        self.assertEqual(self._get_changes(), {3: 1})

    def test_components_of_a_production_go(self):
        production, component = self._make(5, "2026-11-26")
        self.assertEqual(self._get_changes(component), {3: -10})
        (source,) = (event.source for event in self._get_events())
        self.assertEqual(self.engine._describe_sources([source])[source].name, production.name)

    def test_trap_07_an_overdue_production_is_less_sure(self):
        self._make(5, "2026-11-19")
        self.assertEqual(self._get_changes(), {1: 5})
        self.assertEqual(self._get_confidences(), [("production", "c")])

    def test_trap_09_planned_productions_count_where_the_company_says_so(self):
        self._make(5, "2026-11-26", confirm=False)
        self.assertEqual(self._get_changes(), {})
        self.company.promise_draft_supply = True
        self.assertEqual(self._get_changes(), {3: 5})
        self.assertEqual(self._get_confidences(), [("production", "d")])

    def test_trap_13_lots_go_on_their_removal_date(self):
        self.bolt.write({"tracking": "lot", "use_expiration_date": True})
        for name, removal, quantity in (("OLD", "2026-11-20", 4), ("NEW", "2026-11-30", 6)):
            lot = self.env["stock.lot"].create({"name": name, "product_id": self.bolt.id})
            lot.write({"expiration_date": "2027-01-01 04:00:00", "removal_date": f"{removal} 04:00:00"})
            self._put(quantity, lot_id=lot)
        self.assertEqual(self._get_changes(), {0: 6, 7: -6})
