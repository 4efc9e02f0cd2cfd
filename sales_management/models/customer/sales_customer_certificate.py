from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

#: What a verification was about: a change of it asks for a new one.
VERIFIED_FIELDS = frozenset({"partner_id", "type_id", "number", "valid_from", "valid_to", "file"})


class SalesCustomerCertificate(models.Model):
    """A paper of a customer, its commercial partner, that some things may not be sold without."""

    _name = "sales.customer.certificate"
    _inherit = ["sales.customer.record.mixin", "mail.thread"]
    _description = "Certificate of a Customer"
    _order = "valid_to, id"

    partner_id = fields.Many2one(
        string="Holder", tracking=True, help="It counts for the whole company that this contact belongs to."
    )
    type_id = fields.Many2one("sales.certificate.type", required=True, ondelete="restrict", index=True, tracking=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id", store=True, precompute=True, index=True)
    number = fields.Char(tracking=True, help="As it is printed on the certificate.")
    valid_from = fields.Date(tracking=True, help="Its first day. Empty: it has been valid ever since.")
    valid_to = fields.Date(
        string="Valid Until", tracking=True, index=True, help="Its last day. Empty: it never expires."
    )
    file = fields.Binary(attachment=True, copy=False)
    file_name = fields.Char(copy=False)
    note = fields.Char()
    guidance = fields.Text(related="type_id.guidance")
    state = fields.Selection(
        [
            ("refused", "Refused"),
            ("expired", "Expired"),
            ("unverified", "To Verify"),
            ("future", "Not Yet Valid"),
            ("expiring", "Expires Soon"),
            ("valid", "Valid"),
        ],
        string="Status",
        compute="_compute_state",
        help="Today, where the company is. Expires soon: the owner of the customer is reminded by now.",
    )
    verification = fields.Selection(
        [("none", "Not Verified"), ("verified", "Verified"), ("refused", "Refused")],
        compute="_compute_verification",
        store=True,
        copy=False,
        tracking=True,
        help="Whether somebody, or a register that is connected, has compared it with the original.",
    )
    verified_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="set null")
    verified_at = fields.Datetime(string="Verified On", readonly=True, copy=False)
    refused_at = fields.Datetime(string="Refused On", readonly=True, copy=False)
    verification_note = fields.Char(readonly=True, copy=False, help="What the register said that was asked.")
    archive_on = fields.Date(compute="_compute_archive_on", store=True, index="btree_not_null")

    _dates_check = models.Constraint(
        "CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)",
        "A certificate cannot expire before it begins. Correct one of the two dates.",
    )

    # === Computes === #

    @api.depends("type_id", "number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for record in self:
            # sudo: its type tells no more than its name.
            record.display_name = " ".join(filter(None, [record.type_id.sudo().name, record.number]))

    @api.depends("type_id.company_id", "commercial_partner_id.company_id")
    def _compute_company_id(self):
        for record in self:
            record.company_id = record.type_id.company_id or record.commercial_partner_id.company_id

    @api.depends("verified_at", "refused_at")
    def _compute_verification(self):
        for record in self:
            record.verification = "refused" if record.refused_at else "verified" if record.verified_at else "none"

    @api.depends("valid_from", "valid_to", "verification", "type_id")
    def _compute_state(self):
        for record in self:
            record.state = record._get_state_on(record._get_today())

    @api.depends("valid_to", "type_id.reminder_days", "reminded_for")
    def _compute_remind_on(self):
        for record in self:
            is_due = record.valid_to and record.reminded_for != record.valid_to
            record.remind_on = is_due and self._get_days_before(record.valid_to, record.type_id.reminder_days)

    @api.depends("valid_to", "type_id.archive_days")
    def _compute_archive_on(self):
        for record in self:
            days = record.type_id.archive_days + 1
            record.archive_on = record.valid_to and record.valid_to + timedelta(days=days)

    # === Constraints === #

    @api.constrains("type_id", "commercial_partner_id")
    def _check_type_company(self):
        for record in self:
            asking = record.type_id.sudo().company_id
            partner_company = record.commercial_partner_id.sudo().company_id
            if asking and partner_company and asking not in (partner_company | partner_company.parent_ids):
                raise ValidationError(
                    self.env._(
                        "%(certificate)s is asked for by %(company)s, and %(customer)s is a customer of another "
                        "company. Choose another type.",
                        certificate=record.display_name,
                        company=asking.name,
                        customer=record.commercial_partner_id.name,
                    )
                )

    # === ORM === #

    def write(self, vals):
        result = super().write(vals)
        if not VERIFIED_FIELDS.isdisjoint(vals):
            # sudo: what was verified is no more what is there, whoever changed it.
            judged = self.sudo().filtered(lambda record: record.verification != "none")
            if judged:
                judged.write(judged._prepare_verification_values())
        return result

    @api.model
    def _get_own_fields(self):
        return super()._get_own_fields() | {"verified_by_id", "verified_at", "refused_at", "verification_note"}

    @api.model
    def _get_reminder_triggers(self):
        return super()._get_reminder_triggers() | {"valid_to"}

    # === Validity === #

    def _get_today(self):
        """:return: date in the company that asks for it, or in the first that uses customers where all do"""
        self.ensure_one()
        company_ids = self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled")
        company_id = self.company_id.id or min(company_ids, default=self.env.company.id)
        return self.env["sales.policy"]._get_today(company_id)

    def _get_state_on(self, day):
        """What there is to say of it on a day, the worst first.

        :param datetime.date day: in the company that asks
        :return: one of the values of ``state``
        :rtype: str
        """
        self.ensure_one()
        if self.verification == "refused":
            return "refused"
        if self.valid_to and self.valid_to < day:
            return "expired"
        if self.type_id.sudo().needs_verification and self.verification != "verified":
            return "unverified"
        if self.valid_from and self.valid_from > day:
            return "future"
        if self.valid_to and self._get_days_before(self.valid_to, self.type_id.sudo().reminder_days) <= day:
            return "expiring"
        return "valid"

    def _is_valid_on(self, day):
        return self._get_state_on(day) in ("valid", "expiring")

    # === Reminders === #

    def _get_reminder_type(self):
        return "sales_management.mail_activity_type_certificate"

    def _get_reminder_day(self):
        return self.valid_to

    def _get_reminder_summary(self):
        return self.env._(
            "Certificate %(certificate)s of %(customer)s expires on %(date)s: ask for the new one",
            certificate=self.display_name,
            customer=self.commercial_partner_id.display_name,
            date=format_date(self.env, self.valid_to),
        )
