from markupsafe import Markup

from odoo import api, models


class CrmLead(models.Model):
    """A pipeline without any deal offers managers a process to begin with."""

    _inherit = "crm.lead"

    @api.model
    def get_empty_list_help(self, help_message):
        help_message = super().get_empty_list_help(help_message)
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            return help_message
        template = self.env["sales.process.template"].search([("active", "=", True)], limit=1)
        if not template or self.env.company.sales_process_enabled or not template._is_offered():
            return help_message
        offer = Markup("<p>{} <a href='/odoo/sales-setup' class='btn btn-secondary'>{}</a></p>").format(
            self.env._("Begin with a sales process that is ready to use: %(template)s.", template=template.name),
            self.env._("Open Setup"),
        )
        return Markup(help_message) + offer
