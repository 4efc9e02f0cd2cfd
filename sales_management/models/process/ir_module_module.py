from odoo import models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def _load_module_terms(self, modules, langs, overwrite=False):
        """Bring the translations of templates to the stages, requirements and to-dos that they became."""
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        if "sales_management" in modules:
            self.env["sales.process.template"]._translate_all_applied()
        return result
