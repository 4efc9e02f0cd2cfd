from datetime import date, timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests.common import TransactionCase

from odoo.addons.sales_management.tools.promise import Timeline

#: A Monday morning in Shanghai.
NOW = "2026-11-23 02:00:00"
TODAY = date(2026, 11, 23)


class EventsCommon(TransactionCase):
    """A warehouse in Shanghai with one product, and moves that cross its boundary."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(NOW)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.engine = cls.env["sales.promise.engine"]
        cls.company = cls.env.company
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.address = cls.env["res.partner"].create({"name": "Shanghai Works", "tz": "Asia/Shanghai"})
        cls.warehouse.partner_id = cls.address
        cls.stock = cls.warehouse.lot_stock_id
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.customer = cls.env["res.partner"].create({"name": "Hangzhou Bolt"})
        cls.factor = 10 ** cls.env["decimal.precision"].precision_get("Product Unit")
        cls.bolt = cls._create_product("Bolt")

    @classmethod
    def _create_product(cls, name, **values):
        return cls.env["product.product"].create({"name": name, "type": "consu", "is_storable": True, **values})

    @classmethod
    def _put(cls, quantity, product=None, location=None, **values):
        cls.env["stock.quant"]._update_available_quantity(
            product or cls.bolt, location or cls.stock, quantity, **values
        )

    @classmethod
    def _create_move(cls, source, target, quantity, days=0, product=None, hour=4, **values):
        """A confirmed move that leaves at noon of Shanghai, so many days from today."""
        product = product or cls.bolt
        moment = f"{TODAY + timedelta(days=days)} {hour:02}:00:00"
        move = cls.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "product_uom": product.uom_id.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "date": moment,
                "company_id": cls.company.id,
                **values,
            }
        )
        move._action_confirm(merge=False)
        move.date = moment
        return move

    @classmethod
    def _receive(cls, quantity, days=0, **values):
        return cls._create_move(cls.suppliers, cls.stock, quantity, days, **values)

    @classmethod
    def _deliver(cls, quantity, days=0, **values):
        return cls._create_move(cls.stock, cls.customers, quantity, days, **values)

    @classmethod
    def _sell(cls, quantity, days=0, **values):
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "warehouse_id": cls.warehouse.id,
                "order_line": [Command.create({"product_id": cls.bolt.id, "product_uom_qty": quantity, **values})],
            }
        )
        order.action_confirm()
        order.order_line.move_ids.date = f"{TODAY + timedelta(days=days)} 04:00:00"
        return order

    # === Asking === #

    def _get_events(self, product=None, warehouse=None, sales=True):
        pair = ((product or self.bolt).id, (warehouse or self.warehouse).id)
        return self.engine._get_events([pair], sales=sales)[pair]

    def _get_changes(self, product=None, warehouse=None, sales=True):
        """What comes and goes by days from today."""
        changes = {}
        for event in self._get_events(product, warehouse, sales):
            day = event.day - TODAY.toordinal()
            changes[day] = changes.get(day, 0) + event.quantity / self.factor
        return {day: quantity for day, quantity in sorted(changes.items()) if quantity}

    def _get_confidences(self, **values):
        return sorted((event.source.kind, event.confidence) for event in self._get_events(**values) if event.source)

    def _get_last_balance(self, product, warehouse=None):
        return Timeline(self._get_events(product, warehouse)).get_balance(10**6) / self.factor
