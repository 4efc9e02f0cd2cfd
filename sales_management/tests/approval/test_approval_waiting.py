from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .approver_common import ApproverCommon


@tagged("post_install", "-at_install", "approval")
class TestApprovalWaiting(ApproverCommon):
    """What stands in front of an approver, and how it is decided there."""

    # === Who === #

    def test_request_waits_for_one_step_after_the_other(self):
        request = self._ask()
        self.assertEqual(self._get_waiting(self.leader), request)
        self.assertFalse(self._get_waiting(self.finance))
        request.with_user(self.leader).action_approve()
        self.assertFalse(self._get_waiting(self.leader))
        self.assertEqual(self._get_waiting(self.finance), request)
        request.with_user(self.finance).action_approve()
        self.assertFalse(self._get_waiting(self.finance))
        self.assertEqual(request.order_id.approval_state, "approved")

    def test_nothing_waits_for_others(self):
        request = self._ask()
        for user in (self.salesperson, self.member, self.manager, self.users_by_role["stock"]):
            with self.subTest(user.login):
                self.assertFalse(self._get_waiting(user))
        self.assertFalse(request.with_user(self.manager).is_waiting_for_me)

    def test_portal_user_sees_no_request(self):
        self._ask()
        requests = self.env["sales.approval.request"].with_user(self.users_by_role["portal"])
        with self.assertRaises(AccessError):
            requests.search([("is_waiting_for_me", "=", True)])

    def test_request_waits_for_who_stands_in(self):
        request = self._ask()
        today = fields.Date.today()
        delegation = self.env["sales.approval.delegation"].create(
            {
                "user_id": self.leader.id,
                "delegate_id": self.manager.id,
                "date_from": today - timedelta(days=1),
                "date_to": today + timedelta(days=1),
            }
        )
        self.assertEqual(self._get_waiting(self.manager), request)
        self.assertTrue(request.with_user(self.manager).is_waiting_for_me)
        delegation.date_to = today - timedelta(days=1)
        self.assertFalse(self._get_waiting(self.manager))

    def test_author_is_asked_by_nobody(self):
        """Who stands in for an approver decides nothing that he asked for himself."""
        request = self._ask()
        self.env["sales.approval.delegation"].create(
            {"user_id": self.leader.id, "delegate_id": self.salesperson.id, "date_to": fields.Date.today()}
        )
        self.assertFalse(self._get_waiting(self.salesperson))
        self.assertFalse(request.with_user(self.salesperson).is_waiting_for_me)

    # === What === #

    def test_card_says_all_without_rights_on_the_quotation(self):
        request = self._ask(comment="He has another offer.")
        request.with_user(self.leader).action_approve()
        card = request.with_user(self.finance)
        self.assertFalse(self.env["crm.lead"].with_user(self.finance).has_access("read"))
        self.assertEqual(card.partner_name, "Hangzhou Bolt")
        self.assertEqual(card.document_name, request.order_id.name)
        self.assertEqual(card.deal_number, self.deal.deal_number)
        self.assertEqual(card.amount_untaxed, 800)
        self.assertEqual(card.effective_discount, 20)
        self.assertEqual(card.margin, 37.5)
        self.assertTrue(card.is_margin_shown)
        self.assertEqual(card.reason_text, "Effective discount 20 % > 10 %")
        self.assertEqual(card.comment, "He has another offer.")
        for text in ("M8 bolt", "100", "10.00", "8.00", "20.0", "37.5", "800.00"):
            self.assertIn(text, card.lines_html)

    def test_card_says_what_was_asked_and_not_what_is(self):
        request = self._ask()
        self.bolt.standard_price = 7.9
        self.customer.property_product_pricelist = False
        self.env.invalidate_all()
        self.assertEqual(request.with_user(self.leader).margin, 37.5)
        self.assertIn("37.5", request.with_user(self.leader).lines_html)

    def test_card_says_what_changed_since_it_was_asked_before(self):
        order = self._create_discounted()
        first = self._ask(order)
        self.assertFalse(first.change_text)
        first.with_user(self.leader).action_reject("Too low")
        order.order_line.write({"price_unit": 8.5, "product_uom_qty": 200})
        second = self._ask(order)
        text = second.with_user(self.leader).change_text.replace("\xa0", " ")
        self.assertIn("M8 bolt: price 8 → 8.50, quantity 100 → 200", text)
        self.assertIn("800.00", text)
        self.assertIn("1,700.00", text)

    def test_card_says_when_it_is_due(self):
        request = self._ask()
        step = request.step_ids.filtered(lambda step: step.state == "open")
        self.assertTrue(step.deadline_at)
        step.deadline_at = fields.Datetime.now() + timedelta(hours=5, minutes=20)
        self.assertEqual(request.with_user(self.leader).due_text, "due in 5 h")
        step.deadline_at = fields.Datetime.now() - timedelta(days=2)
        self.env.invalidate_all()
        self.assertEqual(request.with_user(self.leader).due_text, "2 d late")
        self.assertTrue(request.is_late)

    # === Deciding === #

    def test_approve_asks_once_when_margin_is_under_the_floor(self):
        self.rule.write({"has_margin_min": True, "margin_min": 40})
        request = self._ask().with_user(self.leader)
        action = request.action_approve_now()
        self.assertEqual(action["res_model"], "sales.approval.answer")
        self.assertEqual(request.step_ids.mapped("state"), ["open", "waiting"])
        answer = self.env["sales.approval.answer"].with_user(self.leader).with_context(**action["context"]).create({})
        self.assertTrue(answer.is_margin_low)
        self.assertIn("37.5", answer.summary)
        offer = answer.action_apply()
        self.assertEqual((offer["tag"], offer["params"]["request_ids"]), ("sales_management.approved", request.ids))
        self.assertEqual(request.step_ids.mapped("state"), ["approved", "open"])

    def test_several_are_approved_at_once(self):
        requests = self._ask() | self._ask() | self._ask()
        action = requests.with_user(self.leader).action_approve_now()
        self.assertEqual(action["params"]["request_ids"], requests.ids)
        self.assertEqual(len(requests.decision_ids), 3)
        self.assertFalse(self._get_waiting(self.leader))

    def test_rejection_needs_a_reason(self):
        request = self._ask()
        answer = self._answer(self.leader, "reject", request)
        with self.assertRaisesRegex(UserError, "reason"):
            answer.action_apply()
        answer.comment = "Below cost"
        answer.action_apply()
        self.assertEqual(request.state, "rejected")
        self.assertEqual(request.decision_ids.comment, "Below cost")

    def test_price_is_returned_with_its_result_shown(self):
        order = self._create_discounted()
        request = self._ask(order)
        answer = self._answer(self.leader, "return", request)
        self.assertEqual((answer.amount_asked, answer.amount_untaxed, answer.margin), (800, 800, 37.5))
        with self.assertRaisesRegex(UserError, "Change a price"):
            answer.action_apply()
        answer.line_ids.wanted_price = 9.0
        self.assertEqual((answer.amount_untaxed, answer.effective_discount), (900, 10))
        self.assertAlmostEqual(answer.margin, 44.44, 2)
        answer.action_apply()
        self.assertEqual((request.state, request.decision_ids.outcome), ("rejected", "returned"))
        self.assertEqual(request.returned_values["lines"][str(order.order_line.id)]["price_unit"], 9)

    def test_dialog_shows_no_line_to_who_does_not_decide(self):
        request = self._ask()
        answer = self._answer(self.salesperson, "return", request)
        self.assertFalse(answer.line_ids)
        line = self.env["sales.approval.answer.line"].with_user(self.salesperson)
        line = line.create({"answer_id": answer.id, "order_line_ref": request.order_id.order_line.id})
        self.assertFalse(line.cost)

    def test_approval_is_withdrawn_by_who_gave_it(self):
        request = self._ask()
        request.with_user(self.leader).action_approve()
        request.with_user(self.finance).action_approve()
        self.env.invalidate_all()
        self.assertTrue(request.with_user(self.finance).can_withdraw)
        self.assertFalse(request.with_user(self.salesperson).can_withdraw)
        answer = self._answer(self.finance, "withdraw", request)
        answer.comment = "Steel went up"
        answer.action_apply()
        self.assertEqual(request.order_id.approval_state, "rejected")
        self.assertFalse(request.with_user(self.finance).can_withdraw)

    def test_decision_is_given_to_somebody_else(self):
        request = self._ask()
        answer = self._answer(self.leader, "delegate", request)
        answer.user_id = self.manager
        answer.action_apply()
        self.assertFalse(self._get_waiting(self.leader))
        self.assertEqual(self._get_waiting(self.manager), request)
        self.assertEqual(self._get_activities(request).user_id, self.manager)

    def test_request_is_recalled_by_who_asked(self):
        request = self._ask()
        self.assertTrue(request.with_user(self.salesperson).can_recall)
        self.assertFalse(request.with_user(self.leader).can_recall)
        self._answer(self.salesperson, "recall", request).action_apply()
        self.assertEqual(request.state, "recalled")
        self.assertFalse(self._get_activities(request))

    def test_answer_of_somebody_else_decides_nothing(self):
        request = self._ask()
        for user in (self.finance, self.manager):
            with self.subTest(user.login), self.assertRaises(UserError):
                self._answer(user, "approve", request).action_apply()
        self.assertEqual(request.state, "pending")

    # === Order === #

    def test_buttons_of_the_order_follow_state_and_right(self):
        order = self._create_discounted()
        names = ("can_request_approval", "can_decide_approval", "can_recall_approval", "can_withdraw_approval")

        def buttons(user):
            self.env.invalidate_all()
            record = order.with_user(user)
            return [name for name in names if record[name]]

        self.assertEqual(buttons(self.salesperson), ["can_request_approval"])
        request = self._ask(order)
        self.assertEqual(buttons(self.salesperson), ["can_recall_approval"])
        self.assertEqual(buttons(self.leader), ["can_decide_approval"])
        order.with_user(self.leader).action_approve_now()
        request.with_user(self.finance).action_approve()
        self.assertEqual(buttons(self.leader), ["can_withdraw_approval"])
        self.assertEqual(buttons(self.salesperson), [])

    def test_preview_names_rules_and_people_and_asks_nobody(self):
        order = self._create_discounted()
        ask = self.env["sales.approval.ask"].with_user(self.salesperson).create({"order_ids": order.ids})
        self.assertTrue(ask.is_asked)
        for text in ("Discounts", "Effective discount 20 %", "Leader", "Finance"):
            self.assertIn(text, ask.preview_html)
        self.assertFalse(order.approval_request_ids)
        ask.comment = "Next year he doubles"
        ask.action_ask()
        self.assertEqual(self._get_request(order).comment, "Next year he doubles")

    def test_dialog_tells_of_a_step_that_nobody_can_take(self):
        order = self._create_discounted()
        self.leader.active = self.manager.active = False
        self.rule.step_ids.user_ids.active = False
        ask = self.env["sales.approval.ask"].with_user(self.salesperson).create({"order_ids": order.ids})
        told = ask.action_ask()
        self.assertEqual(told["tag"], "display_notification")
        self.assertEqual(told["params"]["next"]["type"], "ir.actions.act_window_close")

    def test_status_line_shows_whom_it_asks_and_a_price_that_is_offered(self):
        order = self._create_discounted()
        action = order.action_resolve_release_blocker()
        self.assertEqual((action["res_model"], action["name"]), ("sales.approval.ask", "Request Approval"))
        self._ask(order)
        line = order.order_line
        order.with_user(self.leader).action_return_with_price({str(line.id): {"price_unit": 9.0}}, "At 9 you have it.")
        self.env.invalidate_all()
        action = order.action_resolve_release_blocker()
        self.assertEqual(action["name"], "Take That Price")
        ask = self.env[action["res_model"]].with_user(self.salesperson).with_context(**action["context"]).create({})
        self.assertEqual(ask.returned_text, "M8 bolt: Unit Price 8.00 → 9.00")
        ask.action_take()
        self.assertEqual(line.price_unit, 9.0)
        self.assertTrue(order.is_released)

    def test_menu_reaches_who_approves_without_sales_rights(self):
        menu = self.env.ref("sales_management.sales_approval_menu")
        deals = self.env.ref("sales_management.deal_menu")
        visible = self.env["ir.ui.menu"].with_user(self.finance)._visible_menu_ids()
        self.assertIn(menu.id, visible)
        self.assertIn(self.env.ref("sales_management.sales_management_root_menu").id, visible)
        self.assertNotIn(deals.id, visible)
        self.env.company.sales_approval_enabled = False
        self.env["res.company"].search([("sales_approval_enabled", "=", True)]).sales_approval_enabled = False
        hidden = self.env["ir.ui.menu"].with_user(self.finance)._visible_menu_ids()
        self.assertNotIn(menu.id, hidden)
        self.assertNotIn(self.env.ref("sales_management.sales_management_root_menu").id, hidden)

    # === Queries === #

    def test_list_costs_the_same_for_eighty(self):
        names = ["partner_name", "document_name", "deal_number", "amount_untaxed", "effective_discount", "margin"]
        names += ["reason_text", "change_text", "due_text", "is_waiting_for_me", "can_withdraw", "lines_html"]
        orders = self.env["sale.order"].union(*(self._create_discounted() for _position in range(80)))
        orders.with_user(self.salesperson).action_request_approval()
        requests = orders.sudo().approval_request_ids
        counts = []
        for size in (2, 80):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.env["sales.approval.request"].with_user(self.leader).browse(requests[:size].ids).read(names)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(rows), size)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)

    # === Delegations === #

    def test_people_name_who_stands_in_for_them_alone(self):
        delegations = self.env["sales.approval.delegation"].with_user(self.leader)
        own = delegations.create({"delegate_id": self.manager.id, "date_to": fields.Date.today()})
        self.assertEqual(own.user_id, self.leader)
        self.assertFalse(own.can_choose_user)
        self.assertTrue(own.with_user(self.manager).can_choose_user)
        other = new_test_user(self.env, "sm_other_approver", "base.group_user")
        with self.assertRaises(AccessError):
            delegations.create({"user_id": other.id, "delegate_id": self.leader.id, "date_to": fields.Date.today()})

    # === Tools === #

    def _answer(self, user, mode, request):
        return self.env["sales.approval.answer"].with_user(user).create({"mode": mode, "request_ids": request.ids})
