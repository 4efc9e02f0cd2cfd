from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .hold_common import DAY, HoldCommon


@tagged("post_install", "-at_install", "promise")
class TestHold(HoldCommon):
    """What sent quotations hold, and for how long."""

    # === Taking === #

    def test_sent_quotation_holds_its_quantities(self):
        order = self._quote((5, 3))
        self.assertFalse(self._get_held(order))
        self._send(order)
        self.assertEqual(self._get_held(order), [("Bolt", 3), ("Bolt", 5)])
        hold = self.holds.search([("order_id", "=", order.id)], limit=1)
        self.assertEqual((hold.warehouse_id, hold.company_id), (order.warehouse_id, self.company))
        self.assertEqual(hold.date, DAY)
        self.assertFalse(hold.is_committed)
        self.assertEqual((order.promise_hold_count, order.promise_held_until), (2, hold.expiry))

    def test_goods_leave_the_shelf_before_they_are_there(self):
        order = self._quote()
        order.order_line.customer_lead = 3
        self._send(order)
        self.assertEqual(self.holds.search([("order_id", "=", order.id)]).date, DAY - timedelta(days=3))

    def test_draft_holds_nothing_and_switched_off_nothing_holds(self):
        self.assertFalse(self._get_held(self._quote()))
        for switch in ("promise_hold_enabled", "sales_promise_enabled"):
            with self.subTest(switch):
                self.company[switch] = False
                self.assertFalse(self._get_held(self._send(self._quote())))
                self.company[switch] = True

    def test_switching_on_holds_nothing_of_what_was_sent_before(self):
        self.company.promise_hold_enabled = False
        order = self._send(self._quote())
        self.company.promise_hold_enabled = True
        self.assertFalse(self._get_held(order))
        order.order_line.product_uom_qty = 7
        self.assertFalse(self._get_held(order))
        self._send(order)
        self.assertEqual(self._get_held(order), [("Bolt", 7)])

    def test_kit_holds_its_components(self):
        kit = self.env["product.product"].create({"name": "Kit", "type": "consu"})
        self.kits[kit.id] = [(self.bolt.id, 2.0), (self.nut.id, 4.0)]
        self.addCleanup(self.kits.clear)
        self.assertEqual(self._get_held(self._send(self._quote((3,), kit))), [("Bolt", 6), ("Nut", 12)])

    def test_selling_unit_is_not_that_of_the_product(self):
        order = self._quote((2,))
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        self.assertEqual(self._get_held(self._send(order)), [("Bolt", 24)])

    def test_what_takes_nothing_from_others_holds_nothing(self):
        for name, answer in (
            ("lead time", {"confidence": "e", "kind": "vendor"}),
            ("planner", {"confidence": "b", "kind": "planner"}),
            ("nobody knows", {"confidence": "e", "kind": "unknown", "date": None}),
        ):
            with self.subTest(name), self._answering(**answer):
                self.assertFalse(self._get_held(self._send(self._quote())))
        self.stockless.add(self.bolt.id)
        self.addCleanup(self.stockless.clear)
        self.assertFalse(self._get_held(self._send(self._quote())))

    def test_lines_without_goods_hold_nothing(self):
        order = self._quote((0, -2))
        order.order_line = [Command.create({"display_type": "line_note", "name": "By truck"})]
        self.assertFalse(self._get_held(self._send(order)))

    def test_sending_twice_holds_once(self):
        order = self._send(self._send(self._quote()))
        self.assertEqual(self._get_held(order), [("Bolt", 5)])
        self.assertEqual(self.holds.search_count([("order_id", "=", order.id)]), 1)

    # === Following === #

    def test_holds_follow_their_quotation(self):
        order = self._send(self._quote((5, 3)))
        order.order_line[0].product_uom_qty = 8
        self.assertEqual(self._get_held(order), [("Bolt", 3), ("Bolt", 8)])
        order.order_line[1].product_id = self.nut
        self.assertEqual(self._get_held(order), [("Bolt", 8), ("Nut", 3)])
        order.order_line = [Command.create({"product_id": self.nut.id, "product_uom_qty": 2})]
        self.assertEqual(self._get_held(order), [("Bolt", 8), ("Nut", 2), ("Nut", 3)])
        order.order_line[0].unlink()
        self.assertEqual(self._get_held(order), [("Nut", 2), ("Nut", 3)])
        order.order_line.filtered(lambda line: line.product_uom_qty == 2).product_uom_qty = 0
        self.assertEqual(self._get_held(order), [("Nut", 3)])

    def test_price_and_text_change_no_hold(self):
        order = self._send(self._quote())
        self.env.flush_all()
        with patch.object(type(self.holds), "_hold") as hold:
            order.order_line.price_unit = 3
        hold.assert_not_called()

    # === Expiry === #

    def test_quotation_holds_to_the_end_of_its_last_day_in_the_zone_of_the_company(self):
        for zone, hour in (("Asia/Shanghai", "2030-01-10 16:00:00"), ("America/New_York", "2030-01-11 05:00:00")):
            with self.subTest(zone):
                self.company.partner_id.tz = zone
                order = self._send(self._quote(validity_date=date(2030, 1, 10)))
                hold = self.holds.search([("order_id", "=", order.id)])
                self.assertEqual(hold.expiry, fields.Datetime.to_datetime(hour))
                with freeze_time(hold.expiry - timedelta(seconds=1)):
                    self.assertTrue(self._get_held(order))
                with freeze_time(hold.expiry):
                    self.assertFalse(self._get_held(order))

    def test_without_expiry_the_days_of_the_company_count(self):
        order = self._quote()
        order.validity_date = False
        self._send(order)
        hold = self.holds.search([("order_id", "=", order.id)])
        self.assertEqual(hold.expiry, order.handed_over_at + timedelta(days=10))

    def test_switched_on_again_what_changed_meanwhile_is_followed(self):
        changed, confirmed = self._send(self._quote((5,))), self._send(self._quote((4,)))
        self.company.sales_promise_enabled = False
        changed.order_line.product_uom_qty = 3
        confirmed.action_confirm()
        self.company.sales_promise_enabled = True
        self.assertEqual(self._get_held(changed), [("Bolt", 3)])
        self.assertFalse(self._get_held(confirmed))

    def test_longer_validity_holds_longer(self):
        order = self._send(self._quote(validity_date=date(2030, 1, 10)))
        order.validity_date = date(2030, 1, 20)
        hold = self.holds.search([("order_id", "=", order.id)])
        self.assertEqual(hold.expiry.date(), date(2030, 1, 20) + timedelta(days=hold.expiry.hour < 12))
        self.assertEqual(order.promise_hold_until, hold.expiry)

    def test_expired_quotation_that_is_extended_holds_again(self):
        order = self._send(self._quote(validity_date=fields.Date.today() - timedelta(days=3)))
        self.assertFalse(self._get_held(order))
        order.validity_date = fields.Date.today() + timedelta(days=3)
        self.assertTrue(self._get_held(order))

    # === Ends === #

    def test_confirming_cancelling_and_resetting_release(self):
        for method, reason in (
            ("action_confirm", "Confirmed"),
            ("action_cancel", "Cancelled"),
            ("action_draft", "Set back"),
        ):
            with self.subTest(method):
                # What it held says why it no longer does.
                order = self._send(self._quote())
                getattr(order, method)()
                self.assertFalse(self._get_held(order))
                hold = self.holds.search([("order_id", "=", order.id)])
                self.assertIn(reason, hold.release_reason)
                self.assertFalse(order.promise_hold_until)

    def test_replaced_revision_releases_and_the_discarded_one_gives_back(self):
        self.company.sales_quotation_enabled = True
        order = self._send(self._quote())
        revision = self.env["sale.order"].browse(order.action_create_revision()["res_id"])
        self.assertFalse(self._get_held(order | revision))
        revision.action_discard_revision()
        self.assertEqual(order.state, "sent")
        self.assertEqual(self._get_held(order), [("Bolt", 5)])

    def test_deleted_quotation_leaves_nothing(self):
        order = self._send(self._quote())
        holds = self.holds.search([("order_id", "=", order.id)])
        order.action_draft()
        order.unlink()
        self.assertFalse(holds.exists())

    # === Commitments === #

    def test_committed_draft_holds_whatever_the_setting_says(self):
        self.company.promise_hold_enabled = False
        order = self._quote()
        order.order_line.promise_committed_date = DAY
        self.holds._hold_committed(order.order_line)
        self.assertEqual(self._get_held(order), [("Bolt", 5)])
        self.assertTrue(self.holds.search([("order_id", "=", order.id)]).is_committed)
        order.order_line.product_uom_qty = 6
        self.assertEqual(self._get_held(order), [("Bolt", 6)])
        self.holds._release(order.order_line)
        self.assertFalse(self._get_held(order))

    def test_commitment_counts_once_and_its_end_leaves_the_hold_of_the_sent_quotation(self):
        order = self._send(self._quote())
        order.order_line.promise_committed_date = DAY
        self.holds._hold_committed(order.order_line)
        hold = self.holds.search([("order_id", "=", order.id)])
        self.assertTrue(hold.is_committed)
        self._send(order)
        self.assertTrue(hold.is_committed)
        self.assertEqual(self._get_held(order), [("Bolt", 5)])
        order.order_line.promise_committed_date = False
        self.holds._release_committed(order.order_line)
        self.assertFalse(hold.is_committed)
        self.assertEqual(self._get_held(order), [("Bolt", 5)])

    def test_commitment_survives_cancelling_where_the_goods_are_still_there(self):
        for method in ("action_cancel", "action_confirm"):
            order = self._quote()
            order.action_commit_promise()
            getattr(order, method)()
            if order.state != "cancel":
                order._action_cancel()
            self.assertFalse(self._get_held(order))
            with self.subTest(method), self._answering(date=DAY + timedelta(days=9)):
                order.action_draft()
                self.assertFalse(self._get_held(order), "Somebody else has them.")
            order._action_cancel()
            with self.subTest(method):
                order.action_draft()
                self.assertEqual(order.order_line.promise_committed_date, DAY)
                self.assertTrue(self._get_held(order))

    def test_line_that_is_moved_holds_for_its_quotation(self):
        sent, other, draft = self._send(self._quote((5, 3))), self._send(self._quote()), self._quote()
        first, second = sent.order_line
        first.order_id, second.order_id = other, draft
        holds = self.holds.search([("released_at", "=", False), ("line_id", "in", (first | second).ids)])
        self.assertEqual((holds.line_id, holds.order_id), (first, other))

    def test_confirmed_orders_hold_nothing(self):
        order = self._quote()
        order.action_confirm()
        self.assertFalse(self.holds._hold_committed(order.order_line))

    # === Housekeeping and cost === #

    def test_old_rows_are_deleted(self):
        order = self._send(self._quote())
        hold = self.holds.search([("order_id", "=", order.id)])
        with freeze_time(hold.expiry + timedelta(days=80)):
            self.holds._gc_holds()
            self.assertTrue(hold.exists())
        with freeze_time(hold.expiry + timedelta(days=100)):
            self.holds._gc_holds()
            self.assertFalse(hold.exists())

    def test_queries_do_not_grow_with_the_lines(self):
        def send(count):
            order = self._quote(range(1, count + 1))
            order.order_line.mapped("promise_date")
            self.env.flush_all()
            self.env.invalidate_all()
            lines = order.order_line
            before = self.env.cr.sql_log_count
            self.holds._hold(lines)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        send(2)
        self.assertEqual(send(40), send(3))
