"""Customers that are known again: on saving, on importing, by the scan; and what whom is told."""

from itertools import count

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.common import DealCommon

NUMBERS = count(1000)


class DuplicateCommon(DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.write({"sales_customer_enabled": True, "customer_duplicate_mode": "warn"})
        cls.other_seller = cls.users_by_role["member"]
        cls.weber = cls.env["res.partner"].create(
            {
                "name": "Weber Küchen GmbH",
                "is_company": True,
                "phone": "+49 30 901820",
                "email": "info@weber-kuechen.de",
                "vat": "DE811569869",
                "user_id": cls.other_seller.id,
            }
        )
        cls.groups = cls.env["sales.customer.duplicate"]

    def _create(self, user=None, **values):
        values = {"name": f"Firm {next(NUMBERS)}", "is_company": True, **values}
        return self.env["res.partner"].with_user(user or self.salesperson).create(values)

    def _create_lead(self, user=None, **values):
        values = {"name": "Kitchen", "type": "lead", "user_id": (user or self.salesperson).id, **values}
        return self.env["crm.lead"].with_user(user or self.salesperson).create(values)


@tagged("post_install", "-at_install", "customer")
class TestDuplicate(DuplicateCommon):
    # === Warned === #

    def test_every_key_is_known_again(self):
        for values, kind in (
            ({"vat": "de 811 569 869"}, "Tax ID"),
            ({"phone": "0049-30-901820"}, "Telephone"),
            ({"email": "INFO@weber-kuechen.de"}, "Email Address"),
            ({"email": "jobs@weber-kuechen.de"}, "Email Domain"),
            ({"name": "WEBER KUECHEN GmbH & Co. KG"}, "Company Name"),
        ):
            with self.subTest(kind):
                partner = self._create(**values)
                self.assertIn(kind, partner.duplicate_warning)
                self.assertIn("Weber Küchen GmbH, of Member", partner.duplicate_warning)
                partner.sudo().unlink()

    def test_change_is_noticed_as_well(self):
        partner = self._create()
        self.assertFalse(partner.duplicate_warning)
        partner.phone = "+49 30 901820"
        self.assertTrue(partner.duplicate_warning)
        partner.phone = "+49 30 901821"
        self.assertFalse(partner.duplicate_warning)

    def test_contacts_of_one_company_are_no_duplicates(self):
        self.weber.child_ids = [Command.create({"name": "Anna", "phone": "+49 30 901820"})]
        self.assertFalse(self.weber.duplicate_warning)
        self.assertFalse(self.weber.child_ids.duplicate_warning)

    def test_what_many_share_tells_nothing(self):
        self.env["res.partner"].create([{"name": f"Firm {n}", "phone": "+49 30 123456"} for n in range(25)])
        self.assertFalse(self._create(phone="+49 30 123456").duplicate_warning)

    def test_leads_of_others_and_customers_are_known(self):
        lead = self._create_lead(phone="+49 30 901820")
        self.assertIn("Weber", lead.duplicate_warning)
        other = self._create_lead(self.other_seller, email_from="paul@schmidt.de")
        mine = self._create_lead(email_from="paul@schmidt.de")
        self.assertIn("of Member", mine.duplicate_warning)
        again = self._create_lead(self.other_seller, email_from="paul@schmidt.de")
        self.assertNotIn(other, [match.record for match in again._find_duplicates().get(again, ())])

    def test_customer_made_of_a_lead_is_none(self):
        lead = self._create_lead(email_from="paul@schmidt.de", partner_name="Schmidt AG")
        lead._handle_partner_assignment(create_missing=True)
        self.assertFalse(lead.partner_id.with_user(self.salesperson).duplicate_warning)

    # === What is told === #

    def test_hidden_customers_are_named_by_owner_alone(self):
        self.env["ir.rule"].create(
            {
                "name": "Own customers",
                "model_id": self.env.ref("base.model_res_partner").id,
                "groups": [Command.link(self.env.ref("sales_team.group_sale_salesman").id)],
                "domain_force": "['|', ('user_id', 'in', (user.id, False)), ('id', '=', user.partner_id.id)]",
            }
        )
        partner = self._create(phone="+49 30 901820", user_id=self.salesperson.id)
        self.assertNotIn("Weber", partner.duplicate_warning)
        self.assertIn("a customer of Member since", partner.duplicate_warning)
        with self.assertRaises(UserError):
            partner.action_open_duplicates()

    def test_ways_on_from_the_warning(self):
        partner = self._create(phone="+49 30 901820")
        action = partner.action_open_duplicates()
        self.assertEqual(self.env["res.partner"].search(action["domain"]), partner.sudo() | self.weber)
        partner.action_request_duplicates()
        activity = self.weber.activity_ids
        self.assertEqual(activity.user_id, self.other_seller)
        with self.assertRaises(UserError):
            self._create(name="Alone").action_request_duplicates()

    def test_customers_read_nothing(self):
        portal = self.users_by_role["portal"]
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            portal.partner_id.with_user(portal).read(["duplicate_warning"])

    # === Refused === #

    def test_company_may_refuse(self):
        self.company.customer_duplicate_mode = "block"
        with self.assertRaisesRegex(UserError, "Weber Küchen GmbH, of Member"):
            self._create(phone="+49 30 901820")
        with self.assertRaises(UserError):
            self._create_lead(phone="+49 30 901820")
        partner = self._create()
        with self.assertRaises(UserError):
            partner.phone = "+49 30 901820"
        # A domain is that of a whole group, and a manager decides.
        self.assertTrue(self._create(email="jobs@weber-kuechen.de").duplicate_warning)
        self.assertTrue(self._create(self.manager, phone="+49 30 901820").duplicate_warning)

    def test_import_says_each_row_that_it_refuses(self):
        self.company.customer_duplicate_mode = "block"
        result = (
            self.env["res.partner"]
            .with_user(self.salesperson)
            .load(["name", "phone"], [["A", "+49 30 901820"], ["B", "+49 30 555555"]])
        )
        self.assertFalse(result["ids"])
        self.assertIn("Weber", result["messages"][0]["message"])

    # === Quiet === #

    def test_switched_off_nothing_is_kept(self):
        for values in ({"customer_duplicate_mode": "off"}, {"sales_customer_enabled": False}):
            self.company.write({"sales_customer_enabled": True, "customer_duplicate_mode": "block", **values})
            partner = self._create(phone="+49 30 901820")
            self.assertFalse(partner.duplicate_warning)
            self.assertFalse(self.env["sales.customer.key"].search([("partner_id", "=", partner.id)]))

    def test_saving_takes_five_queries_more(self):
        def measure():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            partner = self._create(phone="+49 30 901820", email="a@b-firm.de")
            self.env.flush_all()
            return self.env.cr.sql_log_count - before, partner

        measure()
        on, partner = measure()
        partner.sudo().unlink()
        self.company.customer_duplicate_mode = "off"
        measure()
        off, partner = measure()
        self.assertLessEqual(on - off, 5)

    # === Scan === #

    def test_scan_lists_who_may_be_the_same(self):
        self.company.customer_duplicate_mode = "off"
        twin = self._create(name="Weber Kuechen", vat="DE811569869")
        self.groups._cron_scan()
        group = self.groups.search([("partner_ids", "in", twin.ids)])
        self.assertEqual(group.partner_ids, twin.sudo() | self.weber)
        self.assertEqual((group.state, group.kinds), ("open", "vat, name"))
        self.groups._cron_scan()
        self.assertEqual(self.groups.search_count([("partner_ids", "in", twin.ids)]), 1)

    def test_what_was_told_apart_stays_so(self):
        self._create(vat="DE811569869")
        self.groups._cron_scan()
        group = self.groups.search([("partner_ids", "in", self.weber.ids)])
        group.with_user(self.manager).action_dismiss()
        self.assertEqual((group.state, group.decided_by_id), ("dismissed", self.manager))
        self.groups._cron_scan()
        self.assertEqual(self.groups.search([("partner_ids", "in", self.weber.ids)]).mapped("state"), ["dismissed"])

    def test_what_was_merged_is_solved(self):
        twin = self._create(vat="DE811569869")
        self.groups._cron_scan()
        group = self.groups.search([("partner_ids", "in", self.weber.ids)])
        self.manager.group_ids = [Command.link(self.env.ref("base.group_partner_manager").id)]
        action = group.with_user(self.manager).action_merge()
        self.assertEqual(action["res_model"], "sales.customer.merge")
        for vat, state in ((False, "done"), ("DE811569869", "open")):
            twin.sudo().vat = vat
            self.groups._cron_scan()
            self.assertEqual(group.state, state)

    def test_only_managers_see_the_list(self):
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self.groups.with_user(self.salesperson).search([])
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self.env["sales.customer.key"].with_user(self.manager).search([])

    def test_scan_loses_nothing_that_waits_to_be_written(self):
        values = {"is_company": True, "phone": "+49 40 123457", "user_id": self.salesperson.id}
        partners = self.env["res.partner"].create([{"name": "Nordlicht", **values}, {"name": "Nordlicht AG", **values}])
        self._create_deals(partner_id=partners[0].id)
        self.groups._cron_scan()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual([partner.commercial_partner_id for partner in partners], list(partners))
