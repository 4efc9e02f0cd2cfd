from odoo import api, fields, models
from odoo.tools import SQL


class SalesPromiseLock(models.Model):
    """What serialises commitments: whoever commits the same goods at the same moment waits, and then asks anew."""

    _name = "sales.promise.lock"
    _description = "Lock of Commitments"
    _log_access = False

    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade", index=True)
    version = fields.Integer(default=0, required=True, readonly=True)

    _pair_uniq = models.UniqueIndex("(product_id, warehouse_id)")

    @api.model
    def _lock(self, pairs):
        """Let nobody else commit these goods until the transaction ends.

        Who comes second gets a serialization failure, on which a request is retried with a fresh view of the stock;
        jobs and shells retry themselves.

        :param Iterable[tuple[int, int]] pairs: product and warehouse
        :raise psycopg2.errors.SerializationFailure: where somebody committed these goods meanwhile
        """
        pairs = sorted(set(pairs))
        if not pairs:
            return
        rows = SQL(", ").join(SQL("(%s, %s, 1)", product, warehouse) for product, warehouse in pairs)
        self.env.cr.execute(
            SQL(
                "INSERT INTO sales_promise_lock (product_id, warehouse_id, version) VALUES %s"
                " ON CONFLICT (product_id, warehouse_id) DO UPDATE SET version = sales_promise_lock.version + 1",
                rows,
            )
        )
        if self.env.cr.rowcount != len(pairs):
            raise RuntimeError(f"{self.env.cr.rowcount} of {len(pairs)} rows were locked")
