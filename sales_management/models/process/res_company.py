from odoo import api, fields, models
from odoo.tools import ormcache


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_process_enabled = fields.Boolean(
        string="Staged Sales Process",
        help="Requirements of stages, deadlines and escalation hold for the deals of this company. Switched on, "
        "nothing starts for deals that are there already: they meet it with their next move.",
    )
    won_on_confirm = fields.Boolean(
        string="Win Deals by Their Orders",
        help="Confirming an order sets its deal won, when nothing stands in the way; else a to-do says what is "
        "missing. Cancelling the order later leaves the deal won.",
    )
    process_skip_rate_target = fields.Float(
        string="Wanted Skip Rate (%)",
        default=5.0,
        digits=(5, 1),
        help="The share of deals that skip stages is to stay under this, in percent.",
    )
    process_on_time_target = fields.Float(
        string="Wanted On-Time Rate (%)",
        default=85.0,
        digits=(5, 1),
        help="The share of to-dos that are done on time is to be over this, in percent.",
    )

    _process_targets_check = models.Constraint(
        "CHECK (process_skip_rate_target BETWEEN 0 AND 100 AND process_on_time_target BETWEEN 0 AND 100)",
        "What is wanted of the process is a percentage: enter a number from 0 to 100.",
    )

    # === Switches === #

    @api.model
    def _get_capability_groups(self):
        return super()._get_capability_groups() | {"sales_process_enabled": "sales_management.group_process"}

    def _after_switches_written(self, names):
        result = super()._after_switches_written(names)
        if "won_on_confirm" in names:
            self.env.registry.clear_cache()
        if "sales_process_enabled" in names:
            # Switched on again one day, the process must not find to-dos that are late since nobody looked after them.
            off = self.filtered(lambda company: not company.sales_process_enabled)
            self.env["sales.deal.task"]._search_open([("company_id", "in", off.ids)])._cancel()
        return result

    def write(self, vals):
        starting = self.browse()
        if vals.get("sales_process_enabled"):
            starting = self.filtered(lambda company: not company.sales_process_enabled)
        result = super().write(vals)
        if starting:
            self.env["crm.lead"]._fill_contacts(starting.ids)
        return result

    @api.model
    @ormcache()
    def _get_every_company_id(self):
        """:return: ids of all companies, cached: where there is one, no deal is asked which is its own
        :rtype: frozenset[int]
        """
        # sudo: how many companies there are is the same for everybody.
        return frozenset(self.sudo().with_context(active_test=False).search([("id", "!=", False)]).ids)
