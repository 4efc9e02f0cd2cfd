from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.sales_management.tools.notice import BACK_OFF, get_allowed_moment, get_quarter_end

#: Days after which a notice that no longer waits is removed, and how many are removed at once.
KEPT_DAYS = 90
GC_LIMIT = 10_000


class SalesNotice(models.Model):
    """What one receiver is to hear of one record; written by the addon only."""

    _name = "sales.notice"
    _description = "Notice"
    _order = "id desc"
    _rec_name = "cause"

    kind_id = fields.Many2one("sales.notice.kind", required=True, ondelete="cascade", index=True)
    user_id = fields.Many2one("res.users", string="Person", ondelete="cascade", index="btree_not_null")
    channel_id = fields.Many2one("sales.notice.channel", ondelete="cascade", index="btree_not_null")
    res_model = fields.Char(string="Model", required=True)
    res_id = fields.Many2oneReference(string="Record ID", model_field="res_model", required=True)
    res_name = fields.Char(string="Record")
    cause = fields.Char(required=True)
    body = fields.Text(string="Text")
    company_id = fields.Many2one("res.company", ondelete="cascade", index=True)
    state = fields.Selection(
        [("pending", "Waiting"), ("sent", "Sent"), ("failed", "Failed"), ("cancelled", "Cancelled")],
        string="Status",
        default="pending",
        required=True,
        index=True,
        help="Failed: it was tried five times, or was interrupted. Cancelled: the receiver or the record is gone.",
    )
    send_at = fields.Datetime(
        string="Send On",
        required=True,
        help="The end of the quarter of an hour, outside quiet hours and days off of the receiver.",
    )
    sent_at = fields.Datetime(string="Sent On")
    attempts = fields.Integer(help="How often it was tried to send it.")
    error = fields.Char(string="Problem")
    mail_message_id = fields.Many2one("mail.message", string="Message", ondelete="set null", index="btree_not_null")

    _receiver_check = models.Constraint(
        "CHECK (num_nonnulls(user_id, channel_id) = 1)", "A notice has one receiver: a person or a channel."
    )
    _due_idx = models.Index("(send_at) WHERE state = 'pending'")
    _sent_idx = models.Index("(sent_at) WHERE state = 'sent'")
    _record_idx = models.Index("(res_model, res_id) WHERE state = 'pending'")

    # === Queue === #

    @api.model
    def _queue(self, vals_list):
        """Let these wait for their moment, those left out that wait already in the same words.

        :param list vals_list: values without state and moment, all of one model and kind
        :return: the new notices
        """
        vals_list = self._filter_unknown(vals_list)
        if not vals_list:
            return self.browse()
        users = self.env["res.users"].browse({vals["user_id"] for vals in vals_list if vals["user_id"]})
        channels = self.env["sales.notice.channel"].browse(
            {vals["channel_id"] for vals in vals_list if vals["channel_id"]}
        )
        moments = self._get_send_moments([*users, *channels], get_quarter_end(fields.Datetime.now()))
        by_receiver = {(receiver._name, receiver.id): moment for receiver, moment in moments.items()}
        notices = self.create(
            [
                {
                    **vals,
                    "send_at": by_receiver.get(("res.users", vals["user_id"]))
                    or by_receiver["sales.notice.channel", vals["channel_id"]],
                }
                for vals in vals_list
            ]
        )
        self._wake_up(moments.values())
        return notices

    def _filter_unknown(self, vals_list):
        """Rows that wait are not changed here: the cron may hold them, and the caller must not wait for that."""
        keys = ("user_id", "channel_id", "res_id", "cause", "body")
        if not vals_list:
            return []
        domain = (
            Domain("state", "=", "pending")
            & Domain("kind_id", "=", vals_list[0]["kind_id"])
            & Domain("res_model", "=", vals_list[0]["res_model"])
            & Domain("res_id", "in", list({vals["res_id"] for vals in vals_list}))
        )
        known = {
            (row.user_id.id, row.channel_id.id, row.res_id, row.cause, row.body or "")
            for row in self.search_fetch(domain, keys)
        }
        return [vals for vals in vals_list if tuple(vals[key] for key in keys) not in known]

    @api.model
    def _wake_up(self, moments):
        """Let the cron run at these moments."""
        cron = self.env.ref("sales_management.ir_cron_send_notices", raise_if_not_found=False)
        if cron:
            # sudo: the cron belongs to nobody who causes a notice.
            cron.sudo()._trigger(set(moments))

    # === Moments === #

    @api.model
    def _get_send_moments(self, receivers, earliest):
        """The first moment from ``earliest`` on at which each receiver may hear something.

        Quiet hours and working days are those of the receiver's own company, by the clock of the receiver.

        :param list receivers: single users and channels
        :rtype: dict[record, datetime]
        """
        calendars = {receiver: receiver.company_id.resource_calendar_id for receiver in receivers}
        times = self.env["resource.calendar"]._get_working_times(
            {(calendar, receiver.company_id) for receiver, calendar in calendars.items()}
        )
        return {
            receiver: get_allowed_moment(
                earliest,
                self._get_zone(receiver),
                receiver.company_id.notice_quiet_from,
                receiver.company_id.notice_quiet_to,
                times[calendar, receiver.company_id].works_on,
            )
            for receiver, calendar in calendars.items()
        }

    @api.model
    def _get_zone(self, receiver):
        """Whose clock counts: that of a person, for a channel that of the calendar of its company."""
        company = receiver.company_id
        own = receiver.tz if receiver._name == "res.users" else company.resource_calendar_id.tz
        return pytz.timezone(own or company.partner_id.tz or "UTC")

    @api.model
    def _get_local_date(self, receiver):
        now = pytz.utc.localize(fields.Datetime.now())
        return now.astimezone(self._get_zone(receiver)).date()

    # === State === #

    def _set_sent(self, message=None):
        """Mark what was sent."""
        for attempts, notices in self.grouped("attempts").items():
            notices.write(
                {
                    "state": "sent",
                    "sent_at": fields.Datetime.now(),
                    "attempts": attempts + 1,
                    "error": False,
                    "mail_message_id": message.id if message else False,
                }
            )

    def _set_failed(self, problem):
        """Mark what could not be sent: it is tried again later, the last time excepted."""
        now = fields.Datetime.now()
        for attempts, notices in self.grouped("attempts").items():
            vals = {"state": "failed", "attempts": attempts + 1, "error": problem, "mail_message_id": False}
            if attempts < len(BACK_OFF):
                vals |= {"state": "pending", "send_at": now + BACK_OFF[attempts]}
                self._wake_up([vals["send_at"]])
            notices.write(vals)

    def _set_cancelled(self, reason):
        self.write({"state": "cancelled", "error": reason})

    def action_retry(self):
        """Try failed notices again, from the first attempt on.

        :raise AccessError: for anybody but sales managers
        """
        self.check_access("read")
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales managers send notices again. Ask one of them."))
        # sudo: nobody has the right to write notices otherwise.
        failed = self.sudo().filtered(lambda notice: notice.state == "failed")
        now = fields.Datetime.now()
        failed.write({"state": "pending", "attempts": 0, "error": False, "send_at": now})
        if failed:
            self._wake_up([now])
        return True

    # === Cleaning up === #

    @api.autovacuum
    def _gc_notices(self):
        old = self.sudo().search(self._get_gc_domain(), limit=GC_LIMIT)
        old.unlink()
        return len(old), len(old) == GC_LIMIT

    @api.model
    def _get_gc_domain(self):
        return Domain("state", "!=", "pending") & Domain(
            "write_date", "<", fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        )
