"""First response, last contact, next step, feedback, and the deals that nobody looks after."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.sales_management.tests.common import DealCommon

NOW = fields.Datetime.now().replace(microsecond=0)


class ContactCommon(DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_process_enabled = True
        cls.customer = cls.env["res.partner"].create({"name": "Hangzhou Bolt", "email": "buyer@bolt.example"})
        cls.deal = cls._create_deals(partner_id=cls.customer.id)
        cls.greeting = "Good morning"

    def _age(self, leads, **ages):
        """Set when something happened to deals, in days ago."""
        for column, days in ages.items():
            leads.flush_recordset()
            self.env.cr.execute(
                f"UPDATE crm_lead SET {column} = %s WHERE id = ANY(%s)",  # pylint: disable=sql-injection
                [NOW - timedelta(days=days), leads.ids],
            )
        leads.invalidate_recordset()

    def _post(self, deal=None, user=None, subtype="mail.mt_comment", partners=None, **values):
        deal = (deal or self.deal).with_user(user or self.salesperson)
        partners = self.customer if partners is None else partners
        values = {"body": "Dear", "message_type": "comment", "partner_ids": partners.ids, **values}
        return deal.message_post(subtype_xmlid=subtype, **values)

    def _do_activity(self, deal, xmlid):
        deal = deal.with_user(self.salesperson)
        deal.activity_schedule(xmlid, user_id=self.salesperson.id).action_feedback(feedback="Done")


@tagged("post_install", "-at_install", "process")
class TestLeadContact(ContactCommon):
    # === What is a contact === #

    def test_message_to_the_customer_is_the_first_response(self):
        self._age(self.deal, create_date=2)
        self._post()
        self.assertAlmostEqual(self.deal.first_response_at, fields.Datetime.now(), delta=timedelta(minutes=5))
        self.assertAlmostEqual(self.deal.first_response_hours, 48, delta=0.2)
        self.assertEqual(self.deal.last_contact_at, self.deal.first_response_at)

    def test_only_the_first_response_is_kept(self):
        first = NOW - timedelta(hours=5)
        self._post(date=first)
        self._post()
        self.assertEqual(self.deal.first_response_at, first)
        self.assertGreater(self.deal.last_contact_at, first)

    def test_what_stays_inside_is_no_contact(self):
        self._post(subtype="mail.mt_note")
        self._post(partners=self.leader.partner_id)
        self._post(message_type="auto_comment")
        self._post(user=self.env.ref("base.user_root"))
        self.deal.with_user(self.salesperson).expected_revenue = 50
        self._do_activity(self.deal, "mail.mail_activity_data_todo")
        self.assertFalse(self.deal.last_contact_at)

    def test_follower_who_is_a_customer_is_written_to(self):
        self.deal.message_subscribe(self.customer.ids)
        self._post(partners=self.env["res.partner"])
        self.assertTrue(self.deal.first_response_at)

    def test_call_and_meeting_marked_done_are_contacts(self):
        for xmlid in ("mail.mail_activity_data_call", "mail.mail_activity_data_meeting"):
            deal = self._create_deals()
            self._do_activity(deal, xmlid)
            with self.subTest(xmlid):
                self.assertTrue(deal.first_response_at)

    def test_message_of_the_customer_is_a_contact_and_no_response(self):
        self.deal.message_subscribe(self.customer.ids)
        self._post(
            user=self.env.ref("base.user_root"), author_id=self.customer.id, message_type="email", partner_ids=[]
        )
        self.assertTrue(self.deal.last_contact_at)
        self.assertFalse(self.deal.first_response_at)

    def test_message_of_an_unknown_sender_is_a_contact(self):
        self.deal.message_post(
            body=self.greeting,
            author_id=False,
            email_from="new@bolt.example",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertTrue(self.deal.last_contact_at)
        self.assertFalse(self.deal.first_response_at)

    def test_message_on_the_quotation_is_a_contact_of_the_deal(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "opportunity_id": self.deal.id, "user_id": self.salesperson.id}
        )
        order.with_user(self.salesperson).message_post(
            body=self.greeting, message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=self.customer.ids
        )
        self.assertTrue(self.deal.first_response_at)

    def test_meeting_is_a_contact_once_it_is_over(self):
        event = self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": NOW + timedelta(hours=1),
                "stop": NOW + timedelta(hours=2),
                "opportunity_id": self.deal.id,
            }
        )
        self.env["crm.lead"]._cron_follow_meetings()
        self.assertFalse(self.deal.last_contact_at)
        event.write({"start": NOW - timedelta(hours=2), "stop": NOW - timedelta(hours=1)})
        self.env["crm.lead"]._cron_follow_meetings()
        self.assertEqual(self.deal.first_response_at, NOW - timedelta(hours=1))
        self.assertEqual(self.deal.last_contact_at, NOW - timedelta(hours=1))

    def test_company_without_the_process_notes_nothing(self):
        self.env.company.sales_process_enabled = False
        self._post()
        self._do_activity(self.deal, "mail.mail_activity_data_call")
        self.assertFalse(self.deal.last_contact_at)

    # === From before === #

    def test_switching_on_takes_over_what_was(self):
        """What the one statement finds is what would have been noted as it happened."""
        self.env.company.sales_process_enabled = False
        noted, quiet, asked = self._create_deals(3, partner_id=self.customer.id)
        self._post(noted, date=NOW - timedelta(hours=30))
        self._do_activity(noted, "mail.mail_activity_data_call")
        self._post(quiet, subtype="mail.mt_note")
        self._post(quiet, partners=self.leader.partner_id)
        self._do_activity(quiet, "mail.mail_activity_data_todo")
        self._post(asked, user=self.env.ref("base.user_root"), author_id=self.customer.id, message_type="email")
        self.env.company.sales_process_enabled = True
        self.assertEqual(noted.first_response_at, NOW - timedelta(hours=30))
        self.assertGreater(noted.last_contact_at, noted.first_response_at)
        self.assertFalse(quiet.last_contact_at)
        self.assertTrue(asked.last_contact_at)
        self.assertFalse(asked.first_response_at)

    # === What people write === #

    def test_nobody_writes_contacts_by_hand(self):
        for field in ("first_response_at", "first_response_hours", "last_contact_at", "deal_feedback_at"):
            with self.subTest(field), self.assertRaises(UserError):
                self.deal.with_user(self.manager).write({field: False})

    def test_feedback_is_stamped_by_the_server(self):
        deal = self.deal.with_user(self.salesperson)
        deal.deal_feedback = "Too dear"
        self.assertTrue(deal.deal_feedback_at)
        self._age(self.deal, deal_feedback_at=3)
        stamped = deal.deal_feedback_at
        deal.write({"deal_feedback": "Too dear"})
        self.assertEqual(deal.deal_feedback_at, stamped, "The same text is no new feedback.")
        deal.deal_feedback = False
        self.assertFalse(deal.deal_feedback_at)
        created = self._create_deals(deal_feedback="Fine")
        self.assertTrue(created.deal_feedback_at)

    def test_next_step_and_blocking_reason_are_told_in_the_chatter(self):
        self.env.flush_all()
        self.cr.precommit.run()
        self.deal.with_user(self.salesperson).write({"deal_next_step": "Send drawing", "deal_blocking_reason": "Steel"})
        self.env.flush_all()
        self.cr.precommit.run()
        values = self.deal.message_ids.sudo().tracking_value_ids
        self.assertEqual(set(values.mapped("new_value_char")), {"Send drawing", "Steel"})

    def test_merged_deals_keep_first_and_last_contact(self):
        head, tail = self._create_deals(2, partner_id=self.customer.id)
        self._post(head, date=NOW - timedelta(hours=3))
        self._post(tail, date=NOW - timedelta(hours=9))
        tail.deal_next_step = "Send drawing"
        merged = (head | tail).merge_opportunity()
        self.assertEqual(merged.first_response_at, NOW - timedelta(hours=9))
        self.assertEqual(merged.last_contact_at, NOW - timedelta(hours=3))
        self.assertEqual(merged.deal_next_step, "Send drawing")

    # === Deals that nobody looks after === #

    def test_old_deals_are_counted_in_full_days(self):
        young, old = self._create_deals(2)
        self._age(young, create_date=90)
        self._age(old, create_date=91)
        ours = [("id", "in", (young | old).ids)]
        find = self.env["crm.lead"].search
        self.assertEqual(find([*ours, ("deal_age_days", ">", 90)]), old)
        self.assertEqual(find([*ours, ("deal_age_days", "<=", 90)]), young)
        self.assertEqual(find([*ours, ("deal_age_days", ">=", 90)]), young | old)
        self.assertEqual((young | old).mapped("deal_age_days"), [90, 91])

    def test_deal_is_as_old_as_an_import_says(self):
        deal = self._create_deals()
        self._age(deal, deal_opened_on=200)
        self.assertEqual(deal.deal_age_days, 200)
        self.assertTrue(deal.search([("id", "=", deal.id), ("deal_age_days", ">", 90)]))
        self._post(deal)
        self.assertAlmostEqual(deal.first_response_hours, 4800, delta=1)

    def test_unplanned_deals(self):
        empty, step, activity, task, won = self._create_deals(5)
        step.deal_next_step = "Call"
        activity.activity_schedule("mail.mail_activity_data_call", user_id=self.salesperson.id)
        self.env["sales.deal.task"].create(
            {"lead_id": task.id, "name": "Feedback", "opened_at": NOW, "due_at": NOW, "user_id": self.leader.id}
        )
        won.action_set_won()
        ours = empty | step | activity | task | won
        found = ours.search([("id", "in", ours.ids), ("is_deal_unplanned", "=", True)])
        self.assertEqual(found, empty)
        self.assertEqual(ours.filtered("is_deal_unplanned"), empty)
        activity.activity_ids.action_feedback()
        self.assertEqual(ours.search([("id", "in", ours.ids), ("is_deal_unplanned", "=", True)]), empty | activity)

    def test_untouched_deals(self):
        untouched, fresh, moved, contacted, noted = self._create_deals(5)
        ours = untouched | fresh | moved | contacted | noted
        self.env.cr.execute("UPDATE mail_message SET date = %s WHERE model = 'crm.lead'", [NOW - timedelta(days=20)])
        self._age(ours - fresh, create_date=20, date_last_stage_update=20)
        self._age(moved, date_last_stage_update=2)
        self._age(contacted, last_contact_at=13)
        self._post(noted, subtype="mail.mt_note", partners=self.env["res.partner"])
        found = ours.search([("id", "in", ours.ids), ("is_deal_untouched", "=", True)])
        self.assertEqual(found, untouched)
        untouched.with_user(self.salesperson).expected_revenue = 70
        self.assertTrue(untouched.is_deal_untouched, "A change of a field is no sign of somebody's care.")

    def test_following_messages_costs_nothing_without_the_process(self):
        self.env.company.sales_process_enabled = False
        self.env["crm.lead"]._filter_process_enabled()
        self.env.flush_all()
        message = self.deal.message_ids[:1]
        with self.assertQueryCount(0):
            self.deal._follow_message(self.deal, message, {"message_type": "comment"})
