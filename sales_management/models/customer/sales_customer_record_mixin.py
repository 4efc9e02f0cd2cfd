import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

#: Records of one transaction.
BATCH = 200
#: Core's own key: the owner has an activity, and needs no mail for each beside it.
QUIETLY = {"mail_activity_quick_update": True}


class SalesCustomerRecordMixin(models.AbstractModel):
    """What is kept of a customer: seen and changed by exactly those who see that customer, and its owner is reminded.

    Models say when in ``remind_on``, and of what in the hooks below.
    """

    _name = "sales.customer.record.mixin"
    _description = "Record of a Customer"

    partner_id = fields.Many2one("res.partner", string="Contact", required=True, ondelete="cascade", index=True)
    commercial_partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_commercial_partner_id",
        store=True,
        precompute=True,
        ondelete="cascade",
        index=True,
    )
    owner_id = fields.Many2one(
        "res.users",
        related="commercial_partner_id.user_id",
        string="Owner",
        help="The salesperson of the customer, who is reminded. Without one, nobody is.",
    )
    active = fields.Boolean(default=True)
    remind_on = fields.Date(compute="_compute_remind_on", store=True, index="btree_not_null")
    reminded_for = fields.Date(
        readonly=True,
        copy=False,
        help="The day of which the owner was reminded: once, whatever happens to the activity.",
    )
    activity_id = fields.Many2one(
        "mail.activity", string="Reminder", readonly=True, copy=False, ondelete="set null", index="btree_not_null"
    )

    # === Computes === #

    @api.depends("partner_id.commercial_partner_id")
    def _compute_commercial_partner_id(self):
        for record in self:
            record.commercial_partner_id = record.partner_id.commercial_partner_id

    def _compute_remind_on(self):
        """To override: the first day on which the owner is reminded; none once that was done."""
        self.remind_on = False

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._prepare_record_values(vals, is_new=True) for vals in vals_list])

    def write(self, vals):
        vals = self._prepare_record_values(vals)
        moved = self.filtered(lambda record: "partner_id" in vals and record.partner_id.id != vals["partner_id"])
        result = super().write(vals)
        if moved:
            # Nothing is moved to a customer whom one does not see.
            moved.check_access("write")
            moved._drop_reminders()
            # sudo: that somebody was reminded is nobody's to write.
            super(SalesCustomerRecordMixin, moved.sudo()).write({"reminded_for": False})
        if not self._get_reminder_triggers().isdisjoint(vals):
            self._drop_stale_reminders()
        return result

    def unlink(self):
        self._drop_reminders()
        return super().unlink()

    @api.model
    def _get_own_fields(self):
        """Fields that only the addon writes. To override: add yours.

        :rtype: set[str]
        """
        return {"reminded_for", "activity_id"}

    @api.model
    def _get_reminder_triggers(self):
        """Fields whose change may make a reminder pointless. To override: add yours.

        :rtype: set[str]
        """
        return {"active"}

    @api.model
    def _prepare_record_values(self, vals, is_new=False):
        """What is written of what is asked for: who wrote it cannot say what the addon found out."""
        own = set() if self.env.su else self._get_own_fields()
        kept = {name: value for name, value in vals.items() if name not in own | {"commercial_partner_id"}}
        if not is_new:
            return kept
        if not kept.get("partner_id") and vals.get("commercial_partner_id"):
            kept["partner_id"] = vals["commercial_partner_id"]
        # Said aloud, so that neither a context nor a default says otherwise.
        return {**kept, **dict.fromkeys(own, False)}

    # === Access === #

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        domain = Domain(domain)
        if not self.env.su and not bypass_access:
            # The customers that one sees, archived ones too.
            customers = self.env["res.partner"]._search(Domain.TRUE, active_test=False)
            domain &= Domain("commercial_partner_id", "in", customers)
        return super()._search(domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if result or not any(self._ids):
            return result
        # sudo: whose they are decides who sees them.
        customers = self.sudo().commercial_partner_id.with_env(self.env)
        seen = customers.with_context(active_test=False)._filtered_access("read")
        forbidden = self.filtered(lambda record: record.sudo().commercial_partner_id not in seen.sudo())
        return (forbidden, self._make_customer_access_error) if forbidden else None

    def _make_customer_access_error(self):
        return AccessError(self.env._("This belongs to a customer whom you may not see. Ask a sales manager about it."))

    # === Reminders === #

    def _get_reminder_type(self):
        """To override: external id of the type of the activities.

        :rtype: str
        """
        raise NotImplementedError

    def _get_reminder_day(self):
        """To override: the day that the owner is reminded of.

        :rtype: datetime.date
        """
        raise NotImplementedError

    def _get_reminder_summary(self):
        """To override: what the activity says, in the language of the environment.

        :rtype: str
        """
        raise NotImplementedError

    def _get_reminder_company(self):
        """To override: the company whose user is reminded; none for any.

        :rtype: res.company
        """
        return self.company_id

    def _remind(self):
        """Give the owners of the customers of these an activity each, and note that they have it."""
        records = self.filtered(lambda record: record._get_reminded_user())
        if not records:
            return
        activities = self.env["mail.activity"].with_context(**QUIETLY)
        activities = activities.create([record._prepare_reminder_values() for record in records])
        for record, activity in zip(records, activities, strict=True):
            record.write({"activity_id": activity.id, "reminded_for": record._get_reminder_day()})

    def _get_reminded_user(self):
        """:return: the owner, as long as he works here and in the company of this"""
        self.ensure_one()
        owner, company = self.owner_id, self._get_reminder_company()
        works = owner.active and not owner.share and (not company or company in owner.company_ids)
        return owner if works else self.env["res.users"]

    def _prepare_reminder_values(self):
        self.ensure_one()
        owner = self.owner_id
        return {
            "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(self._get_reminder_type()),
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": self.partner_id.id,
            "user_id": owner.id,
            "date_deadline": self._get_reminder_day(),
            "summary": self.with_context(lang=owner.lang)._get_reminder_summary(),
        }

    def _drop_stale_reminders(self):
        """Take back the reminders of what has another day by now, or is archived."""
        # sudo: the activity may be that of a colleague.
        stale = self.sudo().filtered(
            lambda record: (
                record.activity_id and (not record.active or record.reminded_for != record._get_reminder_day())
            )
        )
        if stale:
            stale._drop_reminders()

    def _drop_reminders(self):
        # sudo: as above
        activities = self.sudo().activity_id
        if activities:
            activities.unlink()

    # === Job === #

    @api.model
    def _get_enabled_days(self):
        """Companies that use customers, by the date that it is where they are.

        :rtype: dict[datetime.date, list[int]]
        """
        days = {}
        for company_id in sorted(self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled")):
            days.setdefault(self.env["sales.policy"]._get_today(company_id), []).append(company_id)
        return days

    @api.model
    def _work_off(self, domain, method):
        """Call a method on all that a domain finds, batch by batch, each a transaction. What fails holds up no other.

        :param Domain domain: what is to be done
        :param str method: name of a method without arguments
        :return: whether there was time for all
        :rtype: bool
        """
        last, left = 0, self.search_count(domain)
        while left and (records := self.search(domain & Domain("id", ">", last), order="id", limit=BATCH)):
            last = records.ids[-1]
            left = max(left - len(records), 0)
            # What somebody else writes at this moment is left to the next run.
            records.try_lock_for_update()._work_isolated(method)
            if not self.env["ir.cron"]._commit_progress(len(records), remaining=left):
                return False
        return True

    def _work_isolated(self, method):
        """Do it to these together, or to each by itself where that fails."""
        if self._try_work(method) or len(self) <= 1:
            return
        for record in self:
            record._try_work(method)

    def _try_work(self, method):
        try:
            with self.env.cr.savepoint():
                getattr(self, method)()
                self.env.flush_all()
            return True
        except Exception:
            # Whatever it is, the others have their turn; tomorrow it is tried again.
            _logger.exception("%s of %s failed", method, self)
            return False

    @staticmethod
    def _get_days_before(day, number):
        return day - timedelta(days=number)
