from odoo import fields

from odoo.addons.sales_management import hooks


class DemoQuotations:
    """Every state of a quotation can be seen in the demo company, and each came about in the real way.

    Mixed into the tests of the demo company, for it takes long to build.
    """

    def get_waiting(self, key):
        domain = [("is_waiting_for_me", "=", True), ("company_id", "=", self.company.id)]
        return self.env["sales.approval.request"].with_user(self.user(key)).search(domain)

    def test_company_uses_quotations_and_approval(self):
        self.assertTrue(self.company.sales_quotation_enabled)
        self.assertTrue(self.company.sales_approval_enabled)
        self.assertTrue(self.company.quotation_seal)
        self.assertTrue(self.company.quotation_qr)
        policy = self.env["sales.policy"].search([("code", "=", "quotation_deal")])
        self.assertEqual(policy.filtered(lambda one: one.company_id == self.company).level, "warn")
        rules = self.env["sales.approval.rule"].search([("company_id", "=", self.company.id)])
        self.assertEqual(sorted(rules.mapped("enforcement")), ["block"] * 2 + ["warn"] * 4)
        self.assertTrue(all(rule.step_ids for rule in rules))
        floors = self.env["product.template"].with_company(self.company).search([("company_id", "=", self.company.id)])
        self.assertEqual(len(floors.filtered("approval_floor_price")), 2)

    def test_revisions_of_quotations(self):
        families = self.orders.quotation_family_id
        self.assertEqual(sorted(len(family.order_ids) for family in families), [2, 2, 3])
        for family in families:
            self.assertEqual(len(family.order_ids.filtered("is_current_revision")), 1)
            totals = family.order_ids.mapped("amount_untaxed")
            self.assertEqual(len(set(totals)), len(totals), "each revision has a price of its own")
        replaced = self.orders.filtered(lambda order: not order.is_current_revision)
        self.assertEqual(set(replaced.mapped("state")), {"cancel"})
        self.assertTrue(replaced.filtered("handed_over_at"))
        self.assertTrue(replaced.filtered(lambda order: not order.handed_over_at))

    def test_states_of_quotations(self):
        current = self.orders.filtered("is_current_revision")
        self.assertEqual(set(current.mapped("approval_state")), {"not_required", "pending", "approved", "rejected"})
        releases = self.requests.filtered(lambda request: request.kind == "release")
        self.assertEqual(
            sorted(releases.mapped("state")),
            ["approved", "pending", "pending", "pending", "pending", "rejected", "rejected"],
        )
        change = self.requests - releases
        self.assertEqual((change.kind, change.state, change.order_id.state), ("change", "pending", "sale"))
        self.assertEqual(set(self.requests.decision_ids.mapped("outcome")), {"approved", "rejected", "returned"})
        self.assertTrue(all(self.requests.mapped("comment")))
        self.assertEqual(len(self.requests.filtered("returned_digest")), 1)

    def test_each_login_has_something_to_decide(self):
        leader, manager = self.get_waiting("leader"), self.get_waiting("manager")
        self.assertEqual(len(leader), 4)
        self.assertIn("change", leader.mapped("kind"))
        standing_in = leader.filtered(lambda request: request.team_id != self.user("leader").sale_team_id)
        self.assertEqual(len(standing_in), 1)
        self.assertEqual(len(manager), 1)
        self.assertFalse(self.get_waiting("sales"))

    def test_approving_releases(self):
        request = self.get_waiting("leader").filtered(lambda request: request.kind == "release")[-1]
        request.action_approve()
        self.assertEqual(request.state, "approved")
        self.assertTrue(request.sudo().order_id.is_released)

    def test_what_left_was_released(self):
        copies = self.env["sales.quotation.copy"].search([("company_id", "=", self.company.id)])
        left = copies.filtered(lambda copy: copy.way in ("pdf", "xlsx"))
        self.assertEqual(
            left.order_id, self.orders.filtered(lambda order: order.handed_over_at and order.user_id in left.user_id)
        )
        self.assertFalse(left.attachment_id)
        self.assertTrue(all(left.mapped("recipients")))
        digests = left.order_id._get_content_digests()
        self.assertFalse(left.filtered(lambda copy: digests[copy.order_id] != copy.digest))

    def test_with_and_without_a_deal(self):
        current = self.orders.filtered(lambda order: order.is_current_revision and order.state == "draft")
        untied = current.filtered(lambda order: not order.opportunity_id)
        self.assertEqual(len(untied), 2)
        exempt = self.env["sales.quotation.exemption"]._filter_exempt(untied)
        self.assertEqual(exempt.order_line.product_id.type, "service")
        self.assertEqual(len(exempt), 1)

    def test_repeat(self):
        repeat = self.orders.filtered("repeat_of_id")
        self.assertEqual(repeat.state, "draft")
        self.assertTrue(repeat.is_released)
        self.assertEqual(repeat.opportunity_id.stage_id.sales_code, "negotiation")

    def test_facts_of_quotations_are_true(self):
        self.assertFalse([problems for problems in self.orders._verify_chain().values() if problems])
        approved = self.orders.filtered(lambda order: order.approval_state == "approved")
        digests = approved._get_content_digests()
        self.assertTrue(approved)
        self.assertFalse(approved.filtered(lambda order: digests[order] != order.approval_digest))
        evaluations = self.orders._evaluate_approval()
        self.assertFalse([order for order, found in evaluations.items() if found.state != order.approval_state])

    def test_dates_of_quotations_follow_each_other(self):
        now = fields.Datetime.now()
        for request in self.requests:
            asked, order = request.requested_at, request.order_id
            self.assertLessEqual(order.create_date, asked)
            for decision in request.decision_ids:
                self.assertLessEqual(asked.replace(microsecond=0), decision.decided_at)
                self.assertLessEqual(decision.decided_at, now)
        for family in self.orders.quotation_family_id:
            revisions = family.order_ids.sorted("quotation_revision")
            self.assertEqual(revisions, revisions.sorted("create_date"))
        copies = self.env["sales.quotation.copy"].search([("company_id", "=", self.company.id)])
        self.assertFalse(copies.filtered(lambda copy: copy.left_at < copy.order_id.create_date.replace(microsecond=0)))

    def test_nobody_is_reminded_at_once(self):
        steps = self.requests.step_ids
        now = fields.Datetime.now()
        self.assertFalse(steps.filtered(lambda step: step.remind_at and step.remind_at < now))
        self.assertTrue(steps.filtered("remind_at"))

    def test_removing_and_installing_again_leaves_it_whole(self):
        states = {order: order.state for order in self.orders}
        hooks.uninstall_hook(self.env)
        self.assertFalse(self.company.sales_quotation_enabled or self.company.sales_approval_enabled)
        self.env["sales.demo"]._build_demo_company()
        found = self.env["sale.order"].search([("company_id", "=", self.company.id)])
        self.assertEqual({order: order.state for order in found}, states)
