from odoo import api, fields, models

from odoo.addons.sales_management.const import FORECAST_CATEGORIES


class CrmLead(models.Model):
    """Who gets credit for a deal, and how sure it is."""

    _inherit = "crm.lead"

    credit_ids = fields.One2many(
        "sales.deal.credit",
        "lead_id",
        string="Shared Credit",
        groups="base.group_user",
        help="Others who get credit for it. Targets count orders, invoices, payments and the win of the deal by these "
        "shares, in the team of the document; the rest is the salesperson's.",
    )
    forecast_override = fields.Selection(
        [choice for choice in FORECAST_CATEGORIES if choice[0] != "closed"],
        string="Own Judgement",
        copy=False,
        tracking=True,
        help="What the salesperson thinks of it, whatever its stage says. Empty: as the stage says.",
    )
    forecast_category = fields.Selection(
        FORECAST_CATEGORIES,
        string="Forecast",
        compute="_compute_forecast_category",
        search="_search_forecast_category",
        help="Where the forecast counts the deal: closed once won, omitted once lost, else the salesperson's own "
        "judgement, else that of the stage.",
    )

    # === Computes === #

    @api.depends("won_status", "forecast_override", "stage_id.forecast_category")
    def _compute_forecast_category(self):
        for lead in self:
            if lead.won_status == "pending":
                lead.forecast_category = lead.forecast_override or lead.stage_id.forecast_category or "pipeline"
            else:
                lead.forecast_category = "closed" if lead.won_status == "won" else "omitted"

    @api.model
    def _search_forecast_category(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = fields.Domain.FALSE
        if "closed" in value:
            domain |= fields.Domain("won_status", "=", "won")
        if "omitted" in value:
            domain |= fields.Domain("won_status", "=", "lost")
        own = fields.Domain("forecast_override", "in", list(value))
        by_stage = fields.Domain("stage_id.forecast_category", "in", list(value))
        if "pipeline" in value:
            by_stage |= fields.Domain("stage_id.forecast_category", "=", False)
        judged = own | (fields.Domain("forecast_override", "=", False) & by_stage)
        return domain | (fields.Domain("won_status", "=", "pending") & judged)
