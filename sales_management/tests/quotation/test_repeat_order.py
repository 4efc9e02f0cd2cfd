from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.common import DealDocumentCommon


@tagged("post_install", "-at_install", "quotation")
class TestRepeatOrder(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_quotation_enabled = True
        cls.order = cls._create_order(user_id=cls.salesperson.id, team_id=cls.team.id)
        cls.order.order_line.price_unit = 8.0
        cls.order.action_confirm()

    def _repeat(self, order=None, user=None):
        action = (order or self.order).with_user(user or self.salesperson).action_repeat_order()
        return self.env["sale.order"].browse(action["res_id"])

    def test_prices_stay_as_they_were_agreed(self):
        self.bolt.list_price = 20.0
        self.assertEqual(self._repeat().order_line.price_unit, 8.0)

    def test_repeat_names_the_order_and_has_a_deal_of_its_own(self):
        repeat = self._repeat()
        self.assertEqual(repeat.repeat_of_id, self.order)
        self.assertEqual(repeat.state, "draft")
        deal = repeat.opportunity_id
        self.assertTrue(deal.deal_number)
        self.assertEqual(deal.partner_id, self.customer)
        self.assertEqual(deal.user_id, self.salesperson)
        self.assertEqual(deal.expected_revenue, 40.0)

    def test_a_second_click_confirms_it(self):
        repeat = self._repeat()
        repeat.with_user(self.salesperson).action_confirm()
        self.assertEqual(repeat.state, "sale")

    def test_deal_begins_at_negotiation_without_what_came_before(self):
        self.env.company.sales_process_enabled = True
        stages = self.env["crm.stage"].search([("team_ids", "=", False)])
        late = stages.filtered(lambda stage: not stage.is_won)[-1]
        late.sales_code = "negotiation"
        self.env["sales.stage.requirement"].create(
            {
                "stage_id": stages[0].id,
                "name": "Phone",
                "kind": "field",
                "field_id": self.env["ir.model.fields"]._get("crm.lead", "phone").id,
                "enforcement": "block",
            }
        )
        deal = self._repeat().opportunity_id
        self.assertEqual(deal.stage_id, late)
        self.assertEqual(deal.stage_move_ids.mapped("origin"), ["system"])

    def test_what_was_delivered_beside_is_not_repeated(self):
        self.order.order_line = [Command.create({"product_id": self.bolt.id, "product_uom_qty": 0})]
        self.assertEqual(len(self._repeat().order_line), 1)

    def test_only_a_confirmed_order_is_repeated(self):
        draft = self._create_order()
        with self.assertRaisesRegex(UserError, draft.name):
            draft.action_repeat_order()

    def test_products_that_are_no_longer_sold_are_named(self):
        self.bolt.action_archive()
        with self.assertRaisesRegex(UserError, "Bolt"):
            self._repeat()

    def test_nobody_writes_which_order_is_repeated(self):
        draft = self._create_order(user_id=self.salesperson.id)
        with self.assertRaises(UserError):
            draft.with_user(self.salesperson).write({"repeat_of_id": self.order.id})

    def test_orders_of_others_stay_theirs(self):
        other = self._confirm_order(user_id=self.manager.id, team_id=self.other_team.id)
        with self.assertRaises(UserError):
            self._repeat(other)
