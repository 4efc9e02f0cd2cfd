from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.sales_management.tools.co_purchase import CoPurchase, get_co_purchases, get_suggestions

#: Months whose confirmed orders are looked at.
MONTHS = 24
#: So many are suggested at most.
MOST = 5
#: No record has a number from here on.
BIGGEST = 2**31
COLUMNS = {"product_id": "int", "other_id": "int", "pair_count": "int", "product_count": "int"}
SHARES = {"confidence": "float8", "lift": "float8"}

FORGET = """
    DELETE FROM sales_product_pair
          WHERE company_id = %s
            AND (product_id, other_id) NOT IN (SELECT * FROM unnest(CAST(%s AS int[]), CAST(%s AS int[])))
"""
KEEP = """
    INSERT INTO sales_product_pair AS pair
                (company_id, create_uid, write_uid, create_date, write_date, %(names)s)
         SELECT %(company)s, %(uid)s, %(uid)s, %(now)s, %(now)s, new.*
           FROM unnest(%(new)s) AS new (%(names)s)
    ON CONFLICT (company_id, product_id, other_id) DO UPDATE
            SET pair_count = EXCLUDED.pair_count, product_count = EXCLUDED.product_count,
                confidence = EXCLUDED.confidence, lift = EXCLUDED.lift, write_date = EXCLUDED.write_date
          WHERE (pair.pair_count, pair.product_count, pair.confidence, pair.lift)
                IS DISTINCT FROM
                (EXCLUDED.pair_count, EXCLUDED.product_count, EXCLUDED.confidence, EXCLUDED.lift)
"""


class SalesProductPair(models.Model):
    """A product and another one that its buyers take along more often than chance has it, by company."""

    _name = "sales.product.pair"
    _description = "Products Bought Together"
    _order = "product_id, lift desc, id"

    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade", index=True)
    other_id = fields.Many2one(
        "product.product",
        string="Bought Together With",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    pair_count = fields.Integer(
        string="Orders with Both", readonly=True, help="Confirmed orders of the last 24 months that have both."
    )
    product_count = fields.Integer(
        string="Orders with the Product",
        readonly=True,
        help="Confirmed orders of the last 24 months that have the first one.",
    )
    confidence = fields.Float(
        string="Share of Orders",
        readonly=True,
        digits=(5, 1),
        aggregator=None,
        help="Of a hundred orders with the first product, so many have the other one too.",
    )
    lift = fields.Float(
        string="Times Chance",
        readonly=True,
        digits=(16, 2),
        aggregator=None,
        help="How many times as often they are bought together as they would be by chance. The highest is suggested "
        "first.",
    )

    _pair_uniq = models.UniqueIndex("(company_id, product_id, other_id)", "This pair is known already.")

    # === Suggesting === #

    @api.model
    @api.readonly
    def suggest_products(self, product_ids, company_id, order_id=False):
        """What else buyers of these products take along, the best first: never what is there, archived or not sold.

        :param list product_ids: what is in the quotation, saved or not
        :param int company_id: company of the quotation
        :param int order_id: the quotation, whose saved lines count as well
        :return: at most five, each with ``id``, ``name`` and ``reason``
        :rtype: list[dict]
        :raise AccessError: unless the user may read quotations
        :raise UserError: for what is no number of a record
        """
        given = [*product_ids, company_id, order_id or 0] if isinstance(product_ids, list | tuple) else [None]
        if not all(isinstance(number, int) and 0 <= number < BIGGEST for number in given):
            raise UserError(self.env._("Products, company and quotation are given by their numbers."))
        self.check_access("read")
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled")
        company = self.env.companies.filtered(lambda own: own.id == company_id and own.id in enabled)
        taken = {*product_ids, *self._get_order_products(order_id)} - {0}
        if not company or not taken:
            return []
        pairs = self.search_fetch(
            [
                ("company_id", "=", company.id),
                ("product_id", "in", list(taken)),
                ("other_id", "not in", list(taken)),
            ],
            ["product_id", "other_id", "pair_count", "product_count", "confidence", "lift"],
        )
        products = self.env["product.product"].search_fetch(self._get_sold_domain(pairs, company), ["display_name"])
        known, sources = defaultdict(list), {}
        for pair in pairs.filtered(lambda own: own.other_id in products):
            product, other = pair.product_id.id, pair.other_id.id
            known[product].append(CoPurchase(other, pair.pair_count, 0, pair.confidence, pair.lift))
            sources[product, other] = pair
        best = [sources[product, found.product] for product, found in get_suggestions(known, taken, MOST)]
        return [
            {"id": pair.other_id.id, "name": pair.other_id.display_name, "reason": pair._describe_reason()}
            for pair in best
        ]

    @api.model
    def _get_order_products(self, order_id):
        if not order_id:
            return []
        lines = self.env["sale.order.line"].search_fetch(
            [("order_id", "=", order_id), ("product_id", "!=", False)], ["product_id"]
        )
        return lines.product_id.ids

    @api.model
    def _get_sold_domain(self, pairs, company):
        """To override: what may be suggested of these pairs. Archived products are left out by the search."""
        return Domain.AND(
            [
                [("id", "in", pairs.other_id.ids), ("sale_ok", "=", True), ("type", "!=", "combo")],
                self.env["product.product"]._check_company_domain(company),
            ]
        )

    def _describe_reason(self):
        self.ensure_one()
        return self.env._(
            "in %(both)s of %(all)s orders with %(product)s",
            both=self.pair_count,
            all=self.product_count,
            product=self.product_id.default_code or self.product_id.name,
        )

    # === Computing === #

    @api.model
    def _cron_compute(self):
        """Find what is bought together in each company that switched customers on."""
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled")
        for company in self.env["res.company"].browse(sorted(enabled)):
            self._compute_company(company)
            if self.env.context.get("cron_id"):
                self.env["ir.cron"]._commit_progress(1)

    @api.model
    def action_compute_pairs(self):
        """Find anew what is bought together in the companies at hand.

        :return: a reload of the list
        :rtype: dict
        :raise AccessError: for all but sales managers
        """
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales managers compute what is bought together. Ask one of them."))
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled")
        for company in self.env.companies.filtered(lambda own: own.id in enabled):
            self._compute_company(company)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _compute_company(self, company):
        """Keep what is bought together in the orders of a company: one statement reads, two write what changed.

        :return: how many pairs were added, changed or taken away
        :rtype: int
        """
        found = get_co_purchases(self._read_baskets(company))
        rows = [
            (product, other.product, other.baskets, round(other.baskets * 100 / other.confidence), *other[3:])
            for product, others in found.items()
            for other in others
        ]
        return self._store(rows, company)

    @api.model
    def _read_baskets(self, company):
        """:return: confirmed orders and what is in them, without what was taken off or paid in advance
        :rtype: list[tuple[int, int]]
        """
        self.env["sale.order"].flush_model(["state", "company_id", "date_order"])
        self.env["sale.order.line"].flush_model(
            ["order_id", "product_id", "product_uom_qty", "display_type", "is_downpayment"]
        )
        since = fields.Datetime.now() - relativedelta(months=MONTHS)
        return self.env.execute_query(
            SQL(
                """
                SELECT line.order_id, line.product_id
                  FROM sale_order_line line
                  JOIN sale_order sale ON sale.id = line.order_id
                 WHERE sale.company_id = %s AND sale.state = 'sale' AND sale.date_order >= %s
                   AND line.product_id IS NOT NULL AND line.display_type IS NULL
                   AND line.product_uom_qty > 0 AND line.is_downpayment IS NOT TRUE
                """,
                company.id,
                since,
            )
        )

    @api.model
    def _store(self, rows, company):
        kinds = COLUMNS | SHARES
        columns = list(zip(*rows, strict=True)) if rows else [[] for _name in kinds]
        new = SQL(", ").join(
            SQL("CAST(%s AS %s)", list(values), SQL(f"{kind}[]"))
            for values, kind in zip(columns, kinds.values(), strict=True)
        )
        names = [SQL.identifier(name) for name in kinds]
        joined = SQL(", ").join(names)
        self.flush_model()
        self.env.cr.execute(
            SQL(
                FORGET,
                company.id,
                list(columns[0]),
                list(columns[1]),
            )
        )
        count = self.env.cr.rowcount
        self.env.cr.execute(
            SQL(
                KEEP,
                names=joined,
                company=company.id,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                new=new,
            )
        )
        self.invalidate_model()
        return count + self.env.cr.rowcount
