from odoo import api, fields, models


class SalesPromiseAsk(models.TransientModel):
    """Asks what production should know, before it is asked. It asks by the lines, which check the caller."""

    _name = "sales.promise.ask"
    _description = "Ask Production"

    line_ids = fields.Many2many("sale.order.line", string="Lines", required=True)
    summary = fields.Text(compute="_compute_summary")
    wished_date = fields.Date(compute="_compute_wished_date", store=True, readonly=False)
    planner_names = fields.Char(string="Asked", compute="_compute_planner_names")
    note = fields.Char(string="What the planner should know")

    # === Computes === #

    @api.depends("line_ids")
    def _compute_summary(self):
        for ask in self:
            ask.summary = "\n".join(
                f"{line.product_uom_qty:g} {line.product_uom_id.name} · {line.product_id.display_name}"
                for line in ask._get_lines()
            )

    @api.depends("line_ids")
    def _compute_wished_date(self):
        for ask in self:
            orders = ask._get_lines().order_id
            ask.wished_date = orders.promise_requested_date if len(orders) == 1 else False

    @api.depends("line_ids")
    def _compute_planner_names(self):
        for ask in self:
            planners = ask._get_lines()._get_planners().values()
            ask.planner_names = ", ".join({planner.name for planner in planners if planner}) or False

    # === Actions === #

    def action_ask(self):
        """Ask about these lines.

        :return: action that closes the dialog
        :rtype: dict
        :raise UserError: where there is nothing to ask about, or nobody to ask
        """
        self._get_lines()._ask_production(self.wished_date, self.note)
        return {"type": "ir.actions.act_window_close"}

    # === Tools === #

    def _get_lines(self):
        self.ensure_one()
        lines = self.line_ids._origin
        lines.check_access("read")
        return lines
