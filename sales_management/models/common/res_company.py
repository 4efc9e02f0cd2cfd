import pytz

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import ormcache
from odoo.tools.sql import column_exists


class ResCompany(models.Model):
    """The switches of the capabilities: off in every company, a capability is not to be seen."""

    _inherit = "res.company"

    deal_number_on_documents = fields.Boolean(
        string="Print Deal Numbers",
        help="Print the deal number on quotations, delivery slips and invoices of this company.",
    )
    notice_quiet_from = fields.Float(
        string="Quiet From",
        default=20.0,
        help="From this hour on, by the clock of the receiver, no notice is sent. The same hour as its end: no quiet.",
    )
    notice_quiet_to = fields.Float(
        string="Quiet To",
        default=8.0,
        help="At this hour, by the clock of the receiver, what came up in quiet hours and on days off is sent.",
    )

    _notice_quiet_check = models.Constraint(
        "CHECK (COALESCE(notice_quiet_from, 0) BETWEEN 0 AND 24 AND COALESCE(notice_quiet_to, 0) BETWEEN 0 AND 24)",
        "Quiet hours are times of a day, from 0:00 to 24:00.",
    )

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._after_switches_written({name for vals in vals_list for name in vals})
        return companies

    def write(self, vals):
        result = super().write(vals)
        self._after_switches_written(vals)
        if not {"partner_id", "resource_calendar_id", "currency_id"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    # === Currencies === #

    @api.model
    @ormcache()
    def _has_currencies(self):
        """:return: whether the companies have different currencies, cached
        :rtype: bool
        """
        # sudo: that there are several is the same for everybody.
        companies = self.sudo().with_context(active_test=False)
        return len(companies._read_group([], ["currency_id"])) > 1

    # === Clock === #

    def _get_sales_zone(self):
        """The clock by which days and months of a company begin: that of its address, else of its working hours.

        :rtype: pytz.tzinfo
        """
        self.ensure_one()
        return pytz.timezone(self._get_sales_zone_name(self._origin.id))

    def _get_sales_today(self):
        """:return: the day that it is by the clock of a company
        :rtype: date
        """
        self.ensure_one()
        return pytz.utc.localize(fields.Datetime.now()).astimezone(self._get_sales_zone()).date()

    @api.model
    @ormcache("company_id")
    def _get_sales_zone_name(self, company_id):
        # sudo: by which clock a company works is the same for everybody.
        company = self.sudo().browse(company_id)
        names = (company.partner_id.tz, company.resource_calendar_id.tz)
        return next((name for name in names if name in pytz.all_timezones_set), "UTC")

    # === Switches === #

    @api.model
    def _get_capability_groups(self):
        """Group that sees the menus of a capability, by the field that switches it on. To override: add yours.

        :return: external id per field name
        :rtype: dict[str, str]
        """
        return {}

    @api.model
    @ormcache("switch")
    def _get_enabled_company_ids(self, switch):
        """Companies that use a capability, cached, so that to ask costs nothing.

        :param str switch: name of the field that switches it on
        :rtype: frozenset[int]
        """
        # While the addon is removed, its columns go before its code.
        if not column_exists(self.env.cr, self._table, switch):
            return frozenset()
        # sudo: whether a company uses a capability is the same for everybody.
        return frozenset(self.sudo().with_context(active_test=False).search([(switch, "=", True)]).ids)

    def _after_switches_written(self, names):
        switches = self._get_capability_groups().keys() & set(names)
        if not switches:
            return
        self.env.registry.clear_cache()
        # sudo: whoever may switch a capability on opens its menus with it, and need not be an administrator.
        everybody = self.env.ref("base.group_user").sudo()
        for switch in switches:
            group = self.env.ref(self._get_capability_groups()[switch])
            is_used = bool(self._get_enabled_company_ids(switch))
            if is_used != (group in everybody.implied_ids):
                command = Command.link(group.id) if is_used else Command.unlink(group.id)
                everybody.write({"implied_ids": [command]})
                if not is_used:
                    group.sudo().user_ids = [Command.clear()]  # sudo: as above
