from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.approval.common import ApprovalCommon


@tagged("post_install", "-at_install", "approval")
class TestApprovalDecision(ApprovalCommon):
    def test_steps_in_sequence(self):
        self.rule.step_ids.unlink()
        self.rule.step_ids = [
            Command.create({"approver_kind": "user", "user_ids": user.ids, "sequence": sequence})
            for sequence, user in ((10, self.director), (20, self.controller))
        ]
        order = self._create_pending()
        with self.assertRaisesRegex(UserError, "not asked to decide it now"):
            order.with_user(self.controller).action_approve()
        order.with_user(self.director).action_approve()
        self.assertEqual(order.approval_state, "pending")
        order.with_user(self.controller).action_approve()
        self.assertEqual(order.approval_state, "approved")

    def test_steps_of_two_rules_in_parallel(self):
        self._create_rule("Second", self.controller)
        order = self._create_pending()
        self.assertEqual(self._get_request(order).step_ids.mapped("state"), ["open", "open"])
        order.with_user(self.controller).action_approve()
        self.assertEqual(order.approval_state, "pending")
        order.with_user(self.director).action_approve()
        self.assertEqual(order.approval_state, "approved")

    def test_one_approver_of_two_rules_decides_once(self):
        self._create_rule("Second", self.director)
        order = self._create_pending()
        order.with_user(self.director).action_approve()
        self.assertEqual(order.approval_state, "approved")
        self.assertEqual(len(order.sudo().approval_request_ids.decision_ids), 2)

    def test_any_all_and_count(self):
        people = self.director | self.controller | self.manager
        for required, count, needed in (("any", 1, 1), ("all", 1, 3), ("count", 2, 2)):
            with self.subTest(required):
                self.rule.step_ids.write(
                    {"user_ids": [Command.set(people.ids)], "required": required, "required_count": count}
                )
                order = self._create_pending()
                for position, user in enumerate(people[:needed], 1):
                    self.assertEqual(order.approval_state, "pending")
                    order.with_user(user).action_approve()
                    if position < needed:
                        with self.assertRaisesRegex(UserError, "decided it already"):
                            order.with_user(user).action_approve()
                self.assertEqual(order.approval_state, "approved")

    def test_four_eyes(self):
        self.rule.step_ids.user_ids = self.director | self.salesperson | self.leader | self.member
        order = self._create_quotation()
        order.with_user(self.leader).order_line.price_unit = 9
        order.order_line.discount = 1
        order.sudo().user_id = self.member
        order.with_user(self.member).action_request_approval()
        self.assertEqual(self._get_request(order).step_ids.user_ids, self.director)

    def test_approver_who_edits_does_not_decide(self):
        self.rule.step_ids.user_ids = self.director | self.leader
        order = self._create_pending()
        order.with_user(self.leader).order_line.price_unit = 9
        self.assertEqual(self._get_request(order).state, "superseded")
        order.action_request_approval()
        with self.assertRaises(UserError):
            order.with_user(self.leader).action_approve()

    def test_deciding_is_no_editing(self):
        order = self._create_pending()
        order.with_user(self.director).action_approve()
        order.order_line.price_unit = 9
        order.action_request_approval()
        order.with_user(self.director).action_approve()
        self.assertEqual(order.approval_state, "approved")

    def test_team_leader_and_managers(self):
        self.rule.step_ids.write({"approver_kind": "team_leader"})
        order = self._create_pending()
        self.assertEqual(self._get_request(order).step_ids.user_ids, self.leader)
        own = self._create_quotation(user_id=self.leader.id)
        own.with_user(self.leader).action_request_approval()
        self.assertIn(self.manager, self._get_request(own).step_ids.user_ids)

    def test_archived_approver_is_not_asked(self):
        self.rule.step_ids.user_ids = self.director | self.controller
        self.director.active = False
        order = self._create_pending()
        self.assertEqual(self._get_request(order).step_ids.user_ids, self.controller)

    def test_rules_edited_while_pending(self):
        order = self._create_pending()
        self.rule.step_ids.user_ids = self.controller
        with self.assertRaises(UserError):
            order.with_user(self.controller).action_approve()
        order.with_user(self.director).action_approve()
        self.assertEqual(order.approval_state, "approved")

    def test_rule_deleted_while_pending(self):
        order = self._create_pending()
        self.rule.unlink()
        self.assertEqual(order.approval_state, "pending")
        order.with_user(self.director).action_approve()
        self.assertEqual(order.approval_state, "approved")

    def test_refusals_name_every_quotation(self):
        orders = self._create_pending() | self._create_quotation()
        with self.assertRaisesRegex(UserError, "no approval is asked for"):
            orders.with_user(self.director).action_approve()
        with self.assertRaisesRegex(UserError, f"{orders[0].name}.*asked for already"):
            orders.action_request_approval()

    def test_reason_is_required(self):
        order = self._create_pending()
        for reason in ("", "  ", None, False):
            with self.subTest(reason=reason), self.assertRaises(UserError):
                order.with_user(self.director).action_reject(reason)

    def test_changed_content_is_not_approved(self):
        order = self._create_pending()
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order_line SET price_unit = 1 WHERE order_id = %s", [order.id])
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "changed"):
            order.with_user(self.director).action_approve()

    def test_delegation_names_both(self):
        self._delegate(self.director, self.controller)
        order = self._create_pending()
        order.with_user(self.controller).action_approve()
        decision = order.sudo().approval_request_ids.decision_ids
        self.assertEqual((decision.user_id, decision.on_behalf_of_id), (self.controller, self.director))
        self.assertEqual(decision.on_behalf_of_name, "Director")

    def test_delegation_has_its_dates_and_no_chains(self):
        order = self._create_pending()
        self._delegate(self.director, self.controller, start=1)
        with self.assertRaises(UserError):
            order.with_user(self.controller).action_approve()
        self._delegate(self.director, self.leader)
        self._delegate(self.leader, self.member)
        with self.assertRaises(UserError):
            order.with_user(self.member).action_approve()

    def test_circular_delegation_is_refused(self):
        self._delegate(self.director, self.controller)
        with self.assertRaisesRegex(ValidationError, "stand in for each other"):
            self._delegate(self.controller, self.director)

    def test_delegate_who_asked_does_not_decide(self):
        self._delegate(self.director, self.salesperson)
        order = self._create_pending()
        with self.assertRaisesRegex(UserError, "does not decide it"):
            order.action_approve()

    def test_delegating_one_request(self):
        order = self._create_pending()
        for user, text in ((self.salesperson, "asked for it"), (self.director, "asked already")):
            with self.subTest(user.name), self.assertRaisesRegex(UserError, text):
                order.with_user(self.director).action_delegate(user.id)
        order.with_user(self.director).action_delegate(self.controller.id, "you know them")
        with self.assertRaises(UserError):
            order.with_user(self.director).action_approve()
        order.with_user(self.controller).action_approve()
        decision = order.sudo().approval_request_ids.decision_ids
        self.assertEqual((decision.user_id, decision.on_behalf_of_id), (self.controller, self.director))

    def test_withdrawal_only_by_approver_until_hand_over(self):
        order = self._create_pending()
        order.with_user(self.director).action_approve()
        with self.assertRaises(AccessError):
            order.with_user(self.manager).action_withdraw_approval("no")
        order.state = "sent"
        with self.assertRaisesRegex(UserError, "has it already"):
            order.with_user(self.director).action_withdraw_approval("no")

    def test_returned_values_are_checked(self):
        order = self._create_pending()
        line = order.order_line.id
        other = self._create_quotation().order_line.id
        wrong = (
            {},
            [1],
            {line: {}},
            {line: {"name": "x"}},
            {line: {"price_unit": "1"}},
            {line: {"price_unit": float("nan")}},
            {line: {"price_unit": 10.0}},
            {other: {"price_unit": 1}},
            {"x": {"price_unit": 1}},
        )
        for values in wrong:
            with self.subTest(values=values), self.assertRaises(UserError):
                order.with_user(self.director).action_return_with_price(values)
        self.assertEqual(order.approval_state, "pending")

    def test_taking_a_price_asks_the_others(self):
        self._create_rule("Second", self.controller)
        order = self._create_pending()
        order.with_user(self.director).action_return_with_price({order.order_line.id: {"discount": 5}})
        order.action_take_returned_price()
        self.assertEqual(order.approval_state, "pending")
        order.with_user(self.controller).action_approve()
        self.assertEqual(order.approval_state, "approved")

    def test_recall_by_requester_only(self):
        order = self._create_pending()
        with self.assertRaises(UserError):
            order.with_user(self.director).action_recall()
        order.action_recall()
        with self.assertRaises(UserError):
            order.with_user(self.director).action_approve()

    def test_preview(self):
        order = self._create_quotation()
        (preview,) = order._get_approval_preview()
        self.assertEqual(preview["rule"], self.rule)
        self.assertEqual(preview["steps"][0]["users"], self.director)

    def test_decided_quotation_is_not_deleted(self):
        order = self._create_pending()
        order.with_user(self.director).action_reject("no")
        with self.assertRaises(UserError):
            order.with_user(self.manager).unlink()

    def _delegate(self, user, delegate, start=0):
        today = fields.Date.today()
        return (
            self.env["sales.approval.delegation"]
            .with_user(user)
            .create(
                {
                    "user_id": user.id,
                    "delegate_id": delegate.id,
                    "date_from": today + timedelta(days=start),
                    "date_to": today + timedelta(days=start + 3),
                }
            )
        )
