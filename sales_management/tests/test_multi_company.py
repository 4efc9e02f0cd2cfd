from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.sales_management.tests.common import DealDocumentCommon


@tagged("post_install", "-at_install", "process")
class TestMultiCompany(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.company_data_2 = cls.setup_other_company()["company"]
        cls.other_salesperson = new_test_user(
            cls.env,
            "sm_other",
            "sales_management.group_team",
            company_id=cls.other_company.id,
            company_ids=[(6, 0, cls.other_company.ids)],
        )
        cls.env["crm.team.member"].create({"crm_team_id": cls.team.id, "user_id": cls.other_salesperson.id})

    def test_numbers_are_unique_over_companies(self):
        deals = self._create_deals(2) | self._create_deals(2, user_id=self.other_salesperson.id, team_id=False)
        self.assertEqual(deals.company_id, self.env.company | self.other_company)
        self.assertEqual(len(set(deals.mapped("deal_number"))), 4)

    def test_team_shows_no_deal_of_another_company(self):
        deal = self._create_deals(company_id=self.env.company.id)
        order = self._create_order(deal, user_id=self.salesperson.id, team_id=self.team.id)
        for record in (deal, order):
            self.assertTrue(record.with_user(self.member).has_access("read"))
            with self.assertRaises(AccessError):
                record.with_user(self.other_salesperson).read(["deal_number"])

    def test_retired_numbers_keep_to_their_company(self):
        for company, user in ((self.env.company, self.salesperson), (self.other_company, self.other_salesperson)):
            self._create_deals(user_id=user.id, team_id=False, company_id=company.id, name=company.name).unlink()
        seen = self.env["sales.deal.number"].with_user(self.manager).search([("deal_name", "!=", False)])
        self.assertIn(self.env.company.name, seen.mapped("deal_name"))
        self.assertNotIn(self.other_company.name, seen.mapped("deal_name"))

    def test_invoices_of_two_companies_keep_to_their_deals(self):
        here = self._confirm_order(self._create_deals(company_id=self.env.company.id))._create_invoices()
        self.assertEqual(here.deal_ids.company_id, self.env.company)

    def test_documents_print_the_number_by_company(self):
        self.env.company.deal_number_on_documents = True
        self.assertFalse(self.other_company.deal_number_on_documents)
