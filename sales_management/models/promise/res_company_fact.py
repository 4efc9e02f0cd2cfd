from odoo import api, fields, models
from odoo.tools import ormcache


class ResCompany(models.Model):
    """Whether promises learn from how late vendors were."""

    _inherit = "res.company"

    sales_promise_slips_used = fields.Boolean(
        string="Learn from Late Receipts",
        help="Beside a date that waits for a vendor stands by how many days nine out of ten of its receipts were late "
        "at most, over the last year. A vendor with fewer than five receipts counts as all vendors do.",
    )
    sales_promise_slip_days = fields.Integer(
        string="Unreliable From",
        default=3,
        help="If nine out of ten receipts of a vendor are not within so many days of their planned day, an "
        "acknowledged one is no surer than one that is not.",
    )

    _sales_promise_slip_days_not_negative = models.Constraint(
        "CHECK (sales_promise_slip_days >= 0)", "Days from which a vendor is unreliable cannot be negative."
    )

    # === Slips === #

    @api.model
    @ormcache()
    def _get_slip_limits(self):
        """Days from which a vendor is unreliable, by company that looks at past receipts; cached, as switches are.

        :rtype: dict[int, int]
        """
        # sudo: how a company reckons is the same for everybody.
        companies = self.sudo().search([("sales_promise_enabled", "=", True), ("sales_promise_slips_used", "=", True)])
        return {company.id: company.sales_promise_slip_days for company in companies}

    def _after_switches_written(self, names):
        result = super()._after_switches_written(names)
        if not {"sales_promise_slips_used", "sales_promise_slip_days"}.isdisjoint(names):
            self.env.registry.clear_cache()
        return result
