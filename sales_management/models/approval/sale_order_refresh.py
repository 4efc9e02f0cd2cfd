from odoo import api, models
from odoo.fields import Domain

BATCH = 200
#: Higher than any id: every open quotation has to be looked at.
ALL = 2**31 - 1


class SaleOrder(models.Model):
    """Open quotations that are looked at again when the rules were changed."""

    _inherit = "sale.order"

    @api.model
    def _refresh_approvals_later(self, company_ids):
        """Let the cron look at open quotations, where approval is on.

        :param set company_ids: companies of the rules that were changed, false for all
        """
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_approval_enabled")
        if enabled and False not in company_ids:
            # sudo: a rule of a company holds in its branches, which the editor need not see.
            branches = self.env["res.company"].sudo().search([("id", "child_of", list(company_ids))])
            enabled = enabled.intersection(branches.ids)
        if enabled:
            # sudo: whoever may edit rules may have them followed.
            self.env["res.company"].sudo().browse(enabled).approval_refresh_id = ALL
            self.env.ref("sales_management.ir_cron_refresh_approval").sudo()._trigger()

    @api.model
    def _cron_refresh_approvals(self):
        """Look at open quotations again, the newest first, and go on where the last run was interrupted."""
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_approval_enabled")
        for company in self.env["res.company"].browse(enabled).filtered("approval_refresh_id"):
            domain = Domain("company_id", "=", company.id) & Domain("state", "in", ("draft", "sent"))
            while company.approval_refresh_id:
                orders = self.search(
                    domain & Domain("id", "<=", company.approval_refresh_id), order="id desc", limit=BATCH
                )
                orders._refresh_approval()
                is_last = len(orders) < BATCH
                company.approval_refresh_id = 0 if is_last else orders[-1].id - 1
                left = 0 if is_last else self.search_count(domain & Domain("id", "<=", company.approval_refresh_id))
                if not self.env["ir.cron"]._commit_progress(len(orders), remaining=left) and left:
                    return
