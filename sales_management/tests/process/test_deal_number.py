from datetime import datetime
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import Form, tagged, users
from odoo.tools.safe_eval import safe_eval

from odoo.addons.sales_management.tests.common import DealCommon


@tagged("post_install", "-at_install", "process")
class TestDealNumber(DealCommon):
    def test_opportunity_is_numbered_when_created(self):
        deal = self._create_deals()
        self.assertRegex(deal.deal_number, rf"^D{self.year}-\d{{5,}}$")

    def test_numbers_follow_the_order_of_creation(self):
        counters = [self._counter(deal.deal_number) for deal in self._create_deals(20)]
        self.assertEqual(counters, list(range(counters[0], counters[0] + 20)))

    def test_lead_is_numbered_when_converted(self):
        lead = self._create_deals(type="lead")
        self.assertFalse(lead.deal_number)
        lead.convert_opportunity(self.env["res.partner"])
        number = lead.deal_number
        self.assertTrue(number)
        lead.type = "lead"
        lead.type = "opportunity"
        self.assertEqual(lead.deal_number, number, "A number once given stays.")

    def test_form_that_is_left_uses_no_number(self):
        before = self._create_deals()
        with Form(self.env["crm.lead"].with_context(default_type="opportunity")) as form:
            form.name = "Typed"
            self.assertFalse(form.deal_number)
            form.partner_name = "Bolt"
        after = form.record
        self.assertEqual(self._counter(after.deal_number), self._counter(before.deal_number) + 1)

    def test_number_never_changes(self):
        deals = self._create_deals(2)
        with self.assertRaisesRegex(UserError, "(?s)never changes.*Deal 1.*Deal 2"):
            deals.write({"deal_number": "D1999-00001", "name": "Renamed"})
        with self.assertRaises(UserError):
            deals[0].deal_number = False
        with self.assertRaises(UserError):
            deals[0].sudo().deal_number = "D1999-00001"

    def test_writing_the_number_back_updates_the_rest(self):
        deal = self._create_deals()
        deal.write({"deal_number": deal.deal_number, "name": "Renamed"})
        self.assertEqual(deal.name, "Renamed")

    def test_copy_has_a_number_of_its_own(self):
        deal = self._create_deals()
        copy = deal.copy()
        self.assertTrue(copy.deal_number)
        self.assertNotEqual(copy.deal_number, deal.deal_number)

    def test_number_stays_through_the_life_of_a_deal(self):
        deal = self._create_deals()
        number = deal.deal_number
        deal.action_set_lost()
        deal.action_restore()
        deal.write({"team_id": self.other_team.id, "user_id": self.manager.id, "company_id": False})
        deal.action_set_won()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(deal.deal_number, number)

    def test_number_of_a_deleted_deal_is_kept_as_retired(self):
        deal = self._create_deals(name="Gone")
        number = deal.deal_number
        deal.unlink()
        retired = self.env["sales.deal.number"].search([("name", "=", number)])
        self.assertEqual(retired.deal_name, "Gone")

    # === Year === #

    def _create_deal_at(self, moment, **values):
        with patch.object(self.env.cr, "now", lambda: datetime.fromisoformat(moment)):
            return self._create_deals(**values)

    def test_year_is_that_of_the_company_partner(self):
        for timezone, year in (("Asia/Shanghai", "2027"), ("America/New_York", "2026")):
            self.env.company.partner_id.tz = timezone
            deal = self._create_deal_at("2026-12-31 18:00:00", company_id=self.env.company.id)
            self.assertTrue(deal.deal_number.startswith(f"D{year}-"), deal.deal_number)

    def test_year_is_utc_without_a_zone_or_company(self):
        self.env.company.partner_id.tz = False
        deal = self._create_deal_at("2026-12-31 23:00:00")
        self.assertTrue(deal.deal_number.startswith("D2026-"))
        deal = self._create_deal_at("2027-01-01 00:30:00", user_id=False, team_id=False, company_id=False)
        self.assertFalse(deal.company_id)
        self.assertTrue(deal.deal_number.startswith("D2027-"))

    def test_year_of_a_converted_lead_is_that_of_its_creation(self):
        lead = self._create_deal_at("2025-06-01 12:00:00", type="lead")
        self.env.flush_all()
        self.env.invalidate_all()
        lead.convert_opportunity(self.env["res.partner"])
        self.assertTrue(lead.deal_number.startswith("D2025-"), lead.deal_number)

    def test_counter_goes_on_in_the_new_year(self):
        before = self._create_deal_at("2026-12-31 12:00:00")
        after = self._create_deal_at("2027-01-01 12:00:00")
        self.assertTrue(after.deal_number.startswith("D2027-"))
        self.assertEqual(self._counter(after.deal_number), self._counter(before.deal_number) + 1)

    # === Search === #

    @users("sm_salesperson")
    def test_name_search_finds_the_number(self):
        deal = self._create_deals(name="Hangzhou Bolt").with_env(self.env)
        found = self.env["crm.lead"].name_search(deal.deal_number)
        self.assertEqual([record_id for record_id, _name in found], deal.ids)

    def test_number_stands_beside_the_name_only_where_a_deal_is_chosen(self):
        deal = self._create_deals(name="Hangzhou Bolt")
        self.assertEqual(deal.display_name, "Hangzhou Bolt")
        chosen = deal.with_context(formatted_display_name=True)
        self.assertEqual(chosen.display_name, f"--{deal.deal_number}--\tHangzhou Bolt")

    def test_search_box_finds_the_number(self):
        deal = self._create_deals()
        view = self.env.ref("crm.view_crm_case_opportunities_filter")
        arch = self.env["crm.lead"].get_view(view.id, "search")["arch"]
        self.assertEqual(self._search_first_field("crm.lead", arch, deal.deal_number), deal)

    def _search_first_field(self, model, arch, text):
        domain = etree.fromstring(arch).find(".//field").get("filter_domain")
        return self.env[model].search(safe_eval(domain, {"self": text}))

    def test_deals_group_by_number(self):
        deals = self._create_deals(3)
        groups = self.env["crm.lead"].formatted_read_group([("id", "in", deals.ids)], ["deal_number"], ["__count"])
        self.assertEqual([group["__count"] for group in groups], [1, 1, 1])
