from odoo import api, models


class SalesOwnDefaultMixin(models.AbstractModel):
    """Rows that nobody but the addon creates: only its code says what they begin with.

    Rows are created with more rights than the caller has, in the caller's context. To be named before all other models
    in ``_inherit``.
    """

    _name = "sales.own.default.mixin"
    _description = "Defaults of the Code Alone"

    @api.model
    def default_get(self, fields):  # pylint: disable=method-required-super  # its defaults are those refused here
        """Take the defaults of the code alone: a context or a user's own default tells nothing of these rows."""
        defaults = {}
        for name in fields:
            field = self._fields.get(name)
            if field and field.default:
                value = field.convert_to_cache(field.default(self), self, validate=False)
                defaults[name] = field.convert_to_write(value, self)
        return defaults
