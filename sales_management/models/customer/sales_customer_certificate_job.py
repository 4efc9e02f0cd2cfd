from odoo import api, models
from odoo.fields import Domain


class SalesCustomerCertificate(models.Model):
    """The daily job: owners are reminded before the expiry, and what expired long ago moves to the archive."""

    _inherit = "sales.customer.certificate"

    # === Crons === #

    @api.model
    def _cron_follow_certificates(self):
        """Follow the certificates of all companies that use customers.

        May be interrupted and run again: what was done is noted with it, in the same transaction.
        """
        days = self._get_enabled_days()
        if not days:
            return
        # What no company alone asks for goes by the first one's day.
        first = min(company_ids[0] for company_ids in days.values())
        for get_domain, method in ((self._get_remind_domain, "_remind"), (self._get_archive_domain, "_archive")):
            domains = [
                get_domain(day) & Domain("company_id", "in", company_ids + ([False] if first in company_ids else []))
                for day, company_ids in days.items()
            ]
            if not self._work_off(Domain.OR(domains), method):
                return

    # === Domains === #

    @api.model
    def _get_remind_domain(self, today):
        """:return: what expires soon and has not: no clock starts for what expired before anybody looked"""
        return (
            Domain("remind_on", "<=", today)
            & Domain("valid_to", ">=", today)
            & Domain("is_renewed", "=", False)
            & Domain("commercial_partner_id.active", "=", True)
            & Domain("owner_id", "!=", False)
        )

    @api.model
    def _get_archive_domain(self, today):
        """:return: what expired long ago, or has been renewed by the time it expired"""
        is_over = Domain("valid_to", "<", today)
        return Domain("archive_on", "<=", today) | (is_over & Domain("is_renewed", "=", True))

    # === Steps === #

    def _archive(self):
        self.action_archive()
