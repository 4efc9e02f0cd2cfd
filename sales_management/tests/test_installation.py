"""What the hooks do to a database with data, on data made here; the real thing is in the sandbox's tests."""

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management import hooks
from odoo.addons.sales_management.tests.common import DealDocumentCommon


@tagged("post_install", "-at_install", "installation")
class TestInstallation(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.partner_id.tz = "Asia/Shanghai"
        cls.deals = cls._create_deals(4, company_id=cls.env.company.id)
        cls.lead = cls._create_deals(type="lead")
        cls.orders = cls.env["sale.order"].union(*(cls._confirm_order(deal) for deal in cls.deals[:2]))
        cls.invoice = cls.orders._create_invoices()
        cls.lost = cls._create_deals()
        cls.lost.action_set_lost()
        cls.env.flush_all()

    def _number_again(self):
        """Forget every number as if the addon had not been there, and run the hook."""
        cr = self.env.cr
        cr.execute("UPDATE crm_lead SET create_date = '2025-12-31 20:00' WHERE id = %s", [self.deals[3].id])
        cr.execute("UPDATE crm_lead SET create_date = '2025-12-31 15:00' WHERE id = %s", [self.deals[2].id])
        for table, column in hooks.COLUMNS:
            cr.execute(f"UPDATE {table} SET {column} = NULL")  # pylint: disable=sql-injection  # names of our own
        cr.execute("DELETE FROM account_move_deal_rel")
        cr.execute("DROP TABLE account_move_deal_rel")
        hooks.pre_init_hook(self.env)
        self.env.invalidate_all()

    def test_deals_are_numbered_in_the_order_of_their_creation(self):
        self._number_again()
        numbered = self.env["crm.lead"].with_context(active_test=False).search(
            [("type", "=", "opportunity")], order="create_date, id"
        )
        counters = [self._counter(number) for number in numbered.mapped("deal_number")]
        self.assertEqual(counters, list(range(1, len(numbered) + 1)))
        self.assertTrue(self.lost.deal_number)
        self.assertFalse(self.lead.deal_number)

    def test_year_is_that_of_the_company_partner(self):
        self._number_again()
        self.assertTrue(self.deals[3].deal_number.startswith("D2026-"), "20:00 in UTC is the new year in Shanghai.")
        self.assertTrue(self.deals[2].deal_number.startswith("D2025-"))

    def test_zone_that_is_not_known_does_not_stop_the_installation(self):
        partner = self.env.company.partner_id
        self.env.cr.execute("UPDATE res_partner SET tz = 'Mars/Olympus' WHERE id = %s", [partner.id])
        self._number_again()
        self.assertTrue(self.deals[3].deal_number.startswith("D2025-"))

    def test_documents_are_numbered_as_the_orm_would(self):
        self._number_again()
        documents = [
            (self.orders, "deal_number"),
            (self.orders.picking_ids, "deal_number"),
            (self.invoice, "deal_numbers"),
        ]
        stored = [records.mapped(field) for records, field in documents]
        self.assertEqual(stored[0], self.deals[:2].mapped("deal_number"))
        self.assertEqual(self.invoice.deal_ids, self.deals[:2])
        for records, field in documents:
            self.env.add_to_compute(records._fields[field], records)
        self.assertEqual([records.mapped(field) for records, field in documents], stored)

    def test_sequence_goes_on_after_existing_deals(self):
        self._number_again()
        numbered = self.env["crm.lead"].with_context(active_test=False).search_count([("deal_number", "!=", False)])
        hooks.post_init_hook(self.env)
        self.assertEqual(self._counter(self._create_deals().deal_number), numbered + 1)

    def test_hook_may_run_again(self):
        """An installation that was interrupted after the hook starts over."""
        self._number_again()
        hooks.pre_init_hook(self.env)

    def test_members_of_the_team_level_keep_their_own_documents(self):
        own_documents = self.env.ref("sales_team.group_sale_salesman")
        custom = self.env["res.groups"].create(
            {"name": "Custom", "implied_ids": [Command.link(self.env.ref("sales_management.group_team").id)]}
        )
        self.leader.active = False
        hooks.uninstall_hook(self.env)
        self.assertIn(own_documents, self.member.group_ids)
        self.assertIn(own_documents, self.leader.group_ids)
        self.assertIn(own_documents, custom.implied_ids)

    def test_sequences_of_companies_go_with_the_addon(self):
        values = {"name": "Own", "code": "sales.deal", "company_id": self.env.company.id, "prefix": "Z"}
        self.env["ir.sequence"].create(values)
        hooks.uninstall_hook(self.env)
        left = self.env["ir.sequence"].with_context(active_test=False).search([("code", "=", "sales.deal")])
        self.assertEqual(left, self.env.ref("sales_management.sequence_deal"))

    def test_uninstallation_without_the_team_level(self):
        self.env.ref("sales_management.group_team").unlink()
        hooks.uninstall_hook(self.env)
