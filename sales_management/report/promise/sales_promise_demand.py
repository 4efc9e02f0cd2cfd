from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.sales_management.const import NOTICEABLE_DAYS


class SalesPromiseDemand(models.Model):
    """What was promised to whom and is not delivered yet: for who sells it, and for who makes and ships it.

    No prices: people in production and in the warehouse read it without any right on sales.
    """

    _name = "sales.promise.demand"
    _description = "Promised Delivery"
    _auto = False
    _order = "committed_date, id"
    _rec_name = "order_name"

    _depends = {
        "crm.lead": ["deal_class_id"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id", "uom_id"],
        "sale.order": ["name", "opportunity_id", "partner_id", "team_id", "user_id"],
        "sale.order.line": [
            "company_id",
            "order_id",
            "product_id",
            "product_uom_id",
            "product_uom_qty",
            "promise_cause",
            "promise_committed_date",
            "promise_date",
            "promise_state",
            "qty_delivered",
            "state",
            "warehouse_id",
        ],
        "stock.move": ["sale_line_id", "state"],
        "uom.uom": ["factor"],
    }

    line_id = fields.Many2one("sale.order.line", string="Sales Order Line", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    order_name = fields.Char(string="Number", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    deal_class_id = fields.Many2one("sales.deal.class", readonly=True, help="How much the customer's deal matters.")
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", string="Product Category", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    quantity = fields.Float(
        string="To Deliver", digits="Product Unit", readonly=True, help="What is left, in the unit of the product."
    )
    uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    is_quotation = fields.Boolean(
        string="Quotation", readonly=True, help="Committed to in a quotation that is no order yet."
    )
    promise_state = fields.Selection(
        selection=lambda self: self.env["sale.order.line"]._fields["promise_state"]._description_selection(self.env),
        string="Status",
        readonly=True,
        help="Late: committed earlier than could be held. At risk: it could be held when it was committed, and can no "
        "longer.",
    )
    committed_date = fields.Datetime(
        readonly=True, help="When the customer was told that it comes. It changes only when a person changes it."
    )
    promise_date = fields.Datetime(
        string="New Date", readonly=True, help="Earliest date for the full quantity, as supply stands now."
    )
    delay_days = fields.Integer(
        string="Days Late",
        readonly=True,
        aggregator="max",
        help="Days from the committed to the new date. Negative: a better date is possible.",
    )
    is_better = fields.Boolean(
        string="Better Date Possible",
        readonly=True,
        help="It could come a day earlier or more. Nobody is told by itself.",
    )
    cause = fields.Char(readonly=True, help="Number of the document whose change made the committed date impossible.")
    production_names = fields.Char(
        string="Productions", readonly=True, help="Production orders that make exactly these goods, made to order."
    )

    # === Query === #

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT line.id, line.id AS line_id, line.order_id, sale.name AS order_name, line.company_id,
                   sale.partner_id, sale.user_id, sale.team_id, lead.deal_class_id, line.product_id, template.categ_id,
                   line.warehouse_id, template.uom_id,
                   (line.product_uom_qty - COALESCE(line.qty_delivered, 0)) * unit.factor / own.factor AS quantity,
                   line.state != 'sale' AS is_quotation,
                   line.promise_state, line.promise_committed_date AS committed_date, line.promise_date,
                   line.promise_date::date - line.promise_committed_date::date AS delay_days,
                   COALESCE(
                       line.promise_state = 'ok'
                       AND line.promise_date <= line.promise_committed_date - %(noticeable)s * INTERVAL '1 day', FALSE
                   ) AS is_better,
                   line.promise_cause AS cause, %(productions)s AS production_names
              FROM sale_order_line line
              JOIN sale_order sale ON sale.id = line.order_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom unit ON unit.id = line.product_uom_id
              JOIN uom_uom own ON own.id = template.uom_id
         LEFT JOIN crm_lead lead ON lead.id = sale.opportunity_id
             WHERE line.promise_committed_date IS NOT NULL
               AND line.company_id = ANY(%(companies)s)
               AND line.state IN ('draft', 'sent', 'sale')
               AND line.product_uom_qty > COALESCE(line.qty_delivered, 0)
                   -- What was delivered and came back, or is cancelled for the rest, is not to be delivered any more.
               AND (
                   NOT EXISTS (SELECT FROM stock_move move WHERE move.sale_line_id = line.id AND move.state = 'done')
                   OR EXISTS (
                       SELECT FROM stock_move move
                        WHERE move.sale_line_id = line.id AND move.state NOT IN ('done', 'cancel')
                   )
               )
            """,
            companies=list(self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")),
            noticeable=NOTICEABLE_DAYS,
            productions=self._select_productions(),
        )

    def _select_productions(self) -> SQL:
        """:return: numbers of the productions whose goods the delivery waits for"""
        if "mrp.production" not in self.env:
            return SQL("NULL::varchar")
        return SQL(
            """
            (
                SELECT string_agg(DISTINCT production.name, ', ')
                  FROM stock_move delivery
                  JOIN stock_move_move_rel link ON link.move_dest_id = delivery.id
                  JOIN stock_move made ON made.id = link.move_orig_id
                  JOIN mrp_production production ON production.id = made.production_id
                 WHERE delivery.sale_line_id = line.id
                   AND delivery.state NOT IN ('done', 'cancel')
            )
            """
        )

    # === Actions === #

    def action_open_document(self):
        """Open the order, for who sells; the delivery, for everybody else."""
        self.ensure_one()
        if self.env.user.has_group("sales_team.group_sale_salesman") and self.order_id.has_access("read"):
            return {
                "type": "ir.actions.act_window",
                "res_model": "sale.order",
                "res_id": self.order_id.id,
                "views": [[False, "form"]],
            }
        # sudo: which deliveries a line has, is no secret of sales; they open with the rights of the user.
        pickings = self.line_id.sudo().move_ids.picking_id.filtered(lambda picking: picking.state != "cancel")
        return {
            "type": "ir.actions.act_window",
            "name": self.order_name,
            "res_model": "stock.picking",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("id", "in", pickings.ids)],
        }

    def action_take_promised_date(self):
        """Commit to the dates that can be held now; the customer is told by whoever does it."""
        self.line_id.action_take_promised_date()
        self.invalidate_recordset()
        return True
