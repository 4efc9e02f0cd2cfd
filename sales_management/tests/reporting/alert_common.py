"""What tests of alerts start from: a month that is over, the three before it, and orders in them."""

from datetime import datetime

from freezegun import freeze_time

from odoo.fields import Command

from odoo.addons.sales_management.tests.reporting.workbook_common import WorkbookCommon

#: The month that is looked at is May; February, March and April make the mean.
NOW = "2026-06-09 08:00:00"


class AlertCommon(WorkbookCommon):
    #: The moment at which tests run; None for the one that it is.
    clock = NOW

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "sales_month_start": 1,
                "sales_amount_tax": "excluded",
                "sales_alert_enabled": True,
                "sales_alert_threshold": 30,
                "sales_alert_minimum": 100,
            }
        )
        cls.alerts = cls.env["sales.trend.alert"].sudo()
        cls.large, cls.small = cls.env["product.category"].create([{"name": "Large"}, {"name": "Small"}])
        cls.bolt.categ_id = cls.large
        cls.nut = cls._create_goods("Nut", categ_id=cls.small.id)

    def setUp(self):
        super().setUp()
        if self.clock:
            self.startPatcher(freeze_time(self.clock))

    @classmethod
    def _create_goods(cls, name, **values):
        values = {"type": "consu", "list_price": 100, "standard_price": 60, "invoice_policy": "order", **values}
        return cls.env["product.product"].create({"name": name, "taxes_id": cls.bolt.taxes_id.ids, **values})

    @classmethod
    def _sell_in(cls, quantities, months=(2, 3, 4, 5), product=None, **values):
        """An order in each of these months of 2026, without one where the quantity is zero; the last is looked at."""
        orders = cls.env["sale.order"]
        for month, quantity in zip(months, quantities, strict=True):
            if quantity:
                line = {"product_id": (product or cls.bolt).id, "product_uom_qty": quantity}
                orders |= cls._order(moment=datetime(2026, month, 10, 12), order_line=[Command.create(line)], **values)
        return orders

    def _watch(self, company=None):
        self.env.flush_all()
        alerts = self.alerts._watch(company or self.company)
        self.env.flush_all()
        return alerts

    @staticmethod
    def _find(alerts, metric="ordered", subject="company", record=None):
        found = alerts.filtered(lambda alert: (alert.metric, alert.subject) == (metric, subject))
        return found.filtered(lambda alert: alert._get_subject() == record) if record else found
