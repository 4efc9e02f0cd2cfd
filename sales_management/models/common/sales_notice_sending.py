import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sales_management.tools.notice import Line, Message, get_quarter, get_quarter_end, group_by_cause

_logger = logging.getLogger(__name__)

#: How long core's delivery of a mail is watched.
WATCHED_DAYS = 1


class SalesNotice(models.Model):
    """The sending of what is due: one message per receiver, each in its own transaction."""

    _inherit = "sales.notice"

    @api.model
    def _cron_send(self):
        """Send what is due.

        May run on several workers at once: who locks the notices of a receiver first sends them. What goes wrong for
        one receiver is kept on its notices and stops no other.
        """
        self._isolate(self._recall_undelivered)
        by_receiver = self._get_due_by_receiver()
        cron = self.env["ir.cron"]
        if not by_receiver or not cron._commit_progress(remaining=len(by_receiver)):
            return
        for notices in by_receiver:
            notices._isolate(notices._send_due)
            if not cron._commit_progress(1):
                return

    @api.model
    def _get_due_by_receiver(self):
        rows = self._read_group(self._get_due_domain(), ["user_id", "channel_id"], ["id:recordset"])
        return [notices for _user, _channel, notices in rows]

    @api.model
    def _get_due_domain(self):
        return Domain("state", "=", "pending") & Domain("send_at", "<=", fields.Datetime.now())

    def _isolate(self, work):
        """Do a piece of work; whatever it raises undoes that piece alone, and is kept on these notices."""
        try:
            work()
        except OperationalError:
            # Another worker was faster, or the database was busy: what is still due is sent by the next run.
            self.env.cr.rollback()
            _logger.info("%s of notices %s is left to the next run", work.__name__, self.ids)
        except Exception as error:
            # Whatever it is, the other receivers get theirs.
            self.env.cr.rollback()
            _logger.exception("%s of notices %s failed", work.__name__, self.ids)
            self.exists().filtered_domain(self._get_due_domain())._set_failed(f"{type(error).__name__}: {error}")

    def _send_due(self):
        """Send these notices of one receiver, as far as they are still due and nobody else does."""
        notices = self.try_lock_for_update()
        notices.invalidate_recordset()
        notices = notices.filtered_domain(self._get_due_domain())._cancel_unreachable()
        if not notices or notices._postpone():
            return
        receiver = notices.channel_id or notices.user_id
        message = notices._get_message(receiver)
        if receiver._name == "res.users":
            notices._send_to_user(receiver, message)
        else:
            notices._send_to_channel(receiver, message)

    # === Whether === #

    def _cancel_unreachable(self):
        """Cancel what has lost its receiver or record.

        :return: the rest
        """
        gone = self.filtered(lambda notice: not (notice.channel_id or notice.user_id).active)
        gone._set_cancelled(self.env._("The receiver is archived."))
        left = self - gone
        existing = left._get_records()
        lost = left.filtered(lambda notice: (notice.res_model, notice.res_id) not in existing)
        lost._set_cancelled(self.env._("The record was deleted."))
        return left - lost

    def _postpone(self):
        """Let these wait where it is quiet for the receiver, or where it got a message in this quarter of an hour.

        :return: whether they wait
        """
        now, receiver = fields.Datetime.now(), self.channel_id or self.user_id
        field = "channel_id" if self.channel_id else "user_id"
        sent = (
            Domain(field, "=", receiver.id) & Domain("state", "=", "sent") & Domain("sent_at", ">=", get_quarter(now))
        )
        earliest = get_quarter_end(now) if self.search_count(sent, limit=1) else now
        moment = self._get_send_moments([receiver], earliest)[receiver]
        if moment <= now:
            return False
        self.send_at = moment
        self._wake_up([moment])
        return True

    # === What === #

    def _get_records(self):
        """The records that exist yet, by model and id."""
        records = {}
        for model, notices in self.grouped("res_model").items():
            if model in self.env:
                # sudo: who sends a notice has decided that the receiver hears of the record.
                existing = self.env[model].sudo().browse(set(notices.mapped("res_id"))).exists()
                records |= {(model, record.id): record for record in existing}
        return records

    def _get_message(self, receiver):
        """What these notices say to their receiver, in the receiver's language.

        :rtype: Message
        """
        notices = self.with_context(lang=receiver.lang or "en_US").sorted("id")
        records = notices._get_records()
        topics = group_by_cause(
            (notice.cause, key, notice._get_line(records[key]))
            for notice in notices
            for key in [(notice.res_model, notice.res_id)]
        )
        return Message(notices._get_title(topics), topics)

    def _get_line(self, record):
        base = record.get_base_url()
        url = f"{base}/mail/view?model={record._name}&res_id={record.id}"
        return Line(record.display_name or self.res_name or "", url, self.body or "")

    def _get_title(self, topics):
        (cause, lines), *others = topics
        if others:
            count = sum(len(topic_lines) for _cause, topic_lines in topics)
            causes = self.env._(", ").join(topic_cause for topic_cause, _lines in topics)
            return self.env._("%(count)s notices: %(causes)s", count=count, causes=causes)
        if len(lines) == 1:
            return self.env._("%(cause)s: %(record)s", cause=cause, record=lines[0].name)
        return self.env._("%(cause)s (%(count)s)", cause=cause, count=len(lines))

    # === How === #

    def _send_to_user(self, user, message):
        """Hand a message to core, which brings it to the inbox or by mail as the user prefers.

        It is one transaction with the mark on the notices, so that either both happened or neither.
        """
        if user.notification_type == "email" and not user.email:
            self._set_failed(self.env._("%(user)s has no email address.", user=user.name))
            return
        thread = self.env["mail.thread"].with_context(lang=user.lang or "en_US")
        body = self.env["ir.qweb"]._render(
            "sales_management.notice_message", {"topics": message.topics}, lang=user.lang or "en_US"
        )
        posted = thread.message_notify(
            partner_ids=user.partner_id.ids,
            subject=message.title,
            body=body,
            # The layout without a header, for a message of many records: that of one record would name none.
            email_layout_xmlid="mail.mail_notification_layout",
            email_add_signature=False,
            force_email_company=user.company_id,
        )
        self._set_sent(posted)

    def _send_to_channel(self, channel, message):
        """Post a message to a robot.

        A robot keeps no promise of ours: whether a message arrived is not known where the work is interrupted between
        the post and the mark. So the interruption is marked first: nobody is told twice, and the failure is seen.
        """
        self.write({"state": "failed", "error": self.env._("It was interrupted and may have arrived. Retry if not.")})
        self.env["ir.cron"]._commit_progress()
        problem = channel.with_context(lang=channel.lang)._deliver(message)
        if problem:
            self._set_failed(problem)
        else:
            self._set_sent()
        # A manager who edits the channel meanwhile makes the next write fail, and must not undo the mark.
        self.env["ir.cron"]._commit_progress()
        channel._keep_outcome(problem)

    # === Mails that core could not deliver === #

    @api.model
    def _recall_undelivered(self):
        """Take back what core could not deliver by mail, to try it again as a new message."""
        undelivered = self.search(self._get_undelivered_domain()).try_lock_for_update()
        for message, notices in undelivered.grouped("mail_message_id").items():
            # sudo: the mails and notifications of a message are the server's to give up.
            notifications = message.sudo().notification_ids
            reasons = [notification.failure_reason or notification.failure_type for notification in notifications]
            message.sudo().mail_ids.filtered(lambda mail: mail.state != "sent").cancel()
            notifications.notification_status = "canceled"
            notices._set_failed(next(filter(None, reasons), self.env._("The mail could not be delivered.")))

    @api.model
    def _get_undelivered_domain(self):
        return (
            Domain("state", "=", "sent")
            & Domain("sent_at", ">", fields.Datetime.now() - timedelta(days=WATCHED_DAYS))
            & Domain("mail_message_id.notification_ids.notification_status", "in", ("exception", "bounce"))
        )
