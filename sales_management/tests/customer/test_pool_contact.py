"""What counts as a contact with a customer, and what does not."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.sales_management.tests.customer.common_pool import PoolCommon

WORDS = "Hello"


@tagged("post_install", "-at_install", "customer")
class TestPoolContact(PoolCommon):
    def setUp(self):
        super().setUp()
        self.long_ago = fields.Datetime.now() - timedelta(days=40)
        self._be_in_touch(self.bolt, 40)
        self.eva = self.env["res.partner"].create(
            {"name": "Eva", "parent_id": self.bolt.id, "email": "eva@bolt.example"}
        )
        self.deal = self._create_deals(partner_id=self.eva.id)

    def _assert_contact(self, is_contact=True):
        self.env.invalidate_all()
        now = fields.Datetime.now()
        expected = now if is_contact else self.long_ago
        self.assertAlmostEqual(self.bolt.last_contact_at, expected, delta=timedelta(minutes=2))

    def test_mail_to_the_customer_counts(self):
        self.deal.with_user(self.anna).message_post(
            body=WORDS, message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=self.eva.ids
        )
        self._assert_contact()

    def test_mail_to_a_follower_counts(self):
        self.deal.message_subscribe(self.eva.ids)
        self.deal.with_user(self.anna).message_post(
            body=WORDS, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self._assert_contact()

    def test_mail_of_the_customer_counts(self):
        self.deal.message_post(body=WORDS, message_type="email", subtype_xmlid="mail.mt_comment", author_id=self.eva.id)
        self._assert_contact()

    def test_mail_of_an_unknown_address_on_the_deal_counts(self):
        self.deal.message_post(
            body=WORDS, message_type="email", subtype_xmlid="mail.mt_comment", author_id=False, email_from="x@y.example"
        )
        self._assert_contact()

    def test_notes_and_automatic_messages_do_not_count(self):
        root = self.env.ref("base.partner_root")
        eva = self.eva.ids
        public = {"subtype_xmlid": "mail.mt_comment", "partner_ids": eva}
        for values in (
            {"message_type": "comment", "subtype_xmlid": "mail.mt_note"},
            {"message_type": "comment", "subtype_xmlid": "mail.mt_note", "partner_ids": eva},
            {"message_type": "notification", **public},
            {"message_type": "auto_comment", **public},
            {"message_type": "comment", "author_id": root.id, **public},
            {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"},
        ):
            with self.subTest(values):
                self.deal.with_user(self.anna).message_post(body=WORDS, **values)
                self._assert_contact(is_contact=False)

    def test_calls_and_meetings_that_are_done_count(self):
        for name, is_contact in (("todo", False), ("email", False), ("call", True), ("meeting", True)):
            with self.subTest(name):
                self._be_in_touch(self.bolt, 40)
                activity = self.deal.activity_schedule(f"mail.mail_activity_data_{name}", user_id=self.anna.id)
                activity.with_user(self.anna).action_feedback()
                self._assert_contact(is_contact)
        self._be_in_touch(self.bolt, 40)
        activity = self.bolt.activity_schedule("mail.mail_activity_data_call", user_id=self.anna.id)
        activity.with_user(self.anna).action_feedback()
        self._assert_contact()

    def test_meeting_counts_once_it_is_over(self):
        start = fields.Datetime.now() - timedelta(hours=1)
        values = {"name": "Visit", "user_id": self.anna.id, "partner_ids": (self.eva | self.anna.partner_id).ids}
        self.env["calendar.event"].create({**values, "start": start, "stop": start + timedelta(hours=3)})
        self.env["res.partner"]._cron_note_meetings()
        self._assert_contact(is_contact=False)
        self.env["calendar.event"].create({**values, "start": start, "stop": start + timedelta(minutes=59)})
        self.env["res.partner"]._cron_note_meetings()
        self._assert_contact()

    def test_quotation_that_is_sent_counts(self):
        order = self.env["sale.order"].create({"partner_id": self.eva.id})
        self._assert_contact(is_contact=False)
        order.with_user(self.manager).action_quotation_sent()
        self._assert_contact()

    def test_contact_of_long_ago_changes_nothing(self):
        self.eva._touch_contacts(self.long_ago - timedelta(days=5))
        self.assertEqual(self.bolt.last_contact_at.date(), self.long_ago.date())

    def test_colleagues_are_no_customers(self):
        partner = self.ben.partner_id
        partner._touch_contacts()
        self.assertFalse(partner.last_contact_at)

    def test_contacts_from_before_are_taken_over(self):
        self.company.sales_customer_enabled = False
        self.bolt.sudo().last_contact_at = False
        self.customers[1].sudo().last_contact_at = False
        message = self.deal.with_user(self.anna).message_post(
            body=WORDS, message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=self.eva.ids
        )
        self.deal.with_user(self.anna).message_post(body=WORDS, message_type="comment", subtype_xmlid="mail.mt_note")
        call = self.customers[1].activity_schedule("mail.mail_activity_data_call", user_id=self.anna.id)
        call.with_user(self.anna).action_feedback()
        self.assertFalse(self.bolt.last_contact_at)
        self.company.sales_customer_enabled = True
        self.assertEqual(self.bolt.last_contact_at, message.date)
        self.assertTrue(self.customers[1].last_contact_at)
        self.assertFalse(self.ben.partner_id.last_contact_at)

    def test_whole_mailing_is_one_statement(self):
        partners = self._create_customers(50)
        partners.with_env(self.env).mapped("name")
        self.env.flush_all()
        with self.assertQueryCount(1):
            partners._touch_contacts()
