from odoo import api, fields, models
from odoo.tools import SQL

#: Where the marks of a transaction wait for its end.
COLLECTED = "sales.promise.mark"


class SalesPromiseMark(models.Model):
    """Products of which something changed: what the job looks at again.

    Rows are only added, never updated: two transactions that move the same product do not wait for each other, and the
    job counts a product once.
    """

    _name = "sales.promise.mark"
    _description = "Changed Supply"
    _log_access = False

    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade", index=True)
    cause = fields.Char(readonly=True, help="Number of the document that changed.")
    is_sale = fields.Boolean(
        string="Delivery", readonly=True, help="What changed delivers an order: supply is looked at first for a cause."
    )
    is_silent = fields.Boolean(
        string="Told to Nobody", readonly=True, help="Nobody is told: it was so before delivery promises were used."
    )

    # === Adding === #

    @api.model
    def _add(self, product_ids, cause=None):
        """Have the lines of these products looked at again.

        :param Iterable[int] product_ids: products
        :param str cause: number of the document that changed
        """
        self._collect((product_id, cause, False) for product_id in product_ids)

    @api.model
    def _collect(self, changes):
        """Keep marks until the transaction ends: whatever it moves, they cost one INSERT.

        :param Iterable[tuple[int, str | None, bool]] changes: product, number of the document, whether it is a delivery
        """
        precommit = self.env.cr.precommit
        if COLLECTED not in precommit.data:
            precommit.data[COLLECTED] = set()
            precommit.add(self._insert_collected)
        precommit.data[COLLECTED].update(changes)

    @api.model
    def _insert_collected(self):
        changes = self.env.cr.precommit.data.pop(COLLECTED, ())
        if not changes:
            return
        rows = SQL(", ").join(SQL("(%s, %s, %s)", *change) for change in sorted(changes, key=str))
        # A product may be gone by the end of the transaction that moved it.
        statement = SQL(
            """
            INSERT INTO sales_promise_mark (product_id, cause, is_sale)
            SELECT change.product_id::int, change.cause::varchar, change.is_sale::bool
              FROM (VALUES %s) AS change (product_id, cause, is_sale)
              JOIN product_product product ON product.id = change.product_id::int
            """,
            rows,
        )
        self.env.cr.execute(statement)
        if self.env.cr.rowcount:
            self._wake_job()

    @api.model
    def _wake_job(self):
        """Let the job run as soon as this transaction is done: once, however often it flushes."""
        cron = self.env.ref("sales_management.ir_cron_refresh_promises", raise_if_not_found=False)
        if not cron:
            return
        # A trigger of this transaction carries its time.
        known = SQL(
            "SELECT 1 FROM ir_cron_trigger WHERE cron_id = %s AND create_date = %s LIMIT 1", cron.id, self.env.cr.now()
        )
        if not self.env.execute_query(known):
            # sudo: the job belongs to nobody who moves goods.
            cron.sudo()._trigger()

    @api.model
    def _add_all(self, company_ids, silent=False):
        """Have everything promised in these companies looked at again: what is to be delivered, and open quotations.

        :param Iterable[int] company_ids: companies
        :param bool silent: nobody is told what comes of it
        """
        company_ids = list(company_ids)
        if not company_ids:
            return
        self.env["sale.order.line"].flush_model(["company_id", "product_id", "promise_committed_date", "state"])
        self.env["stock.move"].flush_model(["product_id", "sale_line_id", "state"])
        statement = SQL(
            """
            INSERT INTO sales_promise_mark (product_id, is_silent)
            SELECT product_id, %(silent)s
              FROM (
                    SELECT line.product_id
                      FROM sale_order_line line
                     WHERE line.company_id = ANY(%(companies)s)
                       AND line.product_id IS NOT NULL
                       AND (line.state = 'sale' AND line.promise_committed_date IS NOT NULL
                            OR line.state IN ('draft', 'sent') AND line.promise_date IS NOT NULL)
                     UNION
                    SELECT move.product_id
                      FROM stock_move move
                      JOIN sale_order_line line ON line.id = move.sale_line_id
                     WHERE line.company_id = ANY(%(companies)s)
                       AND line.promise_committed_date IS NOT NULL
                       AND move.state IN ('waiting', 'confirmed', 'partially_available', 'assigned')
                   ) products
            """,
            companies=company_ids,
            silent=silent,
        )
        self.env.cr.execute(statement)
        if self.env.cr.rowcount:
            self._wake_job()

    # === Taking === #

    @api.model
    def _take(self, product_ids):
        """Take the marks of products away, to look at these now: what another job takes at the same time is left to it.

        :return: per product the causes, and whether nobody is to be told
        :rtype: dict[int, tuple[tuple[str, ...], bool]]
        """
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM sales_promise_mark
                 WHERE id IN (
                       SELECT id FROM sales_promise_mark WHERE product_id = ANY(%s) ORDER BY id FOR UPDATE SKIP LOCKED
                       )
             RETURNING id, product_id, cause, is_sale, is_silent
                """,
                list(product_ids),
            )
        )
        taken = {}
        # What comes last in time counts most, a delivery less than supply.
        for _id, product_id, cause, _is_sale, is_silent in sorted(rows, key=lambda row: (bool(row[3]), -row[0])):
            causes, silent = taken.get(product_id, ((), False))
            taken[product_id] = (causes + ((cause,) if cause else ()), silent or bool(is_silent))
        return taken
