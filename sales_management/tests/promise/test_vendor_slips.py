import random
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.sales_management.tests.common import DealDocumentCommon
from odoo.addons.sales_management.tests.promise.fact_common import PromiseFactMixin
from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, AccessCommon
from odoo.addons.sales_management.tools.promise import PromiseResult, PromiseSource, PromiseStep

DAY = timedelta(days=1)
REPORT = "sales.vendor.report"


class VendorSlipMixin(PromiseFactMixin):
    @classmethod
    def _switch_promise_on(cls):
        result = super()._switch_promise_on()
        cls.vendor, cls.other_vendor, cls.new_vendor = cls.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("Ningbo Steel", "Wuxi Seal", "Jinan Cast")]
        )
        cls.today = fields.Datetime.now().replace(hour=4, minute=0, second=0, microsecond=0)
        return result

    @classmethod
    def _create_receipt(cls, vendor, deadline, **values):
        receipt = cls.env["stock.picking"].create(
            {
                "partner_id": vendor.id,
                "picking_type_id": cls.warehouse.in_type_id.id,
                "location_id": cls.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": cls.warehouse.lot_stock_id.id,
            }
        )
        move = cls.env["stock.move"].create(
            {
                "picking_id": receipt.id,
                "product_id": cls.bolt.id,
                "product_uom_qty": 5,
                "location_id": receipt.location_id.id,
                "location_dest_id": receipt.location_dest_id.id,
                "date": deadline,
                "date_deadline": deadline,
                **values,
            }
        )
        move._action_confirm()
        return move

    @classmethod
    def _receive(cls, vendor, *days, age=30):
        """Receipts that came so many days after their planned day, ``age`` days ago."""
        moves = cls.env["stock.move"]
        for late in days:
            move = cls._create_receipt(vendor, cls.today - (age + late) * DAY)
            move.write({"quantity": 5, "picked": True})
            move._action_done()
            move.date = cls.today - age * DAY
            moves |= move
        cls.env.flush_all()
        cls.env.registry.clear_cache()
        return moves


@tagged("post_install", "-at_install", "promise", "measures")
class TestVendorSlips(VendorSlipMixin, DealDocumentCommon):
    """How late vendors were, and what that says of what they are to bring."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._switch_promise_on()
        cls.engine = cls.env["sales.promise.engine"]

    def _switch_on(self, days=3):
        self.env.company.write({"sales_promise_slips_used": True, "sales_promise_slip_days": days})

    # === Statistics === #

    def test_percentiles_of_a_vendor(self):
        self._receive(self.vendor, 0, 2, 4, 6, 8)
        slip = self.engine._get_vendor_slips(self.vendor.ids)[self.vendor.id]
        self.assertEqual((slip.p50, slip.count, slip.is_own), (4, 5, True))
        self.assertAlmostEqual(slip.p90, 7.2)

    def test_contact_counts_as_its_company(self):
        self._receive(self.vendor, 1, 1, 1)
        contact = self.env["res.partner"].create({"name": "Mrs Qian", "parent_id": self.vendor.id})
        self._receive(contact, 1, 1)
        slips = self.engine._get_vendor_slips(contact.ids)
        self.assertEqual((slips[contact.id].count, slips[contact.id].is_own), (5, True))

    def test_few_receipts_count_as_all_do(self):
        self.assertEqual(self.engine._get_vendor_slips(self.vendor.ids), {})
        self._receive(self.vendor, 9, 9, 9, 9)
        self.assertEqual(self.engine._get_vendor_slips(self.vendor.ids), {})
        self._receive(self.other_vendor, 1, 1, 1, 1, 1)
        slips = self.engine._get_vendor_slips([self.vendor.id, self.other_vendor.id, self.new_vendor.id])
        self.assertEqual((slips[self.other_vendor.id].p90, slips[self.other_vendor.id].is_own), (1, True))
        self.assertEqual(slips[self.vendor.id], slips[self.new_vendor.id])
        self.assertEqual((slips[self.vendor.id].count, slips[self.vendor.id].is_own), (9, False))

    def test_old_receipts_and_those_of_other_companies_do_not_count(self):
        self._receive(self.vendor, 9, 9, 9, 9, 9, age=400)
        self.assertEqual(self.engine._get_vendor_slips(self.vendor.ids), {})
        other = self.setup_other_company()["company"]
        self._receive(self.vendor, 1, 1, 1, 1, 1)
        self.assertEqual(self.engine._get_vendor_slips(self.vendor.ids, other.id), {})

    def test_statistics_of_a_day_are_read_once(self):
        self._receive(self.vendor, 1, 1, 1, 1, 1)
        self.engine._get_vendor_slips(self.vendor.ids)
        with self.assertQueryCount(0):
            self.engine._get_vendor_slips([self.vendor.id, self.vendor.id])

    def test_figures_reconcile_with_the_moves(self):
        rng, days = random.Random(7), {}
        for vendor in (self.vendor, self.other_vendor):
            days[vendor] = [rng.randint(-3, 12) for _number in range(8)]
            self._receive(vendor, *days[vendor])
        groups = self.env[REPORT]._read_group(
            [("vendor_id", "in", [vendor.id for vendor in days])],
            ["vendor_id"],
            ["receipt_count:sum", "late_rate:avg", "days_late:avg", "p50_days:avg", "p90_days:avg"],
        )
        self.assertEqual(len(groups), 2)
        for vendor, count, late_rate, days_late, p50, p90 in groups:
            late = sorted(days[vendor])
            self.assertEqual(count, 8)
            self.assertAlmostEqual(late_rate, 100 * sum(day > 0 for day in late) / 8)
            self.assertAlmostEqual(days_late, sum(late) / 8)
            self.assertAlmostEqual(p50, (late[3] + late[4]) / 2)
            self.assertAlmostEqual(p90, late[6] + 0.3 * (late[7] - late[6]))

    def test_neither_open_nor_unplanned_receipts_count(self):
        self._create_receipt(self.vendor, self.today - 3 * DAY)
        move = self._create_receipt(self.vendor, self.today, date_deadline=False)
        move.write({"quantity": 5, "picked": True})
        move._action_done()
        self.assertFalse(self.env[REPORT].search([("vendor_id", "=", self.vendor.id)]))

    # === Promises === #

    def _add(self, move, confidence="b"):
        source = PromiseSource("receipt", "WH/IN/0042", "2026-12-12", "acknowledged", move.id)
        stock = PromiseSource("stock")
        steps = (PromiseStep(self.today, 2, stock, "a"), PromiseStep(self.today + DAY, 3, source, confidence))
        result = PromiseResult(1, self.today + DAY, steps, confidence, source, None)
        return self.engine._add_slips({1: result})[1]

    def test_what_was_deleted_since_has_no_vendor(self):
        """What a stored answer waits for may be gone when somebody asks who supplies it."""
        partner = self.env["res.partner"].create({"name": "Gone"})
        known = PromiseSource("vendor", id=self.env["res.partner"].create({"name": "Here"}).id)
        sources = {PromiseSource("receipt", id=2**31 - 1), PromiseSource("draft", id=2**31 - 1), known}
        sources.add(PromiseSource("vendor", id=partner.id))
        partner.unlink()
        vendors = self.env["sales.promise.engine"]._get_source_vendors(sources)
        self.assertEqual(vendors, {known: (known.id, self.env.company.id)})

    def test_unreliable_vendor_is_trusted_less(self):
        self._receive(self.vendor, 0, 2, 4, 6, 8)
        move = self._create_receipt(self.vendor, self.today + DAY)
        self._switch_on()
        result = self._add(move)
        self.assertEqual((result.confidence, result.source.late_by), ("c", 8))
        self.assertEqual([step.confidence for step in result.steps], ["a", "c"])
        self.assertEqual([step.source.late_by for step in result.steps], [0, 8])
        self.assertEqual(self._add(move, "c").confidence, "c")

    def test_setting_says_what_is_unreliable(self):
        self._receive(self.vendor, 0, 2, 4, 6, 8)
        move = self._create_receipt(self.vendor, self.today + DAY)
        self._switch_on(days=8)
        result = self._add(move)
        self.assertEqual((result.confidence, result.source.late_by), ("b", 8))

    def test_punctual_vendor_changes_nothing(self):
        self._receive(self.vendor, -2, -1, 0, 0, 0)
        move = self._create_receipt(self.vendor, self.today + DAY)
        self._switch_on()
        result = self._add(move)
        self.assertEqual((result.confidence, result.source.late_by), ("b", 0))

    def test_switched_off_costs_nothing(self):
        self._receive(self.vendor, 9, 9, 9, 9, 9)
        move = self._create_receipt(self.vendor, self.today + DAY)
        self.env["res.company"]._get_slip_limits()
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            self.assertEqual(self._add(move).confidence, "b")
        self._switch_on()
        self.assertEqual(self._add(move).confidence, "c")
        self.env.company.sales_promise_slips_used = False
        self.assertEqual(self._add(move).confidence, "b")

    def test_queries_do_not_grow(self):
        self._receive(self.vendor, 9, 9, 9, 9, 9)
        self._switch_on()
        moves = self.env["stock.move"].concat(
            *(self._create_receipt(self.vendor, self.today + day * DAY) for day in range(12))
        )
        counts = []
        for part in (moves[:2], moves):
            self.env.flush_all()
            self.env.invalidate_all()
            self._add(moves[0])
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            sources = {PromiseSource("receipt", id=move.id) for move in part}
            self.assertEqual(len(self.engine._get_source_vendors(sources)), len(part))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_quotation_waits_for_an_unreliable_vendor(self):
        self._receive(self.vendor, 0, 2, 4, 6, 8)
        self._switch_on()
        self._create_receipt(self.vendor, self.today + 5 * DAY, product_uom_qty=5000)
        order = self._create_order(quantity=4000)
        line = order.order_line
        self.assertEqual(line._get_promise_detail()["source"]["late_by"], 8)
        self.env.flush_all()
        line.promise_committed_date = line.promise_date
        fact = self._get_facts(order, "committed")
        self.assertEqual(fact.vendor_id, self.vendor)


@tagged("post_install", "-at_install", "promise", "measures", "access")
class TestVendorReportAccess(VendorSlipMixin, AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._switch_promise_on()

    def test_leaders_and_stock_users_see_it(self):
        self._receive(self.vendor, 1)
        domain = [["vendor_id", "=", self.vendor.id]]
        for user in (self.leader, self.member, self.manager, self.stock):
            self.assertEqual(self._call(user, REPORT, "search_count", domain=domain), 1, user.login)
        self.assertEqual(self._call(self.salesperson, REPORT, "search_count", domain=domain), 0)
        for user in (self.finance, self.portal):
            self._assert_refused(FORBIDDEN, user, REPORT, "search_count", domain=domain)
