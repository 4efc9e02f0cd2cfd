"""Leads without a customer return to the pool, are claimed there, and stay hidden until then."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.sales_management.tests.customer.common_pool import PoolCommon
from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, REFUSED, AccessCommon

WORDS = "Eva has money"


class PoolLeadCommon(PoolCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.customer_pool_lead_days = 30
        cls.company.customer_pool_leads_since = cls.company.customer_pool_since
        cls.lead = cls._create_lead(name="Fair")
        cls.pool = cls.env["sales.customer.pool"]

    @classmethod
    def _create_lead(cls, user=None, days=0, **values):
        values = {"name": "Lead", "type": "lead", "email_from": "eva@example.com", "contact_name": "Eva", **values}
        lead = cls.env["crm.lead"].create({"user_id": (user or cls.anna).id, "team_id": cls.team.id, **values})
        cls._age(lead, days)
        return lead

    @classmethod
    def _age(cls, leads, days):
        cls.env.flush_all()
        moment = fields.Datetime.now() - timedelta(days=days)
        cls.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s, pool_owner_since = NULL WHERE id = ANY(%s)", (moment, leads.ids)
        )
        leads.invalidate_recordset()

    def _in(self, days):
        return freeze_time(fields.Datetime.now() + timedelta(days=days))

    def _get_kinds(self, lead):
        return self.claims.search([("lead_id", "=", lead.id)], order="id").mapped("kind")


@tagged("post_install", "-at_install", "customer")
class TestPoolLead(PoolLeadCommon):
    # === Returned === #

    def test_salesperson_is_warned_and_lead_returns(self):
        self._age(self.lead, 22)
        self._recycle()
        self.assertFalse(self.lead.pool_warned_at)
        self._age(self.lead, 23)
        self.assertEqual(self.lead.pool_due_on, fields.Date.today() + timedelta(days=7))
        self._recycle()
        self.assertTrue(self.lead.pool_warned_at)
        type_id = self.env.ref("sales_management.mail_activity_type_pool_lead")
        warning = self.lead.activity_ids.filtered(lambda activity: activity.activity_type_id == type_id)
        self.assertEqual(warning.user_id, self.anna)
        with self._in(6):
            self._recycle()
            self.assertEqual(self.lead.user_id, self.anna)
        with self._in(7):
            self._recycle()
        self.assertFalse(self.lead.user_id)
        self.assertTrue(self.lead.pooled_at)
        self.assertFalse(warning.exists())
        fact = self.claims.search([("lead_id", "=", self.lead.id)])
        self.assertEqual((fact.kind, fact.former_id, fact.lead_name), ("recycled", self.anna, "Fair"))

    def test_no_lead_is_lost_on_the_first_night(self):
        self._age(self.lead, 300)
        self.company.customer_pool_lead_days = 0
        self._recycle()
        self.assertFalse(self.lead.pool_warned_at)
        self.company.write({"customer_pool_lead_days": 30, "customer_pool_warning_days": 0})
        self._recycle()
        self.assertEqual(self.lead.user_id, self.anna)
        self.assertEqual(self.lead.pool_due_on, fields.Date.today() + timedelta(days=30))

    def test_imported_date_makes_none_older(self):
        self._age(self.lead, 0)
        self.lead.deal_opened_on = fields.Datetime.now() - timedelta(days=300)
        self.assertEqual(self.lead.pool_due_on, fields.Date.today() + timedelta(days=30))

    def test_team_says_otherwise(self):
        self.team.customer_pool_lead_days = 10
        self.assertEqual(self.lead.pool_due_on, fields.Date.today() + timedelta(days=10))

    def test_contacts_keep_it(self):
        for number, act in enumerate(
            (
                lambda lead: lead.message_post(
                    body=WORDS,
                    subtype_xmlid="mail.mt_comment",
                    message_type="email",
                    author_id=False,
                    email_from="eva@x.com",
                ),
                lambda lead: lead.with_user(self.anna).message_post(
                    body=WORDS,
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                    partner_ids=self.env["res.partner"].create({"name": f"Eva {lead.id}"}).ids,
                ),
                lambda lead: (
                    lead.activity_schedule("mail.mail_activity_data_call", user_id=self.anna.id)
                    .with_user(self.anna)
                    .action_feedback()
                ),
            )
        ):
            with self.subTest(number):
                lead = self._create_lead(days=25)
                act(lead)
                self.assertTrue(lead.pool_contact_at)
                self.assertEqual(lead.pool_due_on, fields.Date.today() + timedelta(days=30))

    def test_notes_keep_nothing(self):
        self._age(self.lead, 25)
        self.lead.with_user(self.anna).message_post(body=WORDS, subtype_xmlid="mail.mt_note")
        self.lead.with_user(self.anna).message_post(body=WORDS, subtype_xmlid="mail.mt_comment")
        self.assertFalse(self.lead.pool_contact_at)

    def test_meetings_keep_it(self):
        now = fields.Datetime.now()
        self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": now - timedelta(days=2),
                "stop": now - timedelta(days=1),
                "opportunity_id": self.lead.id,
                "user_id": self.anna.id,
            }
        )
        self.env["res.partner"]._cron_note_meetings()
        self.assertTrue(self.lead.pool_contact_at)

    def test_what_never_returns(self):
        of_customer = self._create_lead(days=300, partner_id=self.bolt.id)
        of_nobody = self._create_lead(days=300)
        of_nobody.user_id = False
        lost = self._create_lead(days=300, type="opportunity")
        lost.action_set_lost()
        for lead in (of_customer, of_nobody, lost):
            self.assertFalse(lead.pool_due_on)

    def test_leads_of_who_left_return(self):
        self._age(self.lead, 60)
        self.anna.sudo().active = False
        self._recycle()
        with self._in(8):
            self._recycle()
        self.assertTrue(self.lead.pooled_at)

    # === Claimed === #

    def test_claim_and_release(self):
        self.lead.with_user(self.anna).action_release_to_pool("No budget")
        row = self.pool.with_user(self.ben).search([("lead_id", "=", self.lead.id)])
        self.assertEqual(
            (row.kind, row.name, row.reason, row.former_name), ("lead", "Fair", "No budget", "Salesperson")
        )
        with self.assertRaisesRegex(UserError, "until lately"):
            self.lead.with_user(self.anna).action_claim()
        with self.assertRaisesRegex(UserError, "is in the pool"):
            self.lead.with_user(self.ben).user_id = self.ben
        row.action_claim()
        self.assertEqual(self.lead.user_id, self.ben)
        self.assertTrue(self.lead.pool_protected_until)
        self.assertFalse(self.lead.pooled_at)
        with self.assertRaisesRegex(UserError, "Fair is with Member since"):
            self.lead.with_user(self.anna).action_claim()
        with self.assertRaises(AccessError):
            self.lead.with_user(self.anna).action_release_to_pool("Mine")
        self.assertEqual(self._get_kinds(self.lead), ["released", "claimed"])

    def test_customers_and_leads_are_claimed_in_one_list(self):
        leads = self.lead | self._create_lead(name="Other")
        leads.with_user(self.anna).action_release_to_pool("No need")
        self._pool(self.customers[:2])
        rows = self.pool.with_user(self.ben).search([])
        self.assertEqual(set(rows.mapped("kind")), {"customer", "lead"})
        with self.assertRaisesRegex(UserError, "3 customers and leads a day"):
            rows.filtered(lambda row: row.lead_id in leads or row.partner_id in self.customers[:2]).action_claim()

    def test_lead_of_nobody_is_not_told(self):
        with self.assertRaisesRegex(UserError, "This lead is not in the pool"):
            self.lead.with_user(self.ben).action_claim()

    def test_manager_hands_over(self):
        self.lead.with_user(self.manager).user_id = self.ben
        self.assertTrue(self.lead.pool_owner_since)
        self.assertEqual(self._get_kinds(self.lead), ["handed_over"])

    def test_pooled_leads_are_not_handed_out(self):
        self.env["ir.config_parameter"].sudo().set_param("crm.lead.auto.assignment", True)
        self.team.crm_team_member_ids.assignment_max = 300
        self.lead.with_user(self.anna).action_release_to_pool("No need")
        self.team._action_assign_leads(force_quota=True)
        self.assertFalse(self.lead.user_id)

    # === Deals of a Customer === #

    def test_deals_of_the_former_owner_follow_the_claimer(self):
        mine = self._create_lead(partner_id=self.bolt.id, type="opportunity")
        won = self._create_lead(partner_id=self.bolt.id, type="opportunity")
        won.action_set_won()
        of_third = self._create_lead(user=self.manager, partner_id=self.bolt.id, type="opportunity")
        self._pool(self.bolt)
        self.assertEqual(mine.user_id, self.anna)
        self._claim(self.bolt)
        self.assertEqual(mine.user_id, self.ben)
        self.assertEqual(won.user_id, self.anna)
        self.assertEqual(of_third.user_id, self.manager)


@tagged("post_install", "-at_install", "access", "customer")
class TestPoolLeadAccess(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        switches = ("sales_customer_enabled", "customer_pool_enabled", "customer_pool_hidden")
        cls.env.company.write(dict.fromkeys(switches, True))
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Fair",
                "type": "lead",
                "user_id": cls.salesperson.id,
                "email_from": "hidden@example.com",
                "phone": "+4912345",
                "contact_name": "Eva",
                "description": "Secret",
            }
        )
        cls.lead.message_post(body=WORDS, message_type="comment", subtype_xmlid="mail.mt_comment")
        cls.attachment = cls.env["ir.attachment"].create(
            {"name": "plan.txt", "raw": b"x", "res_model": "crm.lead", "res_id": cls.lead.id}
        )
        cls.lead._release("released", "No need")
        (cls.stranger | cls.leader).group_ids += cls.env.ref("base.group_allow_export")

    def test_hidden_until_claimed(self):
        lead_id, here = self.lead.id, [["id", "=", self.lead.id]]
        for user in (self.stranger, self.leader):
            with self.subTest(user.login):
                names = ["email_from", "phone", "contact_name", "description"]
                self._assert_refused(FORBIDDEN, user, "crm.lead", "read", ids=[lead_id], fields=names)
                self._assert_refused(FORBIDDEN, user, "crm.lead", "export_data", ids=[lead_id], fields_to_export=names)
                for value in ("hidden@example.com", "+4912345", "Eva", "Secret"):
                    domain = ["|", "|", "|", *([name, "=", value] for name in names)]
                    self.assertFalse(self._call(user, "crm.lead", "search_count", domain=[*here, *domain]))
                self.assertFalse(self._call(user, "crm.lead", "name_search", name="Fair"))
                self.assertFalse(
                    self._call(user, "crm.lead", "formatted_read_group", domain=here, groupby=["contact_name"])
                )
                messages = [["model", "=", "crm.lead"], ["res_id", "=", lead_id]]
                self.assertFalse(self._call(user, "mail.message", "search_read", domain=messages, fields=["body"]))
                attached = [["id", "=", self.attachment.id]]
                self.assertFalse(self._call(user, "ir.attachment", "search_read", domain=attached, fields=["raw"]))
                rows = self._call(
                    user, "sales.customer.pool", "search_read", domain=[["lead_id", "=", lead_id]], fields=["name"]
                )
                self.assertEqual(rows[0]["name"], "Fair")
        self._call(self.stranger, "crm.lead", "action_claim", ids=[lead_id])
        [row] = self._call(self.stranger, "crm.lead", "read", ids=[lead_id], fields=["phone"])
        self.assertEqual(row["phone"], "+4912345")

    def test_state_is_not_written(self):
        now = fields.Datetime.to_string(fields.Datetime.now())
        names = ("pool_contact_at", "pool_owner_since", "pool_protected_until", "pool_warned_at", "pooled_at")
        for name in names:
            with self.subTest(name):
                for user in (self.salesperson, self.manager):
                    values = {"name": "New", name: now}
                    self._assert_refused(REFUSED, user, "crm.lead", "create", vals_list=[values])
                    arguments = {"vals_list": [{"name": "New"}], "context": {f"default_{name}": now}}
                    [lead_id] = self._call(user, "crm.lead", "create", **arguments)
                    self.assertFalse(self.env["crm.lead"].browse(lead_id)[name])
                self._assert_refused(REFUSED, self.manager, "crm.lead", "write", ids=self.lead.ids, vals={name: now})

    def test_others_claim_nothing(self):
        for user in (self.finance, self.stock, self.portal):
            self._assert_refused(FORBIDDEN, user, "crm.lead", "action_claim", ids=self.lead.ids)
