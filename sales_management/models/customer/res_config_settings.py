from odoo import models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # === Actions === #

    def action_open_customer_limits(self):
        """Open from where on a customer is good, matters or leaves: one form, for its numbers only fit together.

        :return: the form of the company
        :rtype: dict
        """
        self.ensure_one()
        view = self.env.ref("sales_management.res_company_view_form_customer_limits")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Limits of %(company)s", company=self.company_id.name),
            "res_model": "res.company",
            "res_id": self.company_id.id,
            "views": [[view.id, "form"]],
            "target": "new",
        }
