from odoo import fields, models


class ResPartner(models.Model):
    """Customers that come from a spreadsheet with the date of their last contact."""

    _inherit = "res.partner"

    def _count_pool_from_contact(self):
        """Let the days of these new customers count from their contact, and not from when they came here.

        One whose time is over already is warned first. Where no warning is set, it keeps the days from today: nobody
        loses a customer on the first night.
        """
        if not self or not self.env["res.company"]._get_pool_company_ids():
            return
        since = {customer: customer.owner_since for customer in self}
        # sudo: nobody writes it by hand
        self.sudo().with_context(**self._get_pool_write_context()).write({"owner_since": False})
        today = fields.Date.today()
        company_ids, first = self.env["res.company"]._get_pool_companies()
        companies = self.env["res.company"].sudo().browse(company_ids)  # sudo: the rules of the pool are no secret
        dates = self._get_pool_dates()
        for customer in self:
            company = customer.company_id or companies.browse(first)
            warning = customer.customer_tier_id.pool_warning_days or company.customer_pool_warning_days
            if not warning and customer.id in dates and dates[customer.id] and dates[customer.id] <= today:
                customer.sudo().owner_since = since[customer]  # sudo: as above
