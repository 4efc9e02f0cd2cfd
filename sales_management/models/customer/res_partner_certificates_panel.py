from datetime import timedelta

from odoo import fields, models

from odoo.addons.sales_management.models.customer.res_partner_panel import PanelSource

#: Certificates that expire within so many days are shown.
DAYS = 30


class ResPartner(models.Model):
    """Certificates that somebody has to ask the customer for, at a glance."""

    _inherit = "res.partner"

    def _get_panel_sources(self):
        sources = super()._get_panel_sources()
        if self.env["sales.customer.certificate"].has_access("read"):
            day = fields.Date.to_string(fields.Date.context_today(self) + timedelta(days=DAYS))
            domain = [
                ("commercial_partner_id", "=", self.id),
                ("valid_to", "<=", day),
                ("is_renewed", "=", False),
                ("active", "=", True),
            ]
            sources["certificates"] = PanelSource(
                "sales.customer.certificate", self.env._("Certificates to Renew"), domain, tone="danger"
            )
        return sources
