from odoo import api, models
from odoo.fields import Domain


class SalesKeyDate(models.Model):
    """The daily job: days that are over come back next year, owners are reminded, mails go out."""

    _inherit = "sales.key.date"

    # === Crons === #

    @api.model
    def _cron_follow_key_dates(self):
        """Follow the days of all companies that use customers.

        May be interrupted and run again: what was done is noted with it, in the same transaction.
        """
        days = self._get_enabled_days()
        steps = (
            (self._get_over_domain, "_roll"),
            (self._get_remind_domain, "_remind"),
            (self._get_mail_domain, "_send_mails"),
        )
        for get_domain, method in steps:
            domains = [get_domain(day) & Domain("company_id", "in", company_ids) for day, company_ids in days.items()]
            if domains and not self._work_off(Domain.OR(domains), method):
                return

    # === Domains === #

    @api.model
    def _get_over_domain(self, today):
        return Domain("repeat", "=", "yearly") & Domain("next_date", "<", today)

    @api.model
    def _get_remind_domain(self, today):
        """:return: what is due and not over: nobody is reminded of what was"""
        return (
            Domain("remind_on", "<=", today)
            & Domain("next_date", ">=", today)
            & Domain("commercial_partner_id.active", "=", True)
            & Domain("partner_id.active", "=", True)
            & Domain("owner_id", "!=", False)
        )

    @api.model
    def _get_mail_domain(self, today):
        """:return: what is today. A greeting that comes late is none"""
        return (
            Domain("mail_on", "=", today)
            & Domain("partner_id.active", "=", True)
            & Domain("partner_id.email", "!=", False)
            & Domain("partner_id.is_blacklisted", "=", False)
        )

    # === Steps === #

    def _roll(self):
        """Move what is over to its next year."""
        # As if the day had been written: what depends on the next one follows.
        self.modified(["date"])
        self.flush_recordset()

    def _send_mails(self):
        """Queue the mails of these, and note for which day."""
        for template, dates in self.grouped("mail_template_id").items():
            # A contact with two such days has one mail.
            template.send_mail_batch(dates.partner_id.ids)
        for day, dates in self.grouped("next_date").items():
            dates.write({"mailed_for": day})
