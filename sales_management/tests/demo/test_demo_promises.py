from odoo.tests import tagged

from .demo_common import DemoCommon


class DemoPromises:
    """What the demo company promises, with Purchase and Manufacturing and without.

    Mixed into the tests of the demo company, for it takes long to build.
    """

    def get_line(self, code, state="draft"):
        """:return: the line of what is shown of a product"""
        lines = self.orders.order_line.filtered(lambda line: line.product_id.default_code == code)
        return lines.filtered(lambda line: line.state == state)

    def get_answer(self, code):
        """:return: what the line of the quotation for showing waits for, how sure that is, and in how many parts"""
        order = self.get_line("HD-W08").order_id
        line = order.order_line.filtered(lambda line: line.product_id.default_code == code)
        source = line._get_promise_detail()["source"]
        return source["kind"], source["flag"], line.promise_confidence, len(line.promise_schedule)

    def test_company_promises(self):
        self.assertTrue(self.company.sales_promise_enabled)
        self.assertTrue(self.company.promise_hold_enabled)
        self.assertEqual(self.company.promise_print, "date")
        self.assertEqual(self.company.promise_planner_id.login, "demo_planner")
        urgent = self.env["sales.deal.class"].search([*self.mine, ("delivery_priority", "=", "1")])
        self.assertEqual(urgent.mapped("code"), ["key"])

    def test_answers_without_companions_are_shown(self):
        self.assertEqual(self.get_answer("HD-W01"), ("stock", "", "a", 1))
        self.assertEqual(self.get_answer("HD-W05")[1:], ("overdue", "c", 1))
        self.assertEqual(self.get_answer("HD-W08"), ("unknown", "", "e", 1))
        self.assertEqual(self.get_answer("HD-V03"), ("none", "", "a", 1))
        self.assertEqual(self.get_answer("HD-W02")[3], 2)

    def test_sent_quotation_holds(self):
        held = self.env["sales.promise.hold"].search(
            [*self.mine, ("released_at", "=", False), ("is_committed", "=", False)]
        )
        self.assertEqual(held.order_id.state, "sent")
        self.assertEqual(sorted(held.product_id.mapped("default_code")), ["HD-P01", "HD-W01"])

    def test_one_slip_is_one_notice(self):
        lines = self.get_line("HD-W09", "sale")
        self.assertEqual(lines.mapped("promise_state"), ["at_risk"] * 2)
        self.assertTrue(all(line.promise_date > line.promise_committed_date for line in lines))
        notices = self.env["sales.notice"].search(
            [("res_model", "=", "sale.order"), ("res_id", "in", lines.order_id.ids)]
        )
        told = notices.filtered(lambda notice: "risk" in notice.cause)
        self.assertEqual(told.user_id, self.user("sales") | self.user("leader"))
        self.assertEqual(len(told), 4)
        self.assertEqual(len(set(told.mapped("cause"))), 1)
        slipped = self.env["sales.promise.fact"].search([*self.mine, ("kind", "=", "slipped")])
        self.assertEqual(slipped.line_id, lines, "what was late before is told to nobody")

    def test_late_and_better(self):
        late = self.env["sales.promise.demand"].search([*self.mine, ("promise_state", "=", "late")])
        self.assertEqual(late.product_id.default_code, "HD-W10")
        better = self.env["sales.promise.demand"].search([*self.mine, ("is_better", "=", True)])
        self.assertIn("HD-W11", better.product_id.mapped("default_code"))

    def test_questions(self):
        questions = self.env["sales.promise.question"].search(self.mine)
        self.assertEqual(sorted(questions.mapped("state")), ["answered", "asked"])
        answered = questions.filtered(lambda question: question.state == "answered")
        self.assertEqual(answered.answered_by_id, self.user("planner"))
        self.assertEqual(answered.line_id.promise_date, answered.answered_date)

    def test_reports_show_a_year(self):
        months = self.env["sales.delivery.report"]._read_group(self.mine, ["first_date:month"], ["otif_rate:avg"])
        self.assertGreaterEqual(len(months), 10)
        overall = self.env["sales.delivery.report"]._read_group(
            self.mine, [], ["otif_rate:avg", "current_otif_rate:avg"]
        )
        self.assertTrue(50 < overall[0][0] < overall[0][1] < 100)
        vendors = self.env["sales.vendor.report"]._read_group(self.mine, ["vendor_id"], ["receipt_count:sum"])
        self.assertGreaterEqual(len(vendors), 4)

    def test_facts_follow_each_other(self):
        for line, facts in self.env["sales.promise.fact"].search(self.mine, order="id").grouped("line_id").items():
            moments = facts.mapped("moment")
            self.assertEqual(moments, sorted(moments), line.display_name)


@tagged("post_install", "-at_install", "demo", "companions")
class TestDemoMaking(DemoPromises, DemoCommon):
    """With Purchase and Manufacturing beside the addon, every kind of answer is there."""

    allow_inherited_tests_method = True

    def test_every_answer_is_shown(self):
        self.assertEqual(self.get_answer("HD-W02"), ("receipt", "acknowledged", "b", 2))
        self.assertEqual(self.get_answer("HD-W03"), ("receipt", "acknowledged", "b", 1))
        self.assertEqual(self.get_answer("HD-W04"), ("receipt", "unacknowledged", "c", 1))
        self.assertEqual(self.get_answer("HD-M01")[0::2], ("production", "b"))
        self.assertEqual(self.get_answer("HD-M03")[:3], ("production", "overdue", "c"))
        self.assertEqual(self.get_answer("HD-W06")[0::2], ("draft", "d"))
        self.assertEqual(self.get_answer("HD-W07")[0::2], ("vendor", "e"))
        self.assertEqual(self.get_answer("HD-M02")[0::2], ("make", "e"))
        self.assertEqual(self.get_answer("HD-K01"), ("stock", "", "a", 1))

    def test_nobody_is_mailed(self):
        self.assertEqual(self.new_mails, 0)

    def test_purchases_and_productions(self):
        purchases = self.env["purchase.order"].search(self.mine)
        self.assertEqual(set(purchases.mapped("state")), {"draft", "purchase"})
        self.assertEqual(purchases.user_id, self.user("planner"))
        productions = self.env["mrp.production"].search(self.mine)
        self.assertEqual(sorted(productions.mapped("state")), ["confirmed", "progress"])
