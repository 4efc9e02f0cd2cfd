from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.query import Query


class SalesRateMixin(models.AbstractModel):
    """Rates that are computed from the rows of each group, so that they are right under every grouping.

    Amounts of several currencies are made one before they are divided.
    """

    _name = "sales.rate.mixin"
    _description = "Rates of Sales"
    _auto = False

    #: Rate in percent: the fields whose sums are divided.
    _rates = {}

    company_id = fields.Many2one("res.company", readonly=True)

    def _read_group_select(self, aggregate_spec: str, query: Query) -> SQL:
        name = aggregate_spec.partition(":")[0]
        if name not in self._rates:
            return super()._read_group_select(aggregate_spec, query)
        sums = ("sum_currency" if self._fields[part].type == "monetary" else "sum" for part in self._rates[name])
        parts = [f"{part}:{aggregator}" for part, aggregator in zip(self._rates[name], sums, strict=True)]
        return SQL("(100.0 * %s / NULLIF(%s, 0))::float8", *(self._read_group_select(part, query) for part in parts))
