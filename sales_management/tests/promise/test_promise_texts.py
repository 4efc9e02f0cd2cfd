"""What people read of promises: words, parts, answers to a wished date, and who may read none of it."""

import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import is_html_empty, mute_logger

from odoo.addons.sales_management.tools.promise import PromiseSource

from .test_promise_commitment import CommitmentCommon

KINDS = (
    "stock",
    "receipt",
    "production",
    "return",
    "transfer",
    "draft",
    "vendor",
    "make",
    "transit",
    "none",
    "planner",
)


@tagged("post_install", "-at_install", "promise")
class TestPromiseTexts(CommitmentCommon):
    # === Sources === #

    def _format(self, *args, **values):
        with freeze_time("2026-11-22"):
            return self.env["sales.promise.engine"]._format_source(PromiseSource(*args, **values))

    def test_receipt_says_when_it_comes_and_how_sure(self):
        name, day = "WH/IN/0042", "2026-12-12"
        expected = {
            "": "receipt WH/IN/0042 expected December 12",
            "acknowledged": "receipt WH/IN/0042 expected December 12, acknowledged",
            "unacknowledged": "receipt WH/IN/0042 expected December 12, not acknowledged",
            "overdue": "receipt WH/IN/0042 was expected December 12 and is overdue",
        }
        for flag, words in expected.items():
            self.assertEqual(self._format("receipt", name, day, flag), words)

    def test_another_year_is_named(self):
        self.assertEqual(self._format("receipt", "IN", "2027-01-02"), "receipt IN expected January 2, 2027")

    def test_late_vendor_is_named(self):
        self.assertIn("5 days later", self._format("receipt", "IN", "2026-12-12", "acknowledged", late_by=5))

    def test_nobody_knows(self):
        self.assertEqual(self._format("unknown"), "no vendor and no bill of materials: nobody knows")

    def test_every_kind_and_flag_has_words(self):
        for kind in (*KINDS, "unknown"):
            for name in ("", "X1"):
                for day in ("", "2026-12-12"):
                    for flag in ("", "acknowledged", "unacknowledged", "overdue"):
                        words = self._format(kind, name, day, flag)
                        self.assertTrue(words)
                        self.assertNotIn("%(", words)

    def test_stored_source_and_none(self):
        engine = self.env["sales.promise.engine"]
        self.assertEqual(engine._format_source(PromiseSource("stock")._asdict()), "in stock")
        self.assertEqual(engine._format_source(None), "")

    # === Parts === #

    def test_parts_sum_to_the_line_in_its_own_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        line = self._create_order(quantity=10).order_line
        for unit, quantity in ((dozen, 1.25), (self.bolt.uom_id, 15), (dozen, 1.33)):
            line.write({"product_uom_id": unit.id, "product_uom_qty": quantity})
            schedule = line.promise_schedule
            self.assertEqual(len(schedule), 2)
            self.assertAlmostEqual(sum(step["qty"] for step in schedule), line.product_uom_qty, 6)

    def test_certainty_in_three_words(self):
        line = self._create_order(quantity=10).order_line
        self.assertEqual(line.promise_certainty, "in_stock")
        line.product_uom_qty = 11
        self.assertEqual(line.promise_certainty, "on_way")
        line.product_uom_qty = 100
        self.assertEqual((line.promise_certainty, line.promise_date), ("to_confirm", False))
        self.assertIn("nobody knows", line.promise_source)

    def test_hint_says_what_can_be_there_earlier(self):
        line = self._create_order(quantity=15).order_line
        self.assertIn("10 Units can be there on", line.promise_hints[0])

    def test_words_of_a_line_that_is_not_saved(self):
        line = self._create_order(quantity=15).order_line
        words = self.env["sale.order.line"].describe_promise(
            line.promise_detail, 15, line.product_id.id, line.product_uom_id.id, line.warehouse_id.id
        )
        self.assertEqual(words["source"], line.promise_source)
        self.assertEqual(words["schedule"], line.promise_schedule)
        self.assertEqual(words["hints"], line.promise_hints)

    def test_what_is_no_answer_has_no_words(self):
        line = self._create_order(quantity=15).order_line
        step = {"date": "soon", "qty": 1, "confidence": "a", "source": {"kind": "stock"}}
        answers = {"steps": 3}, {"source": {"sort": "x"}}, {"steps": [step, step]}
        for detail in ("late", "[1]", *map(json.dumps, answers)):
            with self.subTest(detail), self.assertRaises(UserError):
                line.describe_promise(detail, 15, line.product_id.id)

    # === Requested date === #

    def test_answer_to_the_requested_date(self):
        order = self._create_order(quantity=15)
        self.assertFalse(order.promise_answer)
        order.promise_requested_date = fields.Date.today() + timedelta(days=40)
        self.assertEqual(order.promise_answer_level, "possible")
        order.promise_requested_date = fields.Date.today() + timedelta(days=10)
        self.assertEqual(order.promise_answer_level, "impossible")
        self.assertIn("of 15 Bolt", order.promise_answer)
        order.order_line.product_uom_qty = 100
        self.assertEqual(order.promise_answer_level, "unknown")

    def test_switched_off_there_is_none(self):
        self.env.company.sales_promise_enabled = False
        order = self._create_order(quantity=15, promise_requested_date=fields.Date.today())
        self.assertFalse(order.is_promise_used)
        self.assertFalse(order.promise_answer)
        self.assertFalse(order.order_line.promise_source)

    # === Access === #

    def test_customers_do_not_read_where_goods_come_from(self):
        portal = self.users_by_role["portal"]
        order = self._create_order(quantity=15, partner_id=portal.partner_id.id, state="sent")
        order.order_line.action_commit_promise()
        line = order.order_line.with_user(portal)
        self.assertTrue(line.read(["promise_committed_date"])[0]["promise_committed_date"])
        hidden = ("promise_source", "promise_schedule", "promise_detail", "promise_hints", "promise_date")
        hidden += ("promise_cause", "promise_told_date", "promise_state", "promise_was_held", "promise_paper")
        names = {line: (*hidden, "promise_question_ids")}
        names[line.order_id] = ("promise_date", "promise_state", "promise_answer", "promise_hold_until")
        names[line.order_id] += ("promise_hold_count", "promise_held_until")
        for record, own in names.items():
            for name in own:
                with self.subTest(name), self.assertRaises(AccessError), mute_logger("odoo.models"):
                    record.read([name])

    def test_lines_of_many_orders_take_no_more_queries(self):
        def count(orders):
            self.env.flush_all()
            lines = self.env["sale.order.line"].browse(orders.order_line.ids)
            lines.invalidate_recordset()
            lines.mapped("promise_detail")
            before = self.env.cr.sql_log_count
            lines.mapped("promise_schedule")
            return self.env.cr.sql_log_count - before

        orders = self.env["sale.order"].union(*(self._create_order(quantity=3) for _each in range(8)))
        few = count(orders[:2])
        self.assertLessEqual(count(orders), few)


@tagged("post_install", "-at_install", "promise")
class TestPromisePaper(CommitmentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order(quantity=15)
        cls.line = cls.order.order_line

    def _print(self, kind):
        self.env.company.promise_print = kind
        return self.line._get_promise_paper_text()

    def _commit(self, days=14):
        day = fields.Date.today() + timedelta(days=days)
        self.line.promise_committed_date = self.line._get_local_noon(day)

    def test_nothing_is_said_unless_somebody_committed(self):
        for kind in ("nothing", "date", "order", "deposit"):
            self.assertFalse(self._print(kind))
        self._commit()
        self.assertFalse(self._print("nothing"))
        self.assertTrue(self._print("date"))

    def test_days_after_order_and_deposit(self):
        self._commit()
        self.assertEqual(self._print("order"), "Delivery: 14 days after order")
        self.assertEqual(self._print("deposit"), "Delivery: 14 days after deposit")

    def test_paper_does_not_change_by_itself(self):
        self._commit()
        self.env.flush_all()
        with freeze_time(fields.Datetime.now() + timedelta(days=3)):
            self.env.invalidate_all()
            self.line.promise_committed_date = self.line.promise_committed_date
            self.env.flush_all()
            self.assertEqual(self._print("order"), "Delivery: 14 days after order")

    def test_parts_are_shown_where_they_are_shipped_apart(self):
        self.order.picking_policy = "direct"
        self.line.action_commit_promise()
        text = self._print("date")
        self.assertIn("10 Units on", text)
        self.assertIn("5 Units on", text)
        self.assertIn("5 Units in", self._print("order"))
        self.order.picking_policy = "one"
        self.assertNotIn("Units", self._print("date"))

    def test_parts_of_another_quantity_are_not_shown(self):
        self.order.picking_policy = "direct"
        self.line.action_commit_promise()
        self.env.flush_all()
        self.line.product_uom_qty = 14
        self.assertNotIn("Units", self._print("date"))

    def test_nobody_writes_it_over_rpc(self):
        with self.assertRaisesRegex(Exception, "filled in automatically"):
            self.line.with_user(self.salesperson).write({"promise_paper": {}})

    def _render(self, kind):
        self._commit()
        self.env.company.promise_print = kind
        report = self.env["ir.actions.report"]
        return report._render_qweb_html("sale.report_saleorder", self.order.ids)[0].decode()

    def test_file_and_portal_say_it(self):
        html = self._render("order")
        self.assertIn("14 days after order", html)
        self.assertNotIn("Delivery Date", html)
        html = self._render("date")
        self.assertIn("Delivery Date", html)
        self.assertNotIn("days after", html)
        values = {
            "sale_order": self.order,
            "report_type": "html",
            "product_documents": False,
            "is_html_empty": is_html_empty,
        }
        page = self.env["ir.qweb"]._render("sale.sale_order_portal_content", values)
        self.assertIn("Delivery: ", page)
        self.assertNotIn("receipt", page)

    def test_switched_off_the_paper_is_that_of_core(self):
        self._commit()
        self.env.company.write({"promise_print": "order", "sales_promise_enabled": False})
        self.assertFalse(self.line._get_promise_paper_text())
        self.assertFalse(self.order._is_delivery_in_days())


@tagged("post_install", "-at_install", "promise")
class TestPromiseSetup(CommitmentCommon):
    def test_step_switches_on(self):
        company = self.env.company
        company.sales_promise_enabled = False
        setup = self.env["sales.setup"].with_user(self.manager)
        state = setup._get_promise_setup_state()
        self.assertEqual((state.level, state.button), ("off", "Switch On"))
        state.action()
        self.assertTrue(company.sales_promise_enabled)
        self.assertIn(setup._get_promise_setup_state().level, ("todo", "done"))

    def test_what_is_missing_is_said(self):
        setup = self.env["sales.setup"].with_user(self.manager)
        company = self.env.company
        company.resource_calendar_id = False
        self.assertIn("no working hours", setup._get_promise_setup_state().text)
        missing = setup._count_unsupplied_products(company)
        self.bolt.seller_ids = [Command.create({"partner_id": self.customer.id})]
        self.assertEqual(setup._count_unsupplied_products(company), missing - 1)
