from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.quotation.test_quotation_deal import QuotationDealCommon


@tagged("post_install", "-at_install", "quotation")
class TestQuotationDealChoice(QuotationDealCommon):
    """One click creates or picks the deal of the same customer."""

    def _open(self, order, user=None):
        wizard = self.env["sales.quotation.deal"].with_user(user or self.salesperson)
        return wizard.create({"order_id": order.id})

    def _create_own_order(self, **values):
        return self._create_order(user_id=self.salesperson.id, team_id=self.team.id, **values)

    def test_likeliest_is_chosen_already(self):
        mate = self._create_deals(partner_id=self.customer.id, user_id=self.member.id)
        own = self._create_deals(partner_id=self.customer.id)
        newest = self._create_deals(partner_id=self.customer.id, user_id=self.member.id)
        stranger = self._create_deals(partner_id=self.partner_a.id)
        lost = self._create_deals(partner_id=self.customer.id)
        lost.action_set_lost()
        wizard = self._open(self._create_own_order(), self.member)
        ids = [choice["id"] for choice in wizard.choices]
        self.assertEqual(ids, [own.id, newest.id, mate.id])
        self.assertEqual(wizard.deal_id, own)
        self.assertNotIn(stranger.id, ids)
        self.assertIn(own.deal_number, wizard.choices[0]["words"])

    def test_only_deals_that_one_may_see(self):
        self._create_deals(partner_id=self.customer.id, user_id=self.member.id)
        wizard = self._open(self._create_own_order())
        self.assertFalse(wizard.choices or wizard.deal_id)

    def test_use(self):
        self._set_policy()
        contact = self.env["res.partner"].create({"name": "Wang", "parent_id": self.customer.id})
        deal = self._create_deals(partner_id=contact.id)
        order = self._create_own_order()
        self._open(order).action_use_deal()
        self.assertEqual(order.opportunity_id, deal)
        self._assert_missing(order, False)

    def test_what_is_no_candidate_is_refused(self):
        order = self._create_own_order()
        wizard = self._open(order)
        for deal in (
            self._create_deals(partner_id=self.partner_a.id),
            self._create_deals(type="lead", partner_id=self.customer.id),
            self._create_deals(partner_id=self.customer.id, user_id=self.member.id),
        ):
            wizard.sudo().deal_id = deal
            with self.assertRaisesRegex(UserError, "no open deal"):
                wizard.action_use_deal()
        self.assertFalse(order.opportunity_id)

    def test_create(self):
        self._set_policy()
        order = self._create_own_order()
        self._open(order).with_context(default_priority="3", default_type="lead").action_create_deal()
        deal = order.opportunity_id
        self.assertEqual((deal.name, deal.type, deal.priority), ("Hangzhou Bolt · Bolt", "opportunity", "0"))
        self.assertEqual((deal.partner_id, deal.user_id, deal.team_id), (self.customer, self.salesperson, self.team))
        self.assertEqual(deal.expected_revenue, order.amount_untaxed)
        self.assertTrue(deal.deal_number and deal.stage_id)
        self._assert_missing(order, False)

    def test_create_under_a_strict_process(self):
        """A new deal begins at the beginning, where nothing is asked of its past."""
        self.company.sales_process_enabled = True
        self.test_create()

    def test_order_of_another_is_refused(self):
        order = self._create_order(user_id=self.member.id)
        with self.assertRaises(AccessError), mute_logger("odoo.models", "odoo.addons.base.models.ir_rule"):
            self._open(order).action_create_deal()

    def test_confirmed_order_keeps_its_deal(self):
        order = self._create_own_order()
        wizard = self._open(order)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "no quotation any more"):
            wizard.action_create_deal()

    # === Status line === #

    def test_line_says_why_and_what_helps(self):
        self._set_policy()
        order = self._create_order()
        line = order.release_line
        self.assertFalse(line["is_released"])
        self.assertRegex(line["blocking"][0], "belongs to no deal")
        self.assertEqual(line["button"], "Deal")
        self.assertEqual(order.action_resolve_release_blocker()["context"], {"default_order_id": order.id})
        order.opportunity_id = self._create_deals(partner_id=self.customer.id)
        line = order.release_line
        self.assertTrue(line["is_released"])
        self.assertEqual((line["words"], line["button"]), ([order.deal_number], False))
        self.assertFalse(order.action_resolve_release_blocker())

    def test_line_mutes_what_warns(self):
        self._set_policy("warn")
        line = self._create_order().release_line
        self.assertEqual((line["is_released"], line["blocking"], len(line["warnings"])), (True, [], 1))

    def test_line_offers_a_deal_where_nobody_asks(self):
        self.assertTrue(self._create_order().release_line["is_deal_offered"])

    def test_line_is_not_there_where_all_is_off(self):
        order = self._create_order()
        self.company.sales_quotation_enabled = False
        order.invalidate_recordset()
        self.assertFalse(order.release_line)

    def test_line_follows_as_one_types(self):
        self._set_policy()
        deal = self._create_deals(partner_id=self.customer.id)
        with Form(self.env["sale.order"].with_user(self.salesperson)) as form:
            form.partner_id = self.customer
            self.assertFalse(form.release_line["is_released"])
            form.opportunity_id = deal
            self.assertTrue(form.release_line["is_released"])
