from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from .rules_common import RulesCommon


@tagged("post_install", "-at_install")
class TestApprovalRule(RulesCommon, CronMixinCase):
    def _matching(self, order):
        return self.Rule._get_matching_rules(order)[order]

    # === Scope === #

    def test_all_conditions_of_a_rule_apply_together(self):
        rule = self._create_rule(discount_max=10, amount_min=500)
        small = self._create_quotation({"product_id": self.plain.id, "discount": 20})
        large = self._create_quotation({"product_id": self.plain.id, "discount": 20, "product_uom_qty": 10})
        self.assertFalse(self._matching(small))
        self.assertEqual(self._matching(large), rule)

    def test_unset_limit_is_not_zero(self):
        self._create_rule(has_margin_min=True, margin_min=-50)
        self.assertFalse(self._matching(self._create_quotation({"product_id": self.plain.id})))

    def test_rule_without_conditions_asks_for_every_quotation(self):
        rule = self._create_rule()
        order = self._create_quotation({"product_id": self.plain.id})
        self.assertEqual(self._matching(order), rule)
        self.assertEqual(rule._get_reasons(order, self._measure(order)), {rule: "Every quotation in its scope"})

    def test_all_matching_rules_in_their_order(self):
        second = self._create_rule(sequence=20, enforcement="warn")
        first = self._create_rule(sequence=10)
        order = self._create_quotation({"product_id": self.plain.id})
        self.assertEqual(self._matching(order).ids, (first + second).ids)

    def test_scope_of_a_rule(self):
        order = self._create_quotation({"product_id": self.plain.id})
        other = self.env["res.company"].create({"name": "Other"})
        tomorrow = fields.Date.context_today(self.env.user) + timedelta(days=2)
        for values in (
            {"company_id": other.id},
            {"team_ids": [Command.set(self.other_team.ids)]},
            {"active_from": tomorrow},
            {"active": False},
            {"domain": "[('client_order_ref', '=', 'X')]"},
        ):
            with self.subTest(values):
                rule = self._create_rule(**values)
                self.assertFalse(self._matching(order))
                rule.unlink()
        for values in ({"company_id": False}, {"team_ids": [Command.set(self.team.ids)]}):
            with self.subTest(values):
                rule = self._create_rule(**values)
                self.assertEqual(self._matching(order), rule)
                rule.unlink()

    def test_fast_track_deals_take_the_short_path(self):
        fast, big = self.env["sales.deal.class"].create([{"name": "Fast"}, {"name": "Big"}])
        deals = self._create_deals(2)
        deals[0].deal_class_id, deals[1].deal_class_id = fast, big
        rule = self._create_rule(deal_class_ids=[Command.set(big.ids)])
        quick = self._create_quotation({"product_id": self.plain.id}, opportunity_id=deals[0].id)
        slow = self._create_quotation({"product_id": self.plain.id}, opportunity_id=deals[1].id)
        none = self._create_quotation({"product_id": self.plain.id})
        matching = self.Rule._get_matching_rules(quick + slow + none)
        self.assertEqual([matching[order] for order in (quick, slow, none)], [self.Rule, rule, self.Rule])
        big.unlink()
        self.assertFalse(rule.active, "a rule for that class alone must not come to hold for all")

    def test_nothing_matches_where_approval_is_off(self):
        self._create_rule()
        order = self._create_quotation({"product_id": self.plain.id})
        self.company.sales_approval_enabled = False
        self.env["res.company"]._get_enabled_company_ids("sales_approval_enabled")
        with self.assertQueryCount(0):
            self.assertFalse(self._matching(order))

    def test_rule_sees_more_than_the_person_who_asks(self):
        self.plain.approval_floor_price = 200
        rule = self._create_rule(below_floor_price=True)
        order = self._create_quotation({"product_id": self.plain.id}, user_id=self.salesperson.id)
        self.assertEqual(self._matching(order.with_user(self.salesperson)), rule)
        with self.assertRaises(AccessError):
            self.plain.with_user(self.salesperson).read(["approval_floor_price"])

    # === Reasons === #

    def test_reasons_hold_the_figures(self):
        rule = self._create_rule(discount_max=10, has_margin_min=True, margin_min=35)
        order = self._create_quotation({"product_id": self.plain.id, "discount": 18})
        reason = rule._get_reasons(order, self._measure(order))[rule]
        self.assertIn("Effective discount 18 % > 10 %", reason)
        self.assertIn("Margin 26.83 % < 35 %", reason)

    def test_every_condition_has_a_reason(self):
        rule = self._create_rule(
            amount_min=1,
            has_discount_max=True,
            has_margin_min=True,
            margin_min=90,
            has_line_margin_min=True,
            line_margin_min=90,
            has_payment_days_max=True,
            has_validity_days_max=True,
            below_floor_price=True,
            category_ids=[Command.set(self.plain.categ_id.ids)],
            is_customer_overdue=True,
            is_before_promise=True,
            has_changed_terms=True,
        )
        order = self._create_quotation({"product_id": self.plain.id, "discount": 12})
        self.assertEqual(
            rule._get_reasons(order, self._measure(order))[rule].count(" · "), 9 + bool(self.plain.categ_id)
        )

    # === Checks === #

    def test_what_cannot_be_meant_is_refused(self):
        for values, text in (
            ({"discount_max": 120}, "from 0 to 100"),
            ({"discount_max": -1}, "from 0 to 100"),
            ({"margin_min": 101}, "from -100 to 100"),
            ({"payment_days_max": -3}, "from 0 to 3650"),
            ({"amount_min": -1}, "from 0"),
            ({"domain": "[('nonsense', '=', 1)]"}, "cannot be read"),
            ({"domain": "import os"}, "cannot be read"),
            ({"step_ids": []}, "needs somebody who may approve"),
            ({"step_ids": [Command.create({"approver_kind": "user"})]}, "choose the people"),
            ({"step_ids": [Command.create({"approver_kind": "group"})]}, "choose the group"),
            ({"step_ids": [Command.create({"required": "count", "required_count": 0})]}, "at least one"),
            (
                {
                    "step_ids": [
                        Command.create(
                            {
                                "approver_kind": "user",
                                "user_ids": [Command.set(self.leader.ids)],
                                "required": "count",
                                "required_count": 2,
                            }
                        )
                    ]
                },
                "2 of 1 people",
            ),
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, text):
                self._create_rule(**values)

    def test_limit_that_is_given_is_meant(self):
        self.assertTrue(self._create_rule(discount_max=10).has_discount_max)
        self.assertFalse(self._create_rule(discount_max=10, has_discount_max=False).has_discount_max)

    def test_block_without_steps_is_refused_also_from_the_list(self):
        rule = self._create_rule(enforcement="warn", step_ids=[])
        with self.assertRaisesRegex(ValidationError, "let it warn"):
            rule.action_set_block()
        rule.action_set_off()
        self.assertEqual(rule.level, "off")

    def test_every_change_stands_in_the_chatter(self):
        rule = self._create_rule(discount_max=10).with_context({})  # pylint: disable=context-overridden
        self.env.flush_all()
        self.env.cr.precommit.run()
        rule.step_ids.deadline_hours = 4
        rule.discount_max = 15
        self.env.flush_all()
        self.env.cr.precommit.run()
        values = rule.message_ids.sudo().tracking_value_ids
        changes = {
            value.field_id.name: (change["oldValue"], change["newValue"])
            for value in values
            for change in value._tracking_value_format()
        }
        self.assertEqual(changes["discount_max"], (10, 15))
        self.assertEqual([text[-4:] for text in changes["step_ids"]], ["8 h)", "4 h)"])

    def test_managers_edit_rules_and_salespeople_read_them(self):
        rule = self._create_rule()
        rule.with_user(self.manager).write({"discount_max": 5})
        rule.with_user(self.salesperson).read(["name", "discount_max", "condition_summary"])
        with self.assertRaises(AccessError):
            rule.with_user(self.salesperson).write({"active": False})
        with self.assertRaises(AccessError):
            rule.step_ids.with_user(self.salesperson).write({"required": "any"})

    # === Figures === #

    def test_what_a_rule_would_have_stopped(self):
        rule = self._create_rule(discount_max=10, enforcement="warn")
        for discount in (0, 5, 12, 20):
            self._create_quotation({"product_id": self.plain.id, "discount": discount})
        before = self.env["sale.order"].search_count([("company_id", "=", self.company.id)])
        rule.invalidate_recordset()
        self.assertEqual((rule.would_stop_count, rule.would_stop_total), (2, before))

    # === Open quotations === #

    def test_change_of_a_rule_has_open_quotations_looked_at(self):
        orders = self.env["sale.order"].union(
            *(self._create_quotation({"product_id": self.plain.id}) for _ in range(3))
        )
        seen = []
        self.patch(type(self.env["sale.order"]), "_refresh_approval", lambda self: seen.extend(self.ids))
        with self.capture_triggers("sales_management.ir_cron_refresh_approval") as captured:
            rule = self._create_rule(discount_max=10)
            self.assertEqual(len(captured.records), 1)
            rule.sequence = 5
            self.assertEqual(len(captured.records), 1, "another order changes no quotation")
        with self.enter_registry_test_mode():
            self.env.ref("sales_management.ir_cron_refresh_approval").method_direct_trigger()
        self.assertLessEqual(set(orders.ids), set(seen))
        self.assertFalse(self.company.approval_refresh_id)
        seen.clear()
        with self.enter_registry_test_mode():
            self.env.ref("sales_management.ir_cron_refresh_approval").method_direct_trigger()
        self.assertFalse(seen)

    def test_nothing_is_looked_at_where_approval_is_off(self):
        self.company.sales_approval_enabled = False
        with self.capture_triggers("sales_management.ir_cron_refresh_approval") as captured:
            self._create_rule(discount_max=10)
        self.assertFalse(captured.records)
        self.assertFalse(self.company.approval_refresh_id)

    # === Set-up === #

    def test_presets_come_when_they_are_clicked(self):
        self.company.sales_approval_enabled = False
        setup = self.env["sales.setup"]
        self.assertEqual(setup._get_setup_state("approval_presets").level, "off")
        wizard = self.env["sales.approval.presets"].with_user(self.manager).create({})
        self.assertIn("Margin under 15 %", wizard.preview)
        self.assertFalse(self.Rule.search_count([]))
        wizard.action_apply()
        rules = self.Rule.search([])
        self.assertEqual(rules.mapped("enforcement"), ["warn"] * 3)
        self.assertTrue(self.company.sales_approval_enabled)
        state = setup._get_setup_state("approval_presets")
        self.assertEqual(state.level, "warn")
        self.assertIn("would have stopped", state.text)
        wizard.action_apply()
        self.assertEqual(self.Rule.search_count([]), 3)

    def test_salespeople_do_not_switch_approval_on(self):
        with self.assertRaises(AccessError):
            self.env["sales.approval.presets"].with_user(self.salesperson).create({})
