from odoo import api, fields, models

KINDS = [
    ("promised", "Promised"),
    ("committed", "Committed"),
    ("changed", "Commitment Changed"),
    ("withdrawn", "Commitment Withdrawn"),
    ("slipped", "At Risk"),
    ("recovered", "Can Be Held Again"),
    ("delivered", "Delivered"),
]


class SalesPromiseFact(models.Model):
    """What was promised, committed and delivered, and when that was known: never changed."""

    _name = "sales.promise.fact"
    _inherit = ["sales.fact.mixin"]
    _description = "Promise"
    _order = "id desc"
    _rec_name = "order_name"

    _fact_links = ("line_id", "order_id", "product_id", "partner_id", "warehouse_id", "team_id", "vendor_id", "user_id")
    _fact_texts = ("order_name", "reason")

    kind = fields.Selection(KINDS, required=True, readonly=True)
    line_id = fields.Many2one(
        "sale.order.line", string="Sales Order Line", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    order_id = fields.Many2one(
        "sale.order", string="Sales Order", required=True, readonly=True, ondelete="cascade", index=True
    )
    order_name = fields.Char(string="Number", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    product_id = fields.Many2one("product.product", readonly=True, ondelete="set null")
    product_name = fields.Char(string="Name of the Product", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True, ondelete="set null")
    partner_name = fields.Char(string="Name of the Customer", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True, ondelete="set null")
    warehouse_name = fields.Char(string="Name of the Warehouse", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True, ondelete="set null")
    team_name = fields.Char(string="Name of the Team", readonly=True)
    vendor_id = fields.Many2one(
        "res.partner", readonly=True, ondelete="set null", help="Who supplies what it waits for."
    )
    vendor_name = fields.Char(string="Name of the Vendor", readonly=True)
    user_id = fields.Many2one("res.users", string="Recorded By", readonly=True, ondelete="set null")
    user_name = fields.Char(string="Name", readonly=True)
    moment = fields.Datetime(string="On", required=True, readonly=True, default=fields.Datetime.now)
    quantity = fields.Float(digits="Product Unit", readonly=True, help="In the unit of the product.")
    promise_date = fields.Datetime(readonly=True, help="Earliest date for the full quantity, as it was known then.")
    committed_date = fields.Datetime(readonly=True, help="Date that a person confirmed to the customer.")
    former_date = fields.Datetime(readonly=True, help="Committed date before this change.")
    effective_date = fields.Datetime(readonly=True, help="When goods were delivered.")
    confidence = fields.Char(readonly=True, help="From a, on hand, to e, a lead time only.")
    reason = fields.Char(readonly=True, help="What the date waited for, or why it was changed.")

    @api.model
    def _record(self, kind, lines, **values):
        """Record what happened to sales order lines; the caller has checked that it did.

        :param str kind: one of ``KINDS``
        :param sale.order.line lines: of one or many orders
        :param values: further fields, a value for all lines or a dictionary by line
        :rtype: sales.promise.fact
        """
        return self._add_facts(
            [
                line._prepare_promise_fact_values(kind)
                | {name: value.get(line) if isinstance(value, dict) else value for name, value in values.items()}
                for line in lines
            ]
        )
