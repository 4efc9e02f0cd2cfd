from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

#: Messages that people write. Notifications, automatic answers and mailings to many at once are no contact.
WRITTEN = frozenset({"comment", "email", "email_outgoing"})
#: How far back meetings that are over are looked for, so that a server that stood still misses none.
MEETING_SPAN = timedelta(days=14)


class CrmLead(models.Model):
    """When the customer was last in touch, what comes next, and what holds a deal up."""

    _inherit = "crm.lead"

    first_response_at = fields.Datetime(
        string="First Response On",
        readonly=True,
        copy=False,
        help="When somebody of ours first got in touch: a message to the customer on the deal or its quotations, a "
        "call or meeting marked done, or a meeting that was held.",
    )
    first_response_hours = fields.Float(
        string="First Response (Hours)",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Hours from the beginning of a deal to the first response. Those without a response count in no average.",
    )
    last_contact_at = fields.Datetime(
        string="Last Contact On",
        readonly=True,
        copy=False,
        help="The latest contact in either direction: what counts as a response, and messages of the customer.",
    )
    deal_next_step = fields.Char(
        string="Next Step", tracking=True, copy=False, help="What is done next to bring this deal on."
    )
    deal_next_step_date = fields.Date(string="Next Step By", tracking=True, copy=False)
    deal_blocking_reason = fields.Char(
        string="Blocked By", tracking=True, copy=False, help="What the deal waits for. Empty: nothing holds it up."
    )
    deal_feedback = fields.Text(
        string="Customer Feedback", copy=False, help="What the customer said to the proposal, in their words."
    )
    deal_feedback_at = fields.Datetime(
        string="Feedback On", readonly=True, copy=False, help="When the feedback was written down last."
    )
    deal_age_days = fields.Integer(
        string="Age (Days)",
        compute="_compute_deal_age_days",
        search="_search_deal_age_days",
        help="Full days since the deal was opened; of an imported deal, since the date that the import brought.",
    )

    # === Computes === #

    @api.depends("create_date", "deal_opened_on")
    def _compute_deal_age_days(self):
        now = fields.Datetime.now()
        for lead in self:
            lead.deal_age_days = (now - (lead._get_deal_opened_at() or now)).days

    def _search_deal_age_days(self, operator, value):
        if operator not in ("<", "<=", ">", ">="):
            return NotImplemented
        # Older than 90 days is opened 91 full days ago or earlier.
        days = int(value) + (operator in ("<=", ">"))
        older = self._get_opened_before_domain(fields.Datetime.now() - timedelta(days=days))
        return older if operator in (">", ">=") else ~older

    # === ORM === #

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {
            "deal_feedback_at",
            "first_response_at",
            "first_response_hours",
            "last_contact_at",
        }

    @api.model
    def _prepare_document_create_values(self, vals_list):
        now = self.env.cr.now()
        return [
            {**vals, "deal_feedback_at": now} if vals.get("deal_feedback") else vals
            for vals in super()._prepare_document_create_values(vals_list)
        ]

    def _prepare_document_write_values(self, vals):
        vals = super()._prepare_document_write_values(vals)
        if "deal_feedback" not in vals:
            return vals
        feedback = vals["deal_feedback"] or False
        if all(lead.deal_feedback == feedback for lead in self):
            return vals
        return {**vals, "deal_feedback_at": feedback and self.env.cr.now()}

    @contextmanager
    def _around_document_write(self, vals):
        with super()._around_document_write(vals):
            yield
        for code, name in self._get_task_closing_fields().items():
            if vals.get(name):
                self._close_tasks_when(code)

    def _after_document_create(self):
        result = super()._after_document_create()
        if self.env["res.company"]._get_enabled_company_ids("sales_process_enabled"):
            for code, name in self._get_task_closing_fields().items():
                if given := self.filtered(name):
                    given._close_tasks_when(code)
        return result

    def _merge_get_fields(self):
        return [
            *super()._merge_get_fields(),
            "deal_blocking_reason",
            "deal_feedback",
            "deal_next_step",
            "deal_next_step_date",
        ]

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        for lead in opportunities:
            if lead.first_response_at:
                self._write_contact(lead.first_response_at, is_response=True)
            if lead.last_contact_at:
                self._write_contact(lead.last_contact_at, is_response=False)
        return result

    # === Hooks === #

    def _close_tasks_when(self, code):
        """Close the to-dos of these deals that wait for what just happened.

        To override: issue no query for deals whose company does not use the staged process.

        :param str code: ``contact``, ``next_step`` or ``feedback``
        """

    @api.model
    def _get_task_closing_fields(self):
        """:return: field that, filled in, is what to-dos wait for, by the code of the waiting
        :rtype: dict[str, str]
        """
        return {"next_step": "deal_next_step", "feedback": "deal_feedback"}

    # === Contacts === #

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        self._follow_message(self, message, msg_vals)
        return result

    def _follow_message(self, thread, message, values):
        """Note a message as a contact of these deals, if it is one.

        :param mail.thread thread: this deal, or a document of it that the message was posted on
        :param mail.message message: message that was posted
        :param dict values: its values as core has them at hand
        """
        deals = self._filter_process_enabled()
        if not deals:
            return
        is_response = self._is_response(thread, message, values)
        if is_response or self._is_from_customer(message, values):
            deals._write_contact(min(message.date, fields.Datetime.now()), is_response)
            if is_response:
                deals._close_tasks_when("contact")

    @api.model
    def _is_response(self, thread, message, values):
        """:return: whether with this message somebody of ours got in touch with the customer"""
        author = message.sudo().author_id  # sudo: whoever may post may not read every partner
        # sudo: an id is no secret; to find the record itself would cost a query for each message.
        root_id = self.env["ir.model.data"].sudo()._xmlid_to_res_id("base.partner_root")
        if not author or author.partner_share or author.id == root_id:
            return False
        if activity_type_id := values.get("mail_activity_type_id"):
            return activity_type_id not in self._get_own_activity_type_ids()
        if values["message_type"] == "sms":
            return True
        if not self._is_public_message(message, values):
            return False
        if values.get("outgoing_email_to") or any(message.sudo().partner_ids.mapped("partner_share")):  # sudo: as above
            return True
        followers = thread.sudo().message_follower_ids  # sudo: as above
        return any(
            follower.partner_id.partner_share and message.subtype_id in follower.subtype_ids for follower in followers
        )

    @api.model
    def _is_from_customer(self, message, values):
        author = message.sudo().author_id  # sudo: as in _is_response
        return (not author or author.partner_share) and self._is_public_message(message, values)

    @api.model
    def _is_public_message(self, message, values):
        return values["message_type"] in WRITTEN and not message.subtype_id.sudo().internal  # sudo: as in _is_response

    @api.model
    def _get_own_activity_type_ids(self):
        """:return: ids of activity types that are no contact with a customer
        :rtype: set[int]
        """
        data = self.env["ir.model.data"]
        names = self._get_own_activity_types()
        return {data._xmlid_to_res_id(name, raise_if_not_found=False) for name in names} - {False, None}

    def _write_contact(self, moment, is_response):
        """Note a contact with the customer of this deal.

        :param datetime moment: when it was
        :param bool is_response: whether somebody of ours got in touch, and not the customer
        """
        self.ensure_one()
        lead = self.sudo()  # sudo: nobody writes these fields by hand
        values = {}
        if not lead.last_contact_at or lead.last_contact_at < moment:
            values["last_contact_at"] = moment
        if is_response and (not lead.first_response_at or lead.first_response_at > moment):
            opened_at = lead._get_deal_opened_at() or moment
            values["first_response_at"] = moment
            values["first_response_hours"] = max(0.0, (moment - opened_at).total_seconds() / 3600)
        if values:
            lead.write(values)

    @api.model
    def _cron_follow_meetings(self):
        """Note meetings that are over as contacts: nothing is written at the moment at which one ends."""
        if not self.env["res.company"]._get_enabled_company_ids("sales_process_enabled"):
            return
        now = fields.Datetime.now()
        held = self.env["calendar.event"]._read_group(
            Domain("opportunity_id", "!=", False)
            & Domain("stop", "<=", now)
            & (Domain("stop", ">=", now - MEETING_SPAN) | Domain("write_date", ">=", now - MEETING_SPAN)),
            ["opportunity_id"],
            ["stop:min", "stop:max"],
        )
        leads = self.union(*(lead for lead, _first, _last in held))._filter_process_enabled()
        followed = self.browse()
        for lead, first, last in held:
            if lead in leads and (not lead.first_response_at or lead.last_contact_at < last):
                lead._write_contact(first, is_response=True)
                lead._write_contact(last, is_response=True)
                followed |= lead
        if followed:
            followed._close_tasks_when("contact")

    # === Age === #

    def _get_deal_opened_at(self):
        """:return: when this deal was opened, none before it is saved
        :rtype: datetime | None
        """
        self.ensure_one()
        return self.deal_opened_on or self.create_date

    @api.model
    def _get_opened_before_domain(self, moment):
        return Domain("deal_opened_on", "<=", moment) | (
            Domain("deal_opened_on", "=", False) & Domain("create_date", "<=", moment)
        )
