from odoo import api, fields, models

from odoo.addons.sales_management.const import FORECAST_CATEGORIES


class CrmStage(models.Model):
    """How sure the deals of a stage are."""

    _inherit = "crm.stage"

    forecast_category = fields.Selection(
        [choice for choice in FORECAST_CATEGORIES if choice[0] != "closed"],
        help="Where the forecast counts the deals of this stage, unless their salesperson says otherwise. Pipeline: "
        "may come. Best case: comes if all goes well. Commit: is promised for its date. Omitted: counts nowhere. "
        "Empty: pipeline. Won deals are closed.",
    )

    @api.model
    def _fill_forecast_categories(self):
        """Begin with what stages usually mean, where nobody has said anything yet: the last before the win is a commit,
        the one before it a best case."""
        if self.search_count([("forecast_category", "!=", False)], limit=1):
            return
        stages = self.search([("is_won", "=", False)], order="sequence, id")
        if len(stages) > 2:
            stages[-1].forecast_category = "commit"
            stages[-2].forecast_category = "best_case"
