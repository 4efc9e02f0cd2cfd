from contextlib import contextmanager
from contextvars import ContextVar

from odoo import api, models

#: Moment at which something happened that the demo company tells of. Not kept at the cursor, which forgets what it
#: keeps when a trial is taken back.
TOLD_MOMENT = ContextVar("told_moment", default=None)
#: What facts call their moment.
MOMENTS = ("decided_at", "left_at", "moment")


class SalesFactMixin(models.AbstractModel):
    """Facts of the year that the demo company tells of: nobody could date them afterwards."""

    _inherit = "sales.fact.mixin"

    @api.model
    def _prepare_fact_values(self, vals_list):
        vals_list = super()._prepare_fact_values(vals_list)
        moment = TOLD_MOMENT.get()
        if not moment:
            return vals_list
        names = [name for name in MOMENTS if name in self._fields]
        return [{**vals, **dict.fromkeys(names, moment)} for vals in vals_list]


@contextmanager
def telling(moment):
    """Let facts that are added inside the ``with`` have happened at a moment, none for now."""
    token = TOLD_MOMENT.set(moment)
    try:
        yield
    finally:
        TOLD_MOMENT.reset(token)
