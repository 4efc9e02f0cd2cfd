from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.sales_management.tests.process.gate_common import GateCommon


@tagged("post_install", "-at_install", "process")
class TestDealClass(GateCommon):
    """A rule proposes the class of a deal, and a manager may choose another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["sales.deal.class"].search([("id", "!=", False)]).active = False
        cls.key, cls.fast, cls.standard = cls.env["sales.deal.class"].create(
            [
                {"name": "Key Account", "code": "key", "amount_min": 100000, "sequence": 1},
                {"name": "Fast Track", "code": "fast", "amount_max": 1000, "sequence": 2},
                {"name": "Standard", "code": "standard", "sequence": 3},
            ]
        )

    def test_revenue_proposes_the_class(self):
        for revenue, expected in (
            (0, self.fast),
            (999.99, self.fast),
            (1000, self.standard),
            (99999, self.standard),
            (100000, self.key),
        ):
            self.deal.expected_revenue = revenue
            self.assertEqual(self.deal.deal_class_id, expected, revenue)

    def test_label_that_is_translated_is_shown_at_once(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        chinese = self.env["sales.deal.class"].with_context(lang="zh_CN")
        self.assertEqual(chinese._get_labels()[self.key.id][0], "Key Account")
        self.key.update_field_translations("name", {"zh_CN": "大客户"})
        self.assertEqual(chinese._get_labels()[self.key.id][0], "大客户")

    def test_choice_of_a_manager_stays(self):
        self.deal.with_user(self.manager).deal_class_id = self.key
        self.deal.expected_revenue = 5
        self.assertEqual(self.deal.deal_class_id, self.key)
        self.deal.with_user(self.manager).deal_class_id = False
        self.deal.expected_revenue = 6
        self.assertEqual(self.deal.deal_class_id, self.fast)

    def test_nobody_else_chooses(self):
        for user in (self.salesperson, self.leader):
            deal = self.deal.with_user(user)
            with self.assertRaises(AccessError):
                deal.deal_class_id = self.key
            with self.assertRaises(AccessError):
                deal.create({"name": "New", "type": "opportunity", "deal_class_id": self.key.id})
            default = deal.with_context(default_deal_class_id=self.key.id)
            created = default.create({"name": "New", "type": "opportunity"})
            self.assertEqual(created.deal_class_id, self.fast)

    def test_proposal_that_a_form_sends_along_is_no_choice(self):
        for user in (self.salesperson, self.manager):
            values = {"name": "New", "type": "opportunity", "expected_revenue": 5000, "deal_class_id": self.standard.id}
            deal = self.env["crm.lead"].with_user(user).create(values)
            self.assertEqual(deal.deal_class_id, self.standard)
            deal.expected_revenue = 200000
            self.assertEqual(deal.deal_class_id, self.key, user.login)

    def test_form_of_a_salesperson(self):
        with Form(self.env["crm.lead"].with_user(self.salesperson).with_context(default_type="opportunity")) as form:
            form.name = "Bolts"
            form.expected_revenue = 200000
        self.assertEqual(form.record.deal_class_id, self.key)

    def test_repeat_orders(self):
        repeat = self.env["sales.deal.class"].create({"name": "Repeat", "is_repeat": True, "sequence": 0})
        customer = self._create_quotation(self.env["crm.lead"])
        customer.action_confirm()
        deal = self._create_deals(partner_id=customer.partner_id.id)
        self.assertEqual(deal.deal_class_id, repeat)
        self.assertNotEqual(self._create_deals().deal_class_id, repeat)

    def test_order_of_the_deal_itself_is_no_repeat(self):
        self.env["sales.deal.class"].create({"name": "Repeat", "is_repeat": True, "sequence": 0})
        order = self._create_quotation(self.deal)
        self.deal.partner_id = order.partner_id
        order.action_confirm()
        self.deal.expected_revenue = 7
        self.assertEqual(self.deal.deal_class_id, self.fast)

    def test_team_and_condition(self):
        special = self.env["sales.deal.class"].create(
            {
                "name": "Export",
                "sequence": 0,
                "team_ids": [Command.set(self.team.ids)],
                "domain": "[('priority', '=', '3')]",
            }
        )
        deal = self._create_deals(priority="3")
        self.assertEqual(deal.deal_class_id, special)
        self.assertNotEqual(self._create_deals(priority="1").deal_class_id, special)
        special.team_ids = self.other_team
        self.other_team.active = False
        self.assertNotEqual(
            self._create_deals(priority="3").deal_class_id, special, "It is not for all."
        )

    def test_condition_that_is_broken(self):
        with self.assertRaises(ValidationError):
            self.key.domain = "[('gone', '=', 1)]"

    def test_switched_off_none_is_proposed(self):
        self.company.sales_process_enabled = False
        self.assertFalse(self._create_deals(expected_revenue=5).deal_class_id)

    def test_lead_has_none(self):
        self.assertFalse(self._create_deals(type="lead").deal_class_id)
