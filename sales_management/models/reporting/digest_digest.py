from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.sales_management.const import MONEY_METRICS

#: Figures of results, by the name of their field.
RESULT_KPIS = {
    "kpi_sales_ordered": "ordered",
    "kpi_sales_invoiced": "invoiced",
    "kpi_sales_collected": "collected",
    "kpi_sales_margin": "margin",
    "kpi_sales_new_customers": "new_customers",
    "kpi_sales_won_deals": "won_deals",
}
#: Rates, by the name of their field.
RATE_KPIS = {"kpi_sales_win_rate": "win_rate"}
#: What the values of a period hang on: core reads them for one period after the other.
PERIOD = ("start_datetime", "end_datetime", "uid", "allowed_company_ids")


class DigestDigest(models.Model):
    """Figures of sales in core's digest: of whole days by the clock of the company, up to yesterday."""

    _inherit = "digest.digest"

    kpi_sales_ordered = fields.Boolean(string="Ordered", help="Orders that were confirmed.")
    kpi_sales_ordered_value = fields.Monetary(compute="_compute_sales_results")
    kpi_sales_invoiced = fields.Boolean(string="Invoiced", help="Posted invoices less refunds.")
    kpi_sales_invoiced_value = fields.Monetary(compute="_compute_sales_results")
    kpi_sales_collected = fields.Boolean(
        string="Collected",
        help="Money in: what is matched with an invoice on the later day of both, the rest on the day of the payment.",
    )
    kpi_sales_collected_value = fields.Monetary(compute="_compute_sales_results")
    kpi_sales_margin = fields.Boolean(string="Margin", help="Margin of orders that were confirmed, without tax.")
    kpi_sales_margin_value = fields.Monetary(compute="_compute_sales_results")
    kpi_sales_new_customers = fields.Boolean(string="New Customers", help="Customers who ordered for the first time.")
    kpi_sales_new_customers_value = fields.Integer(compute="_compute_sales_results")
    kpi_sales_won_deals = fields.Boolean(string="Won Deals", help="Deals that were won.")
    kpi_sales_won_deals_value = fields.Integer(compute="_compute_sales_results")
    kpi_sales_win_rate = fields.Boolean(
        string="Win Rate (%)", help="Won deals ÷ won and lost deals. Zero where none was closed."
    )
    kpi_sales_win_rate_value = fields.Float(compute="_compute_sales_rates")

    # === Computes === #

    @api.depends_context(*PERIOD)
    def _compute_sales_results(self):
        for digest, company, first, last in self._iter_sales_periods():
            domain = (
                Domain("metric", "in", list(RESULT_KPIS.values()))
                & Domain("company_id", "=", company.id)
                & Domain("date", ">=", first)
                & Domain("date", "<=", last)
            )
            values = dict(digest.env["sales.result"]._read_group(domain, ["metric"], ["amount:sum"]))
            for name, metric in RESULT_KPIS.items():
                digest[f"{name}_value"] = values.get(metric, 0)

    @api.depends_context(*PERIOD)
    def _compute_sales_rates(self):
        for digest, company, first, last in self._iter_sales_periods():
            values = digest.env["sales.indicator"]._get_values(list(RATE_KPIS.values()), company, first, last)
            for name, code in RATE_KPIS.items():
                digest[f"{name}_value"] = values[code].get(None, 0)

    def _iter_sales_periods(self):
        """Each digest with its company, and the first and last whole day of the period that core asks for.

        :raise AccessError: for whom core is to leave the figures out: without the right, or switched off
        """
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_reporting_enabled")
        for digest in self:
            company = digest.company_id or self.env.company
            if company.id not in enabled or not self.env["sales.result"].has_access("read"):
                raise AccessError(self.env._("Sales reports are not for you, or are switched off."))
            zone = company._get_sales_zone()
            first, end = (
                pytz.utc.localize(fields.Datetime.to_datetime(moment)).astimezone(zone).date()
                for moment in self._get_kpi_compute_parameters()[:2]
            )
            yield digest, company, first, end - timedelta(days=1)

    # === Digest === #

    def _compute_kpis(self, company, user):
        """Say of each amount whether tax is in it."""
        kpis = super()._compute_kpis(company, user)
        counted = self.company_id or company
        labels = {
            name: self.env._("excl. tax") if metric == "margin" else counted._get_amount_tax_label()
            for name, metric in RESULT_KPIS.items()
            if metric in MONEY_METRICS
        }
        for kpi in kpis:
            if label := labels.get(kpi["kpi_name"]):
                kpi["kpi_fullname"] = self.env._("%(figure)s (%(tax)s)", figure=kpi["kpi_fullname"], tax=label)
        return kpis

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("sales_management.sales_result_menu").id
        results = f"sales_management.sales_result_action?menu_id={menu}"
        leads = f"crm.crm_lead_action_pipeline?menu_id={self.env.ref('crm.crm_menu_root').id}"
        return actions | dict.fromkeys(RESULT_KPIS, results) | dict.fromkeys(RATE_KPIS, leads)
