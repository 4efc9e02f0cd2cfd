from odoo import api, fields, models
from odoo.tools import SQL


class SalesDeliveryReport(models.Model):
    """Committed sales order lines that are delivered, or should be: how many came on time and in full.

    Measured against the first commitment, so that a date moved afterwards makes nothing look better than it was.
    """

    _name = "sales.delivery.report"
    _inherit = ["sales.report.mixin"]
    _description = "Delivery Figures"
    _auto = False
    _order = "first_date desc, id desc"
    _rec_name = "order_id"

    _depends = {
        "sales.promise.fact": [
            "committed_date",
            "effective_date",
            "kind",
            "line_id",
            "moment",
            "quantity",
            "vendor_id",
        ],
        "sale.order": ["date_order", "partner_id", "state", "team_id", "user_id"],
        "sale.order.line": [
            "company_id",
            "order_id",
            "product_id",
            "product_uom_id",
            "product_uom_qty",
            "promise_committed_date",
            "qty_delivered",
            "warehouse_id",
        ],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id", "uom_id"],
        "res.company": ["partner_id"],
        "res.partner": ["commercial_partner_id", "tz"],
        "stock.move": ["sale_line_id", "state"],
        "stock.warehouse": ["partner_id"],
        "uom.uom": ["factor"],
    }

    line_id = fields.Many2one("sale.order.line", string="Sales Order Line", readonly=True)
    order_id = fields.Many2one("sale.order", string="Sales Order", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True, help="The company that ordered.")
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", string="Product Category", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    vendor_id = fields.Many2one(
        "res.partner", readonly=True, help="Who was to supply what the date waited for when it was committed."
    )
    first_date = fields.Datetime(
        string="First Commitment",
        readonly=True,
        help="The date that the customer ordered on: the one committed when the order was confirmed, or the first one "
        "committed afterwards. Later changes and withdrawals do not alter it.",
    )
    last_date = fields.Datetime(
        string="Current Commitment", readonly=True, help="The date committed to the customer now."
    )
    effective_date = fields.Datetime(
        string="Delivered On",
        readonly=True,
        help="When the delivery was done that completed the ordered quantity; of a line whose remainder was cancelled, "
        "the last delivery. None as long as more is to come.",
    )
    progress = fields.Selection(
        [("full", "Delivered in Full"), ("short", "Delivered Short"), ("overdue", "Overdue")],
        readonly=True,
        help="In full: all that is ordered. Short: a part, and nothing more is to come. Overdue: the committed day is "
        "past, and something is still to come.",
    )
    ordered_quantity = fields.Float(digits="Product Unit", readonly=True, help="In the unit of the product.")
    delivered_quantity = fields.Float(
        digits="Product Unit", readonly=True, help="In the unit of the product; what came back is taken off."
    )
    line_count = fields.Integer(
        string="Lines",
        readonly=True,
        aggregator="sum",
        help="Committed lines of confirmed orders that are delivered or overdue, by their first commitment.",
    )
    is_on_time = fields.Boolean(
        string="On Time",
        readonly=True,
        help="Delivered on or before the day first committed, in the zone of the warehouse.",
    )
    is_in_full = fields.Boolean(string="In Full", readonly=True, help="All of the ordered quantity is delivered.")
    is_otif = fields.Boolean(
        string="On Time in Full",
        readonly=True,
        help="All of the ordered quantity was delivered on or before the day first committed.",
    )
    otif_rate = fields.Float(
        string="On Time in Full (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Share of the lines of which all of the ordered quantity was delivered on or before the day first "
        "committed, in the zone of the warehouse.",
    )
    on_time_rate = fields.Float(
        string="On Time (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Share of the lines whose delivery was done on or before the day first committed, even if a part of the "
        "quantity was cancelled. A line with more to come is not on time once its day is past.",
    )
    in_full_rate = fields.Float(
        string="In Full (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Share of the lines of which all of the ordered quantity is delivered, late or not.",
    )
    current_otif_rate = fields.Float(
        string="By Current Date (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="The same as On Time in Full, measured against the current commitment instead of the first one: the "
        "difference is what was promised anew. A line whose commitment was withdrawn counts as late.",
    )
    days_late = fields.Float(
        string="Ø Days Late",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Days from the day first committed to that of the delivery, or to today as long as more is to come; 0 for "
        "what was early or on time. Days of the zone of the warehouse.",
    )

    # === Actions === #

    @api.readonly
    def action_open_order(self):
        """Open the order of a row.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        return self.order_id.get_formview_action()

    # === Query === #

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT row.*,
                   1 AS line_count,
                   row.effective_day <= row.first_day AND row.progress = 'full' AS is_otif,
                   COALESCE(row.effective_day <= row.first_day, FALSE) AS is_on_time,
                   row.progress = 'full' AS is_in_full,
                   100.0 * (row.effective_day <= row.first_day AND row.progress = 'full')::int AS otif_rate,
                   100.0 * COALESCE(row.effective_day <= row.first_day, FALSE)::int AS on_time_rate,
                   100.0 * (row.progress = 'full')::int AS in_full_rate,
                   100.0 * COALESCE(row.effective_day <= row.last_day AND row.progress = 'full', FALSE)::int
                        AS current_otif_rate,
                   GREATEST(COALESCE(row.effective_day, row.today) - row.first_day, 0) AS days_late
              FROM (%s) row
             WHERE row.progress IS NOT NULL
            """,
            self._select_rows(),
        )

    def _select_rows(self) -> SQL:
        """Committed lines with their days; ``progress`` tells which of them count."""
        return SQL(
            """
            SELECT measured.*,
                   %(effective)s AS effective_date,
                   (%(effective)s AT TIME ZONE 'UTC' AT TIME ZONE measured.tz)::date AS effective_day,
                   CASE WHEN measured.full_at IS NOT NULL THEN 'full'
                        -- Delivered while nobody kept facts.
                        WHEN measured.was_delivered THEN NULL
                        WHEN NOT measured.is_open THEN CASE WHEN measured.delivered_quantity > 0 THEN 'short' END
                        WHEN measured.first_day < measured.today THEN 'overdue' END AS progress
              FROM (%(measured)s) measured
            """,
            effective=SQL("COALESCE(measured.full_at, CASE WHEN NOT measured.is_open THEN measured.last_at END)"),
            measured=self._select_measured(),
        )

    def _select_measured(self) -> SQL:
        return SQL(
            """
            SELECT line.id, line.id AS line_id, line.order_id, line.company_id, line.product_id, line.warehouse_id,
                   template.categ_id, partner.commercial_partner_id AS partner_id, o.team_id, o.user_id,
                   commitment.vendor_id, commitment.committed_date AS first_date,
                   line.promise_committed_date AS last_date,
                   (commitment.committed_date AT TIME ZONE 'UTC' AT TIME ZONE zone.tz)::date AS first_day,
                   (line.promise_committed_date AT TIME ZONE 'UTC' AT TIME ZONE zone.tz)::date AS last_day,
                   (%(now)s AT TIME ZONE 'UTC' AT TIME ZONE zone.tz)::date AS today,
                   zone.tz, %(wanted)s AS ordered_quantity,
                   COALESCE(delivery.quantity, 0) AS delivered_quantity, delivery.full_at, delivery.last_at,
                   line.qty_delivered >= line.product_uom_qty AS was_delivered,
                   EXISTS (
                       SELECT FROM stock_move move
                        WHERE move.sale_line_id = line.id AND move.state NOT IN ('done', 'cancel')
                       -- Asked for few lines: without this, PostgreSQL would read all moves at once.
                       OFFSET 0
                   ) AS is_open
              FROM (%(commitments)s) standing
              JOIN sales_promise_fact commitment ON commitment.id = standing.fact_id
              JOIN sale_order_line line ON line.id = standing.line_id
              JOIN sale_order o ON o.id = line.order_id
         LEFT JOIN res_partner partner ON partner.id = o.partner_id
         LEFT JOIN product_product product ON product.id = line.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
         LEFT JOIN uom_uom line_uom ON line_uom.id = line.product_uom_id
         LEFT JOIN uom_uom uom ON uom.id = template.uom_id
                   %(zone)s
         LEFT JOIN (%(deliveries)s) delivery ON delivery.line_id = line.id
             WHERE o.state = 'sale' AND line.product_uom_qty > 0
            """,
            now=self.env.cr.now(),
            wanted=self._select_wanted(),
            zone=self._join_zone(),
            commitments=self._select_commitments(),
            deliveries=self._select_deliveries(),
        )

    def _select_wanted(self) -> SQL:
        """What a line wants, in the unit of the product."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return SQL("ROUND((line.product_uom_qty * line_uom.factor / uom.factor)::numeric, %s)", digits)

    def _join_zone(self) -> SQL:
        """The zone whose days the warehouse counts, as the engine has it."""
        return SQL(
            """
              JOIN res_company company ON company.id = line.company_id
              JOIN res_partner office ON office.id = company.partner_id
         LEFT JOIN stock_warehouse warehouse ON warehouse.id = line.warehouse_id
         LEFT JOIN res_partner address ON address.id = warehouse.partner_id
        CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(address.tz, ''), NULLIF(office.tz, ''), 'UTC') AS tz) zone
            """
        )

    def _select_commitments(self) -> SQL:
        """By line, the commitment that stood when the order was confirmed, else the first one after."""
        return SQL(
            """
            SELECT told.line_id, LEAST(CASE WHEN told.withdrawn_id > told.stood_id THEN NULL ELSE told.stood_id END,
                                       told.after_id) AS fact_id
              FROM (
                   SELECT fact.line_id,
                          max(fact.id) FILTER (WHERE %(is_before)s AND fact.kind != 'withdrawn') AS stood_id,
                          max(fact.id) FILTER (WHERE %(is_before)s AND fact.kind = 'withdrawn') AS withdrawn_id,
                          min(fact.id) FILTER (WHERE NOT %(is_before)s AND fact.kind != 'withdrawn') AS after_id
                     FROM sales_promise_fact fact
                     JOIN sale_order o ON o.id = fact.order_id
                    WHERE fact.kind IN ('committed', 'changed', 'withdrawn')
                 GROUP BY fact.line_id
                   ) told
            """,
            is_before=SQL("fact.moment <= o.date_order"),
        )

    def _select_deliveries(self) -> SQL:
        """By line, what was delivered, when for the last time, and when all of it was for the first time."""
        return SQL(
            """
            SELECT part.line_id, SUM(part.quantity) AS quantity,
                   MAX(part.effective_date) FILTER (WHERE part.quantity > 0) AS last_at,
                   MIN(part.effective_date) FILTER (WHERE part.running >= part.wanted) AS full_at
              FROM (
                   SELECT fact.line_id, fact.quantity, fact.effective_date, %(wanted)s AS wanted,
                          ROUND((SUM(fact.quantity) OVER (PARTITION BY fact.line_id ORDER BY fact.id))::numeric,
                                %(digits)s) AS running
                     FROM sales_promise_fact fact
                     JOIN sale_order_line line ON line.id = fact.line_id
                     JOIN product_product product ON product.id = line.product_id
                     JOIN product_template template ON template.id = product.product_tmpl_id
                     JOIN uom_uom line_uom ON line_uom.id = line.product_uom_id
                     JOIN uom_uom uom ON uom.id = template.uom_id
                    WHERE fact.kind = 'delivered'
                   ) part
          GROUP BY part.line_id
            """,
            wanted=self._select_wanted(),
            digits=self.env["decimal.precision"].precision_get("Product Unit"),
        )
