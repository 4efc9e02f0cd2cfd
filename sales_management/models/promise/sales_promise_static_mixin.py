from odoo import api, models


class SalesPromiseStaticMixin(models.AbstractModel):
    """What changes seldom and is read for every promise: routes, calendars. What was kept of it is forgotten then."""

    _name = "sales.promise.static.mixin"
    _description = "Settings of Promises"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._forget_static()
        return records

    def write(self, vals):
        self._forget_static()
        result = super().write(vals)
        self._forget_static()
        return result

    def unlink(self):
        self._forget_static()
        return super().unlink()

    def _forget_static(self):
        if self._is_static():
            self.env.registry.clear_cache()

    def _is_static(self):
        """Whether promises depend on any of these records."""
        return bool(self)
