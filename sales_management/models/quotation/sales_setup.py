from odoo import api, models

from odoo.addons.sales_management.models.common.sales_setup import SetupState, SetupStep
from odoo.addons.sales_management.tools.server_fonts import PACKAGE, has_chinese_fonts


class SalesSetup(models.AbstractModel):
    """What the customer holds in hand: its code, its seal, and whether the server can print Chinese."""

    _inherit = "sales.setup"

    @api.model
    def _get_setup_steps(self):
        return [
            *super()._get_setup_steps(),
            SetupStep(
                "paper",
                50,
                self.env._("The Paper"),
                self.env._("A code that tells the valid quotation, the seal of the company, and amounts in capitals."),
            ),
        ]

    @api.model
    def _get_paper_setup_state(self):
        # sudo: a sales manager sets the paper up and need not be allowed to edit companies.
        company = self.env.company.sudo()
        if not company.sales_quotation_enabled:
            return SetupState(
                "off", self.env._("Nothing is printed yet."), self.env._("Switch On"), self._switch_quotation_on
            )
        can_print = has_chinese_fonts() is not False
        text = " · ".join(
            [
                self.env._("code on copies") if company.quotation_qr else self.env._("no code"),
                self.env._("seal") if company.quotation_seal else self.env._("no seal yet"),
                self.env._("capitals") if company.quotation_capitals else self.env._("no capitals"),
                self._describe_chinese_fonts(),
            ]
        )
        is_done = company.quotation_seal and can_print
        button = self.env._("Look at It") if is_done else self.env._("Set It Up")
        return SetupState("done" if is_done else "todo", text, button, self._open_paper_settings)

    @api.model
    def _describe_chinese_fonts(self):
        is_found = has_chinese_fonts()
        if is_found is None:
            return self.env._("Chinese fonts: not known")
        if is_found:
            return self.env._("Chinese fonts are there")
        return self.env._("no Chinese font on the server: install %(package)s", package=PACKAGE)

    @api.model
    def _switch_quotation_on(self):
        # sudo: as above
        self.env.company.sudo().sales_quotation_enabled = True
        return {"type": "ir.actions.client", "tag": "reload"}

    @api.model
    def _open_paper_settings(self):
        """The settings are for administrators: others are shown the quotations that these are for."""
        if self.env.user.has_group("base.group_system"):
            return self._prepare_setup_action("sales_management.res_config_settings_action")
        return self._prepare_setup_action("sale.action_quotations")
