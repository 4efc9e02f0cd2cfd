from odoo.tests import new_test_user, tagged

from odoo.addons.sales_management.tests.common import DealCommon

GROUP = "sales_management.group_process"


@tagged("post_install", "-at_install", "common_ground")
class TestCapabilitySwitch(DealCommon):
    """The switch of a capability: its menus are there as soon as one company uses it, and go with the last."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([("sales_process_enabled", "=", True)]).sales_process_enabled = False
        cls.company = cls.env.company
        cls.other = cls.env["res.company"].create({"name": "Ningbo Nuts"})
        cls.menu = cls.env["ir.ui.menu"].create(
            {
                "name": "Process",
                "group_ids": cls.env.ref(GROUP).ids,
                "action": f"ir.actions.act_window,{cls.env.ref('crm.crm_lead_opportunities').id}",
            }
        )

    def _is_seen(self, user=None):
        return self.menu.id in self.env["ir.ui.menu"].with_user(user or self.salesperson)._visible_menu_ids()

    def test_menus_come_and_go(self):
        self.assertFalse(self._is_seen())
        self.company.sales_process_enabled = True
        self.assertTrue(self._is_seen())
        self.assertTrue(self._is_seen(new_test_user(self.env, "sm_new", "sales_team.group_sale_salesman")))
        self.assertFalse(self.users_by_role["portal"].has_group(GROUP))
        self.company.sales_process_enabled = False
        self.assertFalse(self._is_seen())
        self.assertFalse(self.env.ref(GROUP).all_user_ids)

    def test_second_company(self):
        self.company.sales_process_enabled = True
        self.other.sales_process_enabled = True
        self.company.sales_process_enabled = False
        self.assertTrue(self._is_seen())
        self.other.sales_process_enabled = False
        self.assertFalse(self._is_seen())

    def test_company_that_is_created_with_it(self):
        company = self.env["res.company"].create({"name": "Third", "sales_process_enabled": True})
        self.assertTrue(self._is_seen())
        self.assertEqual(self.env["res.company"]._get_enabled_company_ids("sales_process_enabled"), {company.id})

    def test_asking_costs_nothing(self):
        companies = self.env["res.company"]
        companies._get_enabled_company_ids("sales_process_enabled")
        with self.assertQueryCount(0):
            self.assertFalse(companies._get_enabled_company_ids("sales_process_enabled"))

    def test_winning_by_orders_is_known_at_once(self):
        companies = self.env["res.company"]
        self.assertFalse(companies._get_enabled_company_ids("won_on_confirm"))
        self.company.won_on_confirm = True
        self.assertEqual(companies._get_enabled_company_ids("won_on_confirm"), {self.company.id})
        self.company.won_on_confirm = False
        self.assertFalse(companies._get_enabled_company_ids("won_on_confirm"))
