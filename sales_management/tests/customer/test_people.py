"""The people of a decision: whom we know, what is missing first, and who may read it."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.common import DealCommon

WORDS = "Hello"


@tagged("post_install", "-at_install", "customer")
class TestPeople(DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_customer_enabled = True
        cls.company = cls.env["res.partner"].create({"name": "Weber GmbH", "is_company": True})
        cls.deal = cls._create_deals(1, partner_id=cls.company.id)
        cls.roles = ("decider", "payer", "user", "expert")

    def _add(self, role, name=None, **values):
        partner = self.env["res.partner"].create({"name": name or role.capitalize(), "parent_id": self.company.id})
        return self.env["sales.deal.person"].create(
            {"lead_id": self.deal.id, "partner_id": partner.id, "role": role, **values}
        )

    # === Gaps === #

    def test_roles_that_nobody_is_known_for_come_first(self):
        self.assertEqual(self.deal.people_coverage, "0 / 4")
        self.assertEqual(self.deal.people_gap, "Find out: who decides?")
        self._add("decider")
        self.assertEqual((self.deal.people_coverage, self.deal.people_gap), ("1 / 4", "Find out: who pays?"))

    def test_what_is_missing_next(self):
        decider, payer, user, expert = (self._add(role) for role in self.roles)
        self.assertIn("Ask what", self.deal.people_gap)
        (decider | payer | user | expert).attitude = "supportive"
        self.assertEqual(self.deal.people_gap, "Find somebody who works for us there.")
        payer.write({"influence": "3", "attitude": "against"})
        self.assertEqual(self.deal.people_gap, "Win over Payer, who is against us.")
        payer.attitude = "champion"
        self.assertEqual(self.deal.people_gap, "Get in touch with Payer again.")
        self._write_to(payer)
        self.deal.invalidate_recordset()
        self.env.invalidate_all()
        self.assertFalse(self.deal.people_gap)

    def _write_to(self, person, days=1):
        message = self.deal.message_post(
            body=WORDS, partner_ids=person.partner_id.ids, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        message.date = fields.Datetime.now() - timedelta(days=days)
        return message

    def test_last_contact_counts_what_was_written_about_the_deal(self):
        person = self._add("decider")
        self.assertFalse(person.last_contact_at)
        message = self._write_to(person, days=3)
        person.invalidate_recordset(["last_contact_at"])
        self.assertEqual(person.last_contact_at, message.date)
        answer = self.deal.message_post(body=WORDS, author_id=person.partner_id.id, message_type="email")
        person.invalidate_recordset(["last_contact_at"])
        self.assertEqual(person.last_contact_at, answer.date)

    def test_switched_off_and_leads_have_none(self):
        self.assertFalse(self._create_deals(1, type="lead").people_gap)
        self.env.company.sales_customer_enabled = False
        self.deal.invalidate_recordset()
        self.assertFalse(self.deal.people_gap)

    # === Access === #

    def test_people_are_read_with_their_deal(self):
        person = self._add("decider")
        self.assertEqual(person.with_user(self.salesperson).role, "decider")
        self.assertEqual(person.with_user(self.leader).role, "decider")
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            person.with_user(self.finance).read(["role"])
        self.deal.write({"user_id": self.manager.id, "team_id": self.other_team.id})
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            person.with_user(self.salesperson).read(["role"])

    # === Cost === #

    def test_many_deals_cost_no_more(self):
        def measure(deals):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            deals.mapped("people_gap")
            return self.env.cr.sql_log_count - before

        for deal in self._create_deals(12, partner_id=self.company.id):
            self.deal = deal
            for role in self.roles:
                self._add(role, influence="3", attitude="supportive")
        deals = self.env["crm.lead"].search([("partner_id", "=", self.company.id)])
        measure(deals[:2])
        self.assertEqual(measure(deals[:3]), measure(deals))
