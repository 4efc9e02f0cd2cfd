"""All that one person has goes to others, customer by customer, in one go."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .handover_common import HandoverCommon


@tagged("post_install", "-at_install", "customer")
class TestHandover(HandoverCommon):
    def test_everything_goes_to_one(self):
        customers = self._create_customers(2)
        order = self._confirm_order(partner_id=customers[0].id, user_id=self.anna.id)
        lead = self._create_deals(type="lead", name="Lead", user_id=self.anna.id)
        handover = self._hand_over(self.ben)
        for customer in customers:
            self._assert_whole(customer, self.ben)
        self.assertEqual(
            (order | self.env["sale.order"].search([("partner_id", "in", customers.ids)])).user_id, self.ben
        )
        self.assertEqual(lead.user_id, self.ben)
        self.assertEqual((handover.former_id, handover.user_id, handover.reason), (self.anna, self.manager, "Leaves"))
        self.assertEqual(handover.successor_ids, self.ben)
        counts = ("customer_count", "deal_count", "quotation_count", "order_count", "todo_count", "record_count")
        self.assertEqual([handover[name] for name in counts], [2, 3, 2, 1, 2, 12])
        self.assertEqual(len(handover.line_ids), 12)
        self.assertEqual(set(handover.line_ids.mapped("owner_name")), {"Ben"})

    def test_customers_are_shared_out_whole_and_evenly(self):
        customers = self._create_customers(6)
        self._hand_over(self.ben, self.cara)
        for customer in customers:
            self._assert_whole(customer, customer.user_id)
        self.assertEqual(len(customers.filtered(lambda customer: customer.user_id == self.ben)), 3)
        self.assertEqual(len(customers.filtered(lambda customer: customer.user_id == self.cara)), 3)

    def test_rules_come_first(self):
        tier = self.env["sales.customer.tier"].create({"name": "Key"})
        china, key, deals, other = (self._create_customers(1) for _n in range(4))
        china.country_id = self.env.ref("base.cn")
        key.customer_tier_id = tier
        team_deal = self.env["crm.lead"].search([("partner_id", "=", deals.id)])
        team_deal.team_id = self.other_team
        lead = self._create_deals(
            type="lead", name="Lead", user_id=self.anna.id, country_id=china.country_id.id, team_id=False
        )
        rules = [
            {"successor_id": self.ben.id, "country_ids": [Command.link(china.country_id.id)]},
            {"successor_id": self.ben.id, "tier_ids": [Command.link(tier.id)]},
            {"successor_id": self.ben.id, "team_ids": [Command.link(self.other_team.id)]},
        ]
        self._hand_over(self.cara, rule_ids=[Command.create(rule) for rule in rules])
        self.assertEqual((china | key | deals).user_id, self.ben)
        self.assertEqual(lead.user_id, self.ben)
        self.assertEqual(other.user_id, self.cara)

    def test_shares(self):
        customers = self._create_customers(5)
        rules = [{"successor_id": self.ben.id, "share": 60}, {"successor_id": self.cara.id, "share": 40}]
        self._hand_over(rule_ids=[Command.create(rule) for rule in rules])
        self.assertEqual(len(customers.filtered(lambda customer: customer.user_id == self.ben)), 3)
        self.assertEqual(len(customers.filtered(lambda customer: customer.user_id == self.cara)), 2)

    def test_preview_changes_nothing_and_is_changed_by_hand(self):
        customers = self._create_customers(2)
        plan = self._plan(self.ben)
        plan.action_preview()
        self.assertEqual(customers.user_id, self.anna)
        self.assertFalse(self.handovers.search([("former_id", "=", self.anna.id)]))
        line = plan.line_ids.filtered(lambda line: line.name == customers[0].display_name)
        self.assertEqual(
            (line.contact_count, line.deal_count, line.quotation_count, line.todo_count, line.record_count),
            (1, 1, 1, 1, 5),
        )
        line.successor_id = self.cara
        self.assertEqual(plan.summary, "Ben: 1 customers, 5 records\nCara: 1 customers, 5 records")
        plan.action_hand_over()
        self._assert_whole(customers[0], self.cara)
        self._assert_whole(customers[1], self.ben)

    def test_what_is_over_stays(self):
        archived, customer = self._create_customers(2)
        archived.child_ids.active = False
        archived.active = False
        lost = self._create_deals(name="Lost", user_id=self.anna.id)
        lost.action_set_lost()
        won = self._create_deals(name="Won", user_id=self.anna.id)
        won.action_set_won()
        cancelled = self._create_order(partner_id=customer.id, user_id=self.anna.id)
        cancelled._action_cancel()
        self._hand_over(self.ben)
        for record in (archived, lost, won, cancelled):
            self.assertEqual(record.user_id, self.anna, record.display_name)
        self.assertEqual(customer.user_id, self.ben)

    def test_what_stays_is_named(self):
        self._create_customers(1)
        self.env["crm.team"].create({"name": "West", "user_id": self.anna.id})
        start = fields.Datetime.now() + timedelta(days=2)
        self.env["calendar.event"].create(
            {"name": "Visit", "user_id": self.anna.id, "start": start, "stop": start + timedelta(hours=1)}
        )
        plan = self._plan(self.ben)
        plan.action_preview()
        self.assertIn("Heads these teams: West.", plan.remains)
        self.assertIn("they organize: 1.", plan.remains)
        handover = self.handovers.browse(plan.action_hand_over()["res_id"])
        self.assertEqual(handover.remains, plan.remains)

    def test_deals_come_into_a_team_of_the_successor(self):
        [customer] = self._create_customers(1)
        deal = self.env["crm.lead"].search([("partner_id", "=", customer.id)])
        order = self.env["sale.order"].search([("partner_id", "=", customer.id)])
        warehouse = self.env["stock.warehouse"].create({"name": "Far", "code": "FAR"})
        order.warehouse_id = warehouse
        self.assertEqual(deal.team_id, self.team)
        self._hand_over(self.ben)
        self.assertEqual((deal.team_id, order.team_id), (self.team_ben, self.team_ben))
        self.assertEqual(order.warehouse_id, warehouse)
        # Whoever is in no team takes it as it is.
        self._hand_over(self.cara, user=self.ben)
        self.assertEqual((deal.user_id, deal.team_id), (self.cara, self.team_ben))

    def test_claims_are_recorded_once(self):
        for is_pooling in (False, True):
            with self.subTest(is_pooling=is_pooling):
                self.company.customer_pool_enabled = is_pooling
                [customer] = self._create_customers(1)
                self._hand_over(self.ben)
                claim = self.env["sales.customer.claim"].search([("partner_id", "=", customer.id)])
                self.assertEqual((claim.kind, claim.reason), ("handed_over", "Leaves"))
                self.assertEqual((claim.former_id, claim.owner_id, claim.user_id), (self.anna, self.ben, self.manager))
                customer.customer_rank = 2
                self.env["res.partner"]._follow_owners()
                self.assertEqual(self.env["sales.customer.claim"].search_count([("partner_id", "=", customer.id)]), 1)
                self.assertEqual(customer.pool_state, "owned" if is_pooling else False)

    def test_one_notice_and_no_mail_for_each_record(self):
        self._create_customers(5)
        mails = self.env["mail.mail"].search_count([])
        messages = self.env["mail.message"].search_count([("message_type", "=", "user_notification")])
        self._hand_over(self.ben, self.cara)
        notices = self.env["sales.notice"].search([("user_id", "in", (self.ben | self.cara).ids)])
        self.assertEqual(notices.user_id, self.ben | self.cara)
        self.assertEqual(len(notices), 2)
        self.assertIn("From Anna: ", notices[0].body)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        found = self.env["mail.message"].search_count([("message_type", "=", "user_notification")])
        self.assertEqual(found, messages)
        # Who is responsible now follows the deals, as with core.
        deal = self.env["crm.lead"].search([("user_id", "=", self.ben.id)], limit=1)
        self.assertIn(self.ben.partner_id, deal.message_partner_ids)

    def test_to_dos_of_deals_follow(self):
        self.company.sales_process_enabled = True
        [customer] = self._create_customers(1)
        deal = self.env["crm.lead"].search([("partner_id", "=", customer.id)])
        foreign = self._create_deals(name="Of another", user_id=self.cara.id)
        tasks = (
            self.env["sales.deal.task"]
            .sudo()
            .create(
                [
                    {
                        "lead_id": lead.id,
                        "name": "Call",
                        "user_id": self.anna.id,
                        "opened_at": fields.Datetime.now(),
                        "due_at": fields.Datetime.now() + timedelta(days=1),
                        "responsible": "salesperson" if lead == deal else False,
                        "company_id": self.company.id,
                    }
                    for lead in (deal, foreign)
                ]
            )
        )
        tasks._open_mirrors()
        self._hand_over(self.ben)
        self.assertEqual(tasks.user_id, self.ben)
        self.assertEqual(tasks.activity_id.user_id, self.ben)
        self.assertEqual(foreign.user_id, self.cara)

    def test_other_companies_stay(self):
        other = self.env["res.company"].create({"name": "Other"})
        here, there, nowhere = self._create_customers(3)
        (here | here.child_ids).company_id = self.company
        self.env["crm.lead"].search([("partner_id", "=", there.id)]).company_id = False
        orders = self.env["sale.order"].search([("partner_id", "=", there.id)])
        orders.unlink()
        (there | there.child_ids).company_id = other
        self._hand_over(self.ben)
        self.assertEqual((here | nowhere).user_id, self.ben)
        self.assertEqual(there.user_id, self.anna)

    def test_number_of_queries_does_not_grow(self):
        self.company.write({"customer_pool_enabled": True, "sales_process_enabled": True})
        counts = []
        for count in (4, 8, 16):
            self._create_customers(count)
            self.env.flush_all()
            self.env.invalidate_all()
            plan = self._plan(self.ben, self.cara)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            plan.action_preview()
            self.env.flush_all()
            between = self.env.cr.sql_log_count
            plan.action_hand_over()
            self.env.flush_all()
            counts.append((between - before, self.env.cr.sql_log_count - between))
        self.assertLessEqual(counts[2][0], counts[1][0], counts)
        self.assertLessEqual(counts[2][1], counts[1][1], counts)


@tagged("post_install", "-at_install", "customer")
class TestHandoverInput(HandoverCommon):
    def _assert_problems(self, plan, *texts):
        with self.assertRaises(UserError) as caught:
            plan.action_preview()
        for text in texts:
            self.assertIn(text, caught.exception.args[0])

    def test_all_problems_at_once(self):
        self._create_customers(1)
        other = self.env["res.company"].create({"name": "Other"})
        gone = self._create_seller("gone")
        gone.active = False
        foreign = self._create_seller("foreign", company_id=other.id, company_ids=[Command.set(other.ids)])
        portal, clerk = self.users_by_role["portal"], self.users_by_role["stock"]
        plan = self._plan(
            self.anna,
            gone,
            foreign,
            portal,
            clerk,
            rule_ids=[Command.create({"successor_id": self.ben.id, "share": 0})],
        )
        self._assert_problems(
            plan,
            "Anna cannot be their own successor",
            "Gone is archived",
            "Foreign has no access to",
            "Portal is a portal user",
            "Stock has no rights in sales",
            "The share of Ben is 0 %",
        )
        self.assertFalse(plan.line_ids)

    def test_nobody_and_nothing(self):
        self._assert_problems(self._plan(), "Choose at least one successor")
        self._assert_problems(self._plan(self.ben), "Anna has no customers")
        with self.assertRaisesRegex(UserError, "Preview first"):
            self._plan(self.ben).action_hand_over()

    def test_record_of_a_company_that_the_successor_has_no_access_to(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.manager.company_ids |= other
        [customer] = self._create_customers(1)
        self.env["sale.order"].search([("partner_id", "=", customer.id)]).unlink()
        self.env["crm.lead"].search([("partner_id", "=", customer.id)]).company_id = False
        (customer | customer.child_ids).company_id = other
        plan = self._plan(self.ben).with_context(allowed_company_ids=[self.company.id, other.id])
        self._assert_problems(plan, "Ben has no access to Other, which Firm 0 belongs to")

    def test_change_by_hand_is_checked(self):
        self._create_customers(1)
        plan = self._plan(self.ben)
        plan.action_preview()
        plan.line_ids.successor_id = self.anna
        with self.assertRaisesRegex(UserError, "Anna cannot be their own successor"):
            plan.action_hand_over()
        plan.line_ids.successor_id = False
        with self.assertRaisesRegex(UserError, "Nobody is chosen for:\n- Firm 0"):
            plan.action_hand_over()

    def test_what_came_since_asks_for_another_preview(self):
        self._create_customers(1)
        plan = self._plan(self.ben)
        plan.action_preview()
        self.env["res.partner"].create({"name": "Late", "user_id": self.anna.id})
        with self.assertRaisesRegex(UserError, "since the preview. Preview again:\n- Late"):
            plan.action_hand_over()
        plan.action_preview()
        plan.action_hand_over()

    def test_twice(self):
        self._create_customers(1)
        plan = self._plan(self.ben)
        plan.action_preview()
        plan.action_hand_over()
        with self.assertRaisesRegex(UserError, "Nothing is left that Anna could hand over"):
            plan.action_hand_over()

    def test_only_managers(self):
        self._create_customers(1)
        for user in (self.ben, self.leader):
            with self.assertRaises(AccessError):
                self._plan(self.ben, manager=user)
        plan = self._plan(self.ben)
        plan.action_preview()
        with self.assertRaisesRegex(AccessError, "Only sales managers"):
            self.handovers.with_user(self.ben)._hand_over(self.anna, {}, self.company)
