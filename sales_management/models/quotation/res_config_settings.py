from odoo import fields, models

#: Rules that keep from customers what may not go to them.
PORTAL_RULES = ("sale_order_rule_portal_released", "sale_order_line_rule_portal_released")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    is_portal_limited = fields.Boolean(
        string="Limit the Programming Interface",
        compute="_compute_is_portal_limited",
        inverse="_inverse_is_portal_limited",
        help="Portal users read over the programming interface only orders and what may go to them. Off: all their "
        "quotations, drafts too, as without this app. The pages of the portal stay as they are.",
    )

    # === Computes === #

    def _compute_is_portal_limited(self):
        self.is_portal_limited = all(self._get_portal_rules().mapped("active"))

    def _inverse_is_portal_limited(self):
        for settings in self:
            rules = self._get_portal_rules()
            rules.active = settings.is_portal_limited

    def _get_portal_rules(self):
        rules = self.env["ir.rule"]
        for name in PORTAL_RULES:
            # An administrator may have deleted one.
            rules |= self.env.ref(f"sales_management.{name}", raise_if_not_found=False) or rules
        return rules
