from odoo import fields
from odoo.tests import tagged

from odoo.addons.sales_management.models.demo import plan

from .demo_common import DemoCommon
from .test_demo_customers import DemoCustomers
from .test_demo_promises import DemoPromises
from .test_demo_quotations import DemoQuotations


@tagged("post_install", "-at_install", "demo")
class TestDemoCompany(DemoQuotations, DemoPromises, DemoCustomers, DemoCommon):
    """Look at what came of the demo company."""

    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deals = cls.env["crm.lead"].search([*cls.mine, ("type", "=", "opportunity")])
        cls.requests = cls.env["sales.approval.request"].search(cls.mine)
        cls.invoices = cls.env["account.move"].search([*cls.mine, ("move_type", "in", ["out_invoice", "out_refund"])])

    def test_building_twice_builds_once(self):
        self.env["sales.demo"]._build_demo_company()
        self.assertEqual(self.env["sale.order"].search_count(self.mine), len(self.orders))

    def test_nobody_is_mailed(self):
        self.assertEqual(self.new_mails, 0)

    def test_deals(self):
        self.assertEqual(self.count(self.deals, won_status="won"), plan.WON)
        self.assertEqual(self.count(self.deals, won_status="lost"), plan.LOST)
        repeated = 1
        still_open = plan.NEW + plan.QUALIFIED + plan.PROPOSITION + repeated
        self.assertEqual(self.count(self.deals, won_status="pending", active=True), still_open)
        self.assertTrue(all(deal.lost_reason_id for deal in self.deals if deal.won_status == "lost"))
        self.assertFalse(self.deals.filtered(lambda deal: deal.user_id not in deal.team_id.member_ids))

    def test_numbers_carry_the_year_and_follow_the_dates(self):
        deals = self.deals.sorted(lambda deal: (deal.create_date, deal.id))
        counters = [int(deal.deal_number.split("-")[1]) for deal in deals]
        self.assertEqual(counters, sorted(counters))
        local = deals.with_context(tz="Asia/Shanghai")
        years = [fields.Datetime.context_timestamp(local, deal.create_date).year for deal in deals]
        self.assertEqual([int(deal.deal_number[1:5]) for deal in deals], years)

    def test_orders(self):
        confirmed = self.orders.filtered(lambda order: order.state == "sale")
        promised = [row for row in self.env["sales.demo"]._read_table("promise_sales") if row["state"] == "sale"]
        self.assertEqual(len(confirmed), plan.WON + plan.SECOND_ORDERS + plan.DIRECT_ORDERS + len(promised))
        self.assertEqual(self.count(confirmed, opportunity_id=self.env["crm.lead"]), plan.DIRECT_ORDERS)
        self.assertEqual(set(self.orders.mapped("state")), {"draft", "sent", "sale", "cancel"})
        self.assertEqual(set(self.orders.currency_id.mapped("name")), {"CNY", "USD", "EUR"})
        self.assertEqual(set(confirmed.mapped("delivery_status")), {"pending", "partial", "full"})
        self.assertFalse(confirmed.filtered(lambda order: order.date_order < order.create_date))

    def test_deliveries(self):
        pickings = self.orders.picking_ids
        done = pickings.filtered(lambda picking: picking.state == "done")
        self.assertFalse(done.filtered(lambda picking: picking.date_done < picking.create_date))
        self.assertTrue(done.filtered(lambda picking: picking.date_done > picking.date_deadline))
        self.assertTrue(done.filtered("backorder_id"))
        self.assertEqual(len(pickings.filtered("return_id")), 3)
        now = fields.Datetime.now()
        self.assertTrue((pickings - done).filtered(lambda picking: picking.date_deadline < now))
        missing = [*self.mine, ("location_id.usage", "=", "internal"), ("quantity", "<", 0)]
        self.assertFalse(self.env["stock.quant"].search(missing))

    def test_invoices(self):
        invoices = self.invoices.filtered(lambda move: move.move_type == "out_invoice")
        self.assertEqual(set(invoices.mapped("payment_state")), {"not_paid", "partial", "paid"})
        self.assertEqual(self.count(self.invoices, move_type="out_refund"), 2)
        today = fields.Date.today()
        self.assertTrue(invoices.filtered(lambda move: move.amount_residual and move.invoice_date_due < today))
        self.assertTrue(invoices.filtered(lambda move: len(move.line_ids.sale_line_ids.order_id) > 1))
        self.assertTrue(invoices.filtered(lambda move: not move.line_ids.sale_line_ids))
        self.assertTrue(self.orders.order_line.filtered("is_downpayment"))
        posted = invoices.filtered(lambda move: move.state == "posted").sorted("name")
        self.assertEqual(posted.mapped("invoice_date"), sorted(posted.mapped("invoice_date")))

    def test_roles(self):
        for login in ("demo_manager", "demo_leader", "demo_sales", "demo_engineer", "demo_planner", "demo_finance"):
            user = self.env["res.users"].search([("login", "=", login)])
            self.assertEqual(user.company_ids, self.company, login)
            for model in (
                ("sale.order", "stock.picking") if login in ("demo_engineer", "demo_planner") else ("res.partner",)
            ):
                self.assertTrue(self.env[model].with_user(user).search_count(self.mine), login)
        engineer = self.env.ref("sales_management_demo.user_engineer")
        self.assertFalse(self.env["crm.lead"].with_user(engineer).has_access("read"))
        leader = self.env.ref("sales_management_demo.user_leader")
        team = self.env["crm.lead"].with_user(leader).search([("type", "=", "opportunity")]).team_id
        self.assertEqual(team, leader.sale_team_id)

    # === Staged process === #

    def test_template_is_applied(self):
        self.assertTrue(self.company.sales_process_enabled)
        template = self.env.ref("sales_management.template_manufacturing")
        self.assertEqual(template.stage_ids.applied_ids.mapped("name"), template.stage_ids.mapped("name"))
        self.assertTrue(set(self.deals.stage_id) <= set(template.stage_ids.applied_ids))
        self.assertEqual(set(self.deals.mapped("deal_class_id.code")), {"key", "fast", "repeat", "standard"})
        department = self.env["sales.department"].search(self.mine)
        self.assertEqual(department.user_ids.login, "demo_engineer")
        self.assertTrue(self.env["sales.calendar.exception"].search_count(self.mine))

    def test_moves_tell_the_year(self):
        moves = self.env["sales.stage.move"].search(self.mine)
        self.assertEqual(self.count(moves, direction="won"), plan.WON)
        self.assertEqual(self.count(moves, direction="lost"), plan.LOST)
        back = moves.filtered(lambda move: move.direction == "back")
        self.assertTrue(back)
        self.assertTrue(all(move.reason for move in back))
        skipped = moves.filtered("skipped_count")
        self.assertTrue(0 < len(skipped.lead_id) < len(moves.lead_id) / 5)
        self.assertTrue(all(move.lead_id.user_id == move.user_id for move in moves))

    def test_tasks(self):
        tasks = self.env["sales.deal.task"].search(self.mine)
        done = tasks.filtered(lambda task: task.state == "done")
        self.assertTrue(0.75 < self.count(done, is_on_time=True) / len(done) < 1)
        still_open = tasks - done
        self.assertTrue(still_open.filtered("is_late"))
        self.assertFalse(still_open.filtered(lambda task: task.lead_id.won_status == "lost"))
        self.assertEqual(len(still_open.activity_id), len(still_open))
        now = fields.Datetime.now()
        waiting = still_open.filtered("next_escalation_at")
        self.assertFalse(waiting.filtered(lambda task: task.next_escalation_at < now), "nobody is told afterwards")

    def test_what_was_gathered(self):
        self.assertTrue(self.deals.deal_document_ids)
        self.assertTrue(self.deals.filtered("deal_feedback"))
        self.assertTrue(self.deals.filtered("first_response_at"))
        ticked = self.deals.deal_checklist_ids
        self.assertTrue(all(line.is_done and line.done_by_id == line.lead_id.user_id for line in ticked))
        waiting = self.deals.filtered(lambda deal: deal.won_status == "pending" and deal.active)
        missing = waiting._get_stage_blockers()
        self.assertTrue(any(missing.values()))
        self.assertFalse(all(missing.values()))
