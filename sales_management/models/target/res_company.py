from odoo import api, fields, models
from odoo.tools import ormcache

#: What the amounts of targets and boards say.
TAXES = [("excluded", "Without Tax"), ("included", "With Tax")]


class ResCompany(models.Model):
    """Whether a company has targets, and how its months and amounts are counted."""

    _inherit = "res.company"

    sales_target_enabled = fields.Boolean(
        string="Targets",
        help="What is wanted of sales, by period, team and person, against what was reached. Off: nothing is computed.",
    )
    sales_month_start = fields.Integer(
        string="A Month Begins On",
        default=1,
        help="Day of the month from which the months of targets and boards count, from 1 to 28. A month that begins on "
        "the 26th is called by the month in which it begins. Targets that are there keep their days.",
    )
    sales_amount_tax = fields.Selection(
        TAXES,
        string="Amounts of Targets and Boards",
        default="excluded",
        help="Whether orders, invoices and payments count without their tax or with it. Margins have none.",
    )

    sales_scorecard_ranking = fields.Boolean(
        string="Show Ranks",
        help="People see their place in the team on their scorecard. Leaders and managers see it in any case.",
    )
    sales_target_mirror = fields.Boolean(
        string="Show on the Cards of Teams",
        help="The invoicing target of a team for the current month is also the one that its card in CRM shows.",
    )

    _sales_month_start_check = models.Constraint(
        "CHECK (COALESCE(sales_month_start, 1) BETWEEN 1 AND 28)",
        "A month begins on a day that every month has: enter a number from 1 to 28.",
    )

    # === ORM === #

    def write(self, vals):
        result = super().write(vals)
        if not {"sales_amount_tax", "sales_month_start"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    def _after_switches_written(self, names):
        result = super()._after_switches_written(names)
        if "sales_target_enabled" in names and any(company.sales_target_enabled for company in self):
            # sudo: whoever may switch targets on need not manage stages.
            self.env["crm.stage"].sudo()._fill_forecast_categories()
        return result

    # === Switches === #

    @api.model
    def _get_capability_groups(self):
        return super()._get_capability_groups() | {"sales_target_enabled": "sales_management.group_target"}

    # === Months === #

    @api.model
    @ormcache()
    def _get_month_starts(self):
        """Days on which months begin in any company, cached.

        :rtype: tuple[int, ...]
        """
        # sudo: what a company counts is the same for everybody.
        companies = self.sudo().with_context(active_test=False)
        found = companies._read_group([("sales_month_start", ">", 1)], ["sales_month_start"])
        return (1, *(start for (start,) in found))

    # === Tax === #

    def _get_amount_tax_label(self, tax=None):
        """
        :param str | None tax: how amounts were counted; none for how the company counts them today
        :return: the words to stand beside each amount of targets and boards: whether tax is in it
        :rtype: str
        """
        self.ensure_one()
        return self.env._("incl. tax") if (tax or self.sales_amount_tax) == "included" else self.env._("excl. tax")

    @api.model
    @ormcache()
    def _get_taxed_company_ids(self):
        """Companies whose amounts are with tax, cached.

        :rtype: tuple[int, ...]
        """
        # sudo: what a company counts is the same for everybody.
        return tuple(self.sudo().with_context(active_test=False).search([("sales_amount_tax", "=", "included")]).ids)
