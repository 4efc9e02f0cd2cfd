from odoo import models


class ResUsers(models.Model):
    """Whoever leaves hands the to-dos on."""

    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if not vals.get("active", True) and self._is_process_used():
            self._get_open_tasks()._reassign()
        return result

    def unlink(self):
        if not self._is_process_used():
            return super().unlink()
        tasks = self._get_open_tasks()
        tasks._drop_mirrors()
        tasks.user_id = False
        result = super().unlink()
        tasks.exists()._reassign()
        return result

    def _is_process_used(self):
        return bool(self.env["res.company"]._get_enabled_company_ids("sales_process_enabled"))

    def _get_open_tasks(self):
        return self.env["sales.deal.task"]._search_open([("user_id", "in", self.ids)])
