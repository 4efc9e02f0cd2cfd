import json

from odoo import api, models
from odoo.fields import Command
from odoo.tools.translate import code_translations

#: What dashboards say of tax and the measures they take, and what stands there where a company counts with tax.
INCLUDED = {"excl. tax": "incl. tax", "amount_untaxed": "amount_total"}
#: Dashboards of the addon, which are published by the switch.
NAMES = ("sales_board", "process_board", "target_board")


class SpreadsheetDashboard(models.Model):
    """The boards of sales: shown where a company has them, with amounts as the company counts them."""

    _inherit = "spreadsheet.dashboard"

    def _get_serialized_readonly_dashboard(self):
        serialized = super()._get_serialized_readonly_dashboard()
        if self not in self._get_sales_dashboards():
            return serialized
        if self.env.company.sales_amount_tax == "included":
            for word, included in INCLUDED.items():
                serialized = serialized.replace(word, included)
        return self._translate_filters(serialized)

    @api.model
    def _translate_filters(self, serialized):
        """Odoo translates the labels of filters where one chooses them, and not where it shows what was chosen."""
        terms = code_translations.get_web_translations("sales_management", self.env.user.lang or "en_US")["messages"]
        translations = {term["id"]: term["string"] for term in terms}
        data = json.loads(serialized)
        for each in data["snapshot"].get("globalFilters", ()):
            each["label"] = translations.get(each["label"], each["label"])
        return json.dumps(data)

    @api.model
    def _get_sales_dashboards(self):
        """:return: the boards of sales that were not deleted
        :rtype: spreadsheet.dashboard
        """
        references = (f"sales_management.spreadsheet_dashboard_{name}" for name in NAMES)
        ids = [self.env["ir.model.data"]._xmlid_to_res_id(reference) for reference in references]
        return self.browse(filter(None, ids))

    @api.model
    def _publish_sales_dashboards(self):
        """Show the boards of sales to the companies that have them, and to nobody where none has."""
        company_ids = self.env["res.company"]._get_enabled_company_ids("sales_reporting_enabled")
        # sudo: whoever may switch reports on shows the boards with it, and need not be an administrator of dashboards.
        self.sudo()._get_sales_dashboards().write(
            {"is_published": bool(company_ids), "company_ids": [Command.set(sorted(company_ids))]}
        )
