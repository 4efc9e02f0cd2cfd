from odoo.tests import new_test_user, tagged

from odoo.addons.sales_management.tests.process.gate_common import GateCommon


@tagged("post_install", "-at_install", "process")
class TestWonOnConfirm(GateCommon):
    """Confirming an order wins its deal, or says what is missing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.won_on_confirm = True

    def _confirm(self, deal=None, user=None):
        order = self._create_quotation(deal or self.deal, user_id=self.salesperson.id, team_id=self.team.id)
        order.with_user(user or self.salesperson).sudo(bool(user)).action_confirm()
        return order

    def _get_todo(self, deal=None):
        return (deal or self.deal).sudo().won_activity_id

    def test_order_wins_its_deal(self):
        self._require(self.first, kind="order")
        self._confirm()
        self.assertEqual(self.deal.won_status, "won")
        move = self._get_moves()
        self.assertEqual((move.direction, move.origin, move.user_id), ("won", "user", self.salesperson))
        self.assertFalse(self._get_todo())

    def test_off_it_does_nothing(self):
        for switch in ("won_on_confirm", "sales_process_enabled"):
            with self.subTest(switch):
                self.company[switch] = False
                self._confirm()
                self.assertEqual(self.deal.won_status, "pending")
                self.company[switch] = True

    def test_order_without_a_deal(self):
        self.assertEqual(self._confirm(self.env["crm.lead"]).state, "sale")

    def test_what_is_missing_is_told_once(self):
        self._require()
        orders = self._confirm() | self._confirm()
        self.assertEqual(set(orders.mapped("state")), {"sale"})
        self.assertEqual(self.deal.won_status, "pending")
        todo = self._get_todo()
        self.assertEqual(len(self.deal.activity_ids), 1)
        self.assertEqual((todo.user_id, todo.date_deadline), (self.salesperson, self.today))
        self.assertIn("Phone", todo.note)
        self.deal.phone = "1"
        self.deal.action_set_won()
        self.assertFalse(todo.exists())

    def test_todo_that_was_done_comes_again_with_the_next_order(self):
        self._require()
        self._confirm()
        self._get_todo().action_feedback()
        self._confirm()
        self.assertTrue(self._get_todo().active)

    def test_several_orders_at_once(self):
        self._require()
        ready = self._create_deals(stage_id=self.first.id, phone="1")
        orders = self._create_quotation(self.deal) | self._create_quotation(ready) | self._create_quotation(ready)
        orders.with_user(self.salesperson).sudo().action_confirm()
        self.assertEqual((self.deal.won_status, ready.won_status), ("pending", "won"))
        self.assertEqual(self._get_moves(ready).mapped("direction"), ["won"])
        self.assertTrue(self._get_todo())
        self.assertFalse(self._get_todo(ready))

    def test_won_deal_is_left_alone(self):
        self.deal.action_set_won()
        self._confirm()
        self.assertEqual(self._get_moves().mapped("direction"), ["won"])

    def test_lost_deal_is_reopened_and_won(self):
        self._set_policy("lost_reason")
        self.deal.action_set_lost(lost_reason_id=self.reason.id, lost_retry_date="2030-01-01")
        self._confirm()
        self.assertEqual(self._get_moves().mapped("direction"), ["lost", "reopen", "won"])
        self.assertFalse(self.deal.lost_retry_date)

    def test_cancelled_order_leaves_its_deal_won(self):
        order = self._confirm()
        order._action_cancel()
        self.assertEqual(self.deal.won_status, "won")

    def test_colleague_without_rights_on_the_deal(self):
        colleague = new_test_user(self.env, "sm_colleague", "sales_team.group_sale_salesman")
        self._confirm(user=colleague)
        self.assertEqual(self.deal.won_status, "won")
        self.assertEqual(self._get_moves().user_id, colleague)

    def test_customer_who_signs_or_pays(self):
        public = self.env.ref("base.public_user")
        for user in (self.users_by_role["portal"], public):
            with self.subTest(user.login):
                deal = self._create_deals(stage_id=self.first.id)
                self._confirm(deal, user=user)
                self.assertEqual(deal.won_status, "won")
                self.assertEqual(self._get_moves(deal).origin, "system")

    def test_customer_is_stopped_by_nothing(self):
        self._require()
        order = self._confirm(user=self.env.ref("base.public_user"))
        self.assertEqual((order.state, self.deal.won_status), ("sale", "pending"))
        self.assertEqual(self._get_todo().user_id, self.salesperson)

    def test_todo_speaks_the_language_of_its_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.salesperson.lang = "fr_FR"
        requirement = self._require()
        requirement.with_context(lang="fr_FR").name = "Il faut un téléphone"
        self._confirm(user=self.env.ref("base.public_user"))
        self.assertIn("Il faut un téléphone", self._get_todo().note)

    def test_warned_of_it_wins(self):
        requirement = self._require(enforcement="warn")
        self._confirm()
        self.assertEqual(self.deal.won_status, "won")
        self.assertEqual(self._get_moves().warned_requirement_ids, requirement)

    def test_won_stage_of_the_team(self):
        self.won.team_ids = self.other_team
        own = self.env["crm.stage"].create({"name": "Done", "sequence": 9, "is_won": True, "team_ids": self.team.ids})
        self._confirm()
        self._assert_stage(own)
