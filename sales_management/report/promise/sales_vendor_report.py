from odoo import fields, models
from odoo.tools import SQL


class SalesVendorReport(models.Model):
    """Receipts from vendors that are done: how many days after their planned day they came.

    A percentile is computed from the rows of each group, never from the figures of its parts.
    """

    _name = "sales.vendor.report"
    _inherit = ["sales.report.mixin"]
    _description = "Vendor Reliability"
    _auto = False
    _order = "done_date desc, id desc"
    _rec_name = "vendor_id"

    _depends = {
        "stock.move": ["company_id", "date", "date_deadline", "location_id", "picking_id", "product_id", "state"],
        "stock.picking": ["name", "partner_id"],
        "stock.location": ["usage"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
        "res.company": ["partner_id"],
        "res.partner": ["commercial_partner_id", "tz"],
    }
    #: Percentile: the fraction of the days late that it ranks.
    _percentiles = {"p50_days": ("days_late", 0.5), "p90_days": ("days_late", 0.9)}

    move_id = fields.Many2one("stock.move", string="Receipt", readonly=True)
    picking_name = fields.Char(string="Transfer", readonly=True)
    vendor_id = fields.Many2one("res.partner", readonly=True, help="The company that delivered.")
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", string="Product Category", readonly=True)
    planned_date = fields.Datetime(
        readonly=True,
        help="When it was to come: the expected arrival of the purchase order line, or the deadline of a receipt "
        "without a purchase. Dates that somebody postponed count as postponed.",
    )
    done_date = fields.Datetime(string="Received On", readonly=True)
    days_late = fields.Float(
        string="Ø Days Late",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Days from the planned day to that of the receipt, of the zone of the company; below 0 for what was "
        "early.",
    )
    is_late = fields.Boolean(string="Late", readonly=True, help="Received after the planned day.")
    receipt_count = fields.Integer(
        string="Receipts",
        readonly=True,
        aggregator="sum",
        help="Receipts of one product each that are done and had a planned day.",
    )
    late_rate = fields.Float(
        string="Late (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Share of the receipts that came after their planned day.",
    )
    p50_days = fields.Float(
        string="Median Days Late",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Half of the receipts came so many days after their planned day, or sooner.",
    )
    p90_days = fields.Float(
        string="90% Within Days",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Nine out of ten receipts came so many days after their planned day, or sooner.",
    )

    # === Query === #

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT receipt.*,
                   receipt.days_late > 0 AS is_late,
                   1 AS receipt_count,
                   100.0 * (receipt.days_late > 0)::int AS late_rate,
                   receipt.days_late::float8 AS p50_days,
                   receipt.days_late::float8 AS p90_days
              FROM (%s) receipt
            """,
            self._select_receipts(),
        )

    def _select_receipts(self) -> SQL:
        """What vendors delivered. Purchase is none of what the addon needs: its tables are joined where they are."""
        return SQL(
            """
            SELECT move.id, move.id AS move_id, picking.name AS picking_name, move.company_id, move.product_id,
                   template.categ_id, partner.commercial_partner_id AS vendor_id,
                   %(planned)s AS planned_date, move.date AS done_date,
                   (move.date AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(NULLIF(office.tz, ''), 'UTC'))::date
                   - (%(planned)s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(NULLIF(office.tz, ''), 'UTC'))::date
                   AS days_late
              FROM stock_move move
              JOIN stock_location location ON location.id = move.location_id AND location.usage = 'supplier'
         LEFT JOIN stock_picking picking ON picking.id = move.picking_id
                   %(purchase)s
              JOIN res_partner partner ON partner.id = %(vendor)s
              JOIN product_product product ON product.id = move.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN res_company company ON company.id = move.company_id
              JOIN res_partner office ON office.id = company.partner_id
             WHERE move.state = 'done' AND %(planned)s IS NOT NULL
            """,
            **self._get_purchase_parts(),
        )

    def _get_purchase_parts(self):
        if "purchase_line_id" not in self.env["stock.move"]._fields:
            return {"planned": SQL("move.date_deadline"), "vendor": SQL("picking.partner_id"), "purchase": SQL()}
        # The table is there, but `_depends` may not name it: what is pending of it is written here.
        self.env["purchase.order.line"].flush_model(["date_planned", "partner_id"])
        self.env["stock.move"].flush_model(["purchase_line_id"])
        return {
            "planned": SQL("COALESCE(line.date_planned, move.date_deadline)"),
            "vendor": SQL("COALESCE(line.partner_id, picking.partner_id)"),
            "purchase": SQL("LEFT JOIN purchase_order_line line ON line.id = move.purchase_line_id"),
        }
