from odoo import api, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.sales_management.models.common.sales_handover import HandoverSource

_lt = LazyTranslate(__name__)


class SalesHandover(models.AbstractModel):
    """To-dos of deals, with the activities that mirror them. Those that a deal asks of its salesperson follow it."""

    _inherit = "sales.handover"

    @api.model
    def _get_handover_sources(self, user, companies):
        sources = super()._get_handover_sources(user, companies)
        if not self.env["res.company"]._get_enabled_company_ids("sales_process_enabled"):
            return sources
        tasks = self.env["sales.deal.task"]._search_open(
            [
                ("user_id", "=", user.id),
                ("lead_id.active", "=", True),
                ("lead_id.company_id", "in", [*companies.ids, False]),
            ]
        )
        customers = {task: task.lead_id.partner_id.commercial_partner_id or task.lead_id for task in tasks}
        return [*sources, HandoverSource("task", _lt("To-Dos"), tasks, customers, self._hand_over_tasks)]

    @api.model
    def _hand_over_tasks(self, tasks, successor, reason):
        # Those that came along with their deal are somebody's already.
        tasks = tasks.filtered(lambda task: task.state == "open" and task.user_id != successor)
        tasks.write({"user_id": successor.id})
        tasks._sync_mirrors()
