from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.common import DealDocumentCommon
from odoo.addons.sales_management.tests.promise.test_vendor_slips import DAY, REPORT, VendorSlipMixin
from odoo.addons.sales_management.tools.promise import PromiseSource


@tagged("post_install", "-at_install", "promise", "measures", "companions")
class TestVendorPurchase(VendorSlipMixin, DealDocumentCommon):
    """Beside Purchase, what was to come when is what the purchase says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._switch_promise_on()

    def _create_purchase(self, planned):
        line = {"product_id": self.bolt.id, "product_qty": 5, "price_unit": 1, "date_planned": planned}
        return self.env["purchase.order"].create(
            {"partner_id": self.vendor.id, "order_line": [Command.create(line)], "date_planned": planned}
        )

    def _receive_purchase(self, purchase, moment):
        move = purchase.picking_ids.move_ids
        move.write({"quantity": 5, "picked": True})
        move._action_done()
        move.date = moment
        self.env.flush_all()
        return self.env[REPORT].search([("move_id", "=", move.id)])

    def test_planned_day_is_that_of_the_purchase(self):
        purchase = self._create_purchase(self.today - 40 * DAY)
        purchase.button_confirm()
        row = self._receive_purchase(purchase, self.today - 36 * DAY)
        self.assertEqual((row.vendor_id, row.days_late, row.is_late), (self.vendor, 4, True))

    def test_postponed_by_the_buyer_counts_as_postponed(self):
        purchase = self._create_purchase(self.today - 40 * DAY)
        purchase.button_confirm()
        purchase.order_line.date_planned = self.today - 35 * DAY
        row = self._receive_purchase(purchase, self.today - 36 * DAY)
        self.assertEqual((row.days_late, row.is_late), (-1, False))

    def test_request_for_quotation_tells_its_vendor(self):
        line = self._create_purchase(self.today).order_line
        source = PromiseSource("draft", id=line.id)
        vendors = self.env["sales.promise.engine"]._get_source_vendors({source})
        self.assertEqual(vendors, {source: (self.vendor.id, self.env.company.id)})
