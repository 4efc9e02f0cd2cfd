"""Table A of the design: mails that go later, or by themselves, and what is kept of those that went."""

from datetime import timedelta
from unittest.mock import patch

from markupsafe import Markup

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.sales_management.tools.copy_mark import mark

from .ways_common import WaysCommon


@tagged("post_install", "-at_install", "quotation")
class TestWaysOutLater(WaysCommon):
    # === Mails of core === #

    def test_notification_mail_is_skipped_and_somebody_is_told(self):
        for flow in ("_send_order_confirmation_mail", "_send_payment_succeeded_for_order_mail"):
            with self.subTest(flow):
                order = self._make_unreleased(self.unreleased.copy())
                getattr(order.with_user(self.portal_user).sudo(), flow)()
                self.assertFalse(self._count_sent(order))
                self.assertEqual(order.activity_ids.user_id, self.salesperson)
                released = self._make_released(self.released.copy())
                getattr(released.with_user(self.portal_user).sudo(), flow)()
                self.assertTrue(self._count_sent(released))
                self.assertFalse(released.activity_ids)

    def test_pending_mails_are_asked_when_they_are_sent(self):
        both = self.released | self.unreleased
        both.pending_email_template_id = self.template
        with patch.object(IrCron, "_commit_progress", lambda *args, **kwargs: 60.0):
            self.env["sale.order"].with_user(self.root)._cron_send_pending_emails()
        self.assertFalse(both.pending_email_template_id)
        self.assertTrue(self._count_sent(self.released))
        self.assertFalse(self._count_sent(self.unreleased))
        self.assertTrue(self.unreleased.activity_ids)

    # === Scheduled === #

    def _schedule(self, order):
        wizard = self._compose(order.with_user(self.salesperson))
        wizard.scheduled_date = fields.Datetime.now() + timedelta(hours=1)
        message = wizard._action_schedule_message().sudo()
        self.env.cr.execute(
            "UPDATE mail_scheduled_message SET scheduled_date = now() - interval '1 hour' WHERE id = %s", [message.id]
        )
        message.invalidate_recordset()
        return message

    def test_scheduled_message_is_asked_when_its_time_has_come(self):
        kept, sent = self._schedule(self.unreleased), self._schedule(self.released)
        self.env["mail.scheduled.message"].with_user(self.root)._post_messages_cron()
        self.assertFalse(sent.exists())
        self.assertTrue(self._count_sent(self.released))
        self.assertTrue(kept.exists())
        self.assertGreater(kept.scheduled_date, fields.Datetime.now(), "The cron does not start again at once.")
        self.assertFalse(self._count_sent(self.unreleased))
        self.assertEqual(self.unreleased.activity_ids.user_id, self.salesperson)
        with self.assertRaises(UserError):
            kept.with_user(self.salesperson).post_message()
        self._make_released(self.unreleased)
        kept.with_user(self.salesperson).post_message()
        self.assertTrue(self._count_sent(self.unreleased))

    def test_scheduled_copy_that_is_out_of_date_is_kept(self):
        message = self._schedule(self.released)
        message.attachment_ids = self.env["ir.attachment"].create(
            {"name": "a.pdf", "raw": mark(b"%PDF", {self.released.id: 64 * "0"})}
        )
        self.env["mail.scheduled.message"].with_user(self.root)._post_messages_cron()
        self.assertTrue(message.exists())
        self.assertFalse(self._count_sent(self.released))
        self.assertIn("anew", self.released.activity_ids.note)
        with self.assertRaises(UserError):
            message.with_user(self.salesperson).post_message()

    def test_notification_that_was_put_off_reaches_colleagues_only(self):
        order = self.released
        message = order.with_user(self.salesperson).message_post(
            body=Markup("Here it is"),
            attachments=[(f"{order.name}.pdf", b"%PDF-1.4")],
            partner_ids=(self.customer | self.manager.partner_id).ids,
            subtype_xmlid="mail.mt_comment",
            scheduled_date=fields.Datetime.to_string(fields.Datetime.now() + timedelta(hours=1)),
        )
        self._make_unreleased(order)
        self.env["mail.message.schedule"].search([("mail_message_id", "=", message.id)]).force_send()
        self.assertEqual(message.notified_partner_ids, self.manager.partner_id)

    def test_text_message(self):
        if "sms.sms" not in self.env:
            self.skipTest("Text messages are not installed.")
        for order, is_sent in ((self.unreleased, False), (self.released, True)):
            post = order.with_user(self.salesperson)._message_sms
            with self.subTest(order.name):
                if is_sent:
                    self.assertTrue(post("1234", sms_numbers=["+86 571 8888 8888"]))
                    self.assertEqual(order.state, "draft", "A text message is no hand-over.")
                else:
                    with self.assertRaises(UserError):
                        post("1234", sms_numbers=["+86 571 8888 8888"])

    def test_nobody_in_charge(self):
        self.unreleased.write({"user_id": False, "team_id": False})
        self.unreleased._send_order_confirmation_mail()
        self.salesperson.sudo().active = False
        self.unreleased.user_id = self.salesperson
        self.unreleased._tell_held_back("Hello")
        self.assertFalse(self._count_sent(self.unreleased))

    # === Archive === #

    def test_mail_hands_over_and_is_archived(self):
        self._by_send_button(self.released.with_user(self.salesperson))
        self.assertEqual(self.released.state, "sent")
        self.assertTrue(self.released.handed_over_at)
        copy = self.released.quotation_copy_ids
        self.assertEqual(copy.mapped("way"), ["mail"])
        self.assertEqual(copy.digest, self.released._get_content_digests()[self.released])
        self.assertIn(self.customer.name, copy.recipients)
        self.assertIn(self.released.name, copy.attachment_id.name)
        self._by_post_with_source(self.released.with_user(self.salesperson))
        self.assertEqual(len(self.released.quotation_copy_ids), 2)

    def test_chat_is_not_archived(self):
        self.released.message_subscribe(self.customer.ids)
        self.released.with_user(self.salesperson).message_post(body=Markup("Hello"), subtype_xmlid="mail.mt_comment")
        self.assertFalse(self.released.quotation_copy_ids)
        self.assertFalse(self.released.handed_over_at)

    def test_many_at_once_are_archived(self):
        self._by_many_at_once(self.released.with_user(self.salesperson))
        self.assertEqual(self.released.quotation_copy_ids.way, "mail")
        self.assertEqual(self.released.state, "sent")
