from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from odoo.addons.sales_management.tools.key_date import get_next_date

#: Days ahead within which somebody can be reminded; a yearly date is never more than that away.
MAX_LEAD_DAYS = 365
#: What comes back by its nature.
YEARLY_KINDS = ("birthday", "anniversary", "holiday")


class SalesKeyDate(models.Model):
    """A day that matters to a customer: its owner is reminded ahead, and where wanted a mail goes out on the day."""

    _name = "sales.key.date"
    _inherit = ["sales.customer.record.mixin"]
    _description = "Key Date"
    _order = "next_date, id"

    partner_id = fields.Many2one(help="The person or the company that the day is about.")
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="cascade",
        index=True,
        help="By its time zone it is told which day it is.",
    )
    kind = fields.Selection(
        [
            ("birthday", "Birthday"),
            ("contract", "End of Contract"),
            ("anniversary", "Anniversary"),
            ("holiday", "Holiday"),
            ("other", "Other"),
        ],
        default="birthday",
        required=True,
    )
    name = fields.Char(string="Occasion", help="What it is, where the kind does not say it.")
    date = fields.Date(required=True, help="The day, or the first of the days that come back every year.")
    repeat = fields.Selection(
        [("yearly", "Every Year"), ("once", "Once")],
        compute="_compute_repeat",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="29 February is 28 February in years that have none.",
    )
    lead_days = fields.Integer(
        string="Days Ahead",
        default=7,
        required=True,
        help="How many days before the owner of the customer is reminded.",
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        string="Mail on the Day",
        domain="[('model', '=', 'res.partner')]",
        ondelete="set null",
        help="Goes to the contact on the day, once. Empty: no mail. None goes to contacts without an address, to those "
        "who do not want any, and to those who are archived.",
    )
    note = fields.Char(help="What to think of: a present, what was agreed, whom to call.")
    next_date = fields.Date(
        compute="_compute_next_date",
        store=True,
        index=True,
        help="When it is next, today included. Of what comes once, its day.",
    )
    mail_on = fields.Date(compute="_compute_mail_on", store=True, index="btree_not_null")
    mailed_for = fields.Date(readonly=True, copy=False, help="The day for which the mail went out: once.")

    _lead_days_check = models.Constraint(
        f"CHECK (lead_days BETWEEN 0 AND {MAX_LEAD_DAYS})",
        "A reminder comes 0 to 365 days ahead. Choose such a number.",
    )

    # === Computes === #

    @api.depends("kind", "name", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record._get_occasion()} · {record.partner_id.display_name or ''}"

    @api.depends("commercial_partner_id.company_id")
    def _compute_company_id(self):
        for record in self:
            record.company_id = record.commercial_partner_id.company_id or record.company_id or self.env.company

    @api.depends("kind")
    def _compute_repeat(self):
        for record in self:
            record.repeat = "yearly" if record.kind in YEARLY_KINDS else "once"

    @api.depends("date", "repeat", "company_id")
    def _compute_next_date(self):
        policies = self.env["sales.policy"]
        for record in self:
            today = policies._get_today(record.company_id.id)
            record.next_date = record.date and get_next_date(record.date, record.repeat == "yearly", today)

    @api.depends("next_date", "lead_days", "reminded_for")
    def _compute_remind_on(self):
        for record in self:
            is_due = record.next_date and record.reminded_for != record.next_date
            record.remind_on = is_due and self._get_days_before(record.next_date, record.lead_days)

    @api.depends("next_date", "mail_template_id", "mailed_for")
    def _compute_mail_on(self):
        for record in self:
            record.mail_on = record.mail_template_id and record.mailed_for != record.next_date and record.next_date

    # === Constraints === #

    @api.constrains("mail_template_id")
    def _check_mail_template(self):
        for record in self:
            # sudo: whoever writes the day may not read all templates.
            template = record.mail_template_id.sudo()
            if template and template.model != "res.partner":
                raise ValidationError(
                    self.env._(
                        "%(occasion)s: the mail template %(template)s is not one for contacts. Choose one that is.",
                        occasion=record.display_name,
                        template=template.name,
                    )
                )

    # === ORM === #

    @api.model
    def _get_own_fields(self):
        return super()._get_own_fields() | {"mailed_for"}

    @api.model
    def _get_reminder_triggers(self):
        return super()._get_reminder_triggers() | {"date", "repeat", "company_id"}

    # === Words === #

    def _get_occasion(self):
        """:return: what the day is, in words"""
        return self.name or dict(self._fields["kind"]._description_selection(self.env)).get(self.kind, "")

    # === Reminders === #

    def _get_reminder_type(self):
        return "sales_management.mail_activity_type_key_date"

    def _get_reminder_day(self):
        return self.next_date

    def _get_reminder_summary(self):
        names = {
            "occasion": self._get_occasion(),
            "contact": self.partner_id.display_name,
            "date": format_date(self.env, self.next_date),
            "note": self.note,
        }
        if self.note:
            return self.env._("%(occasion)s of %(contact)s on %(date)s: %(note)s", **names)
        return self.env._("%(occasion)s of %(contact)s on %(date)s", **names)
