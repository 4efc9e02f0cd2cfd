from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.sales_management.exceptions import BlockedError

#: What a revision says beside its content, and how it came to say it.
FROZEN_FIELDS = frozenset(
    {
        "name",
        "state",
        "locked",
        "order_line",
        "date_order",
        "client_order_ref",
        "sale_order_template_id",
        "signature",
        "signed_by",
        "signed_on",
    }
)


class SaleOrder(models.Model):
    """A revision that was replaced says for ever what it said."""

    _inherit = "sale.order"

    # === ORM === #

    def _prepare_document_write_values(self, vals):
        vals = super()._prepare_document_write_values(vals)
        if self._is_freezing() and not self._get_frozen_fields().isdisjoint(vals):
            self._check_not_superseded()
        return vals

    @contextmanager
    def _around_document_unlink(self):
        families = self.filtered("quotation_family_id") if self._is_freezing() else self.browse()
        if families:
            raise UserError(
                self.env._(
                    "%(quotations)s: revisions are kept, for they tell what the customer was offered. Discard the "
                    "current one instead, or cancel it.",
                    quotations=", ".join(families.mapped("name")),
                )
            )
        with super()._around_document_unlink():
            yield

    # === Freezing === #

    @api.model
    def _is_freezing(self):
        """Whether writes are looked at: not those of the addon itself, and for nothing where nobody uses revisions.

        :rtype: bool
        """
        return not self.env.su and bool(self.env["res.company"]._get_enabled_company_ids("sales_quotation_enabled"))

    @api.model
    def _get_frozen_fields(self):
        """Fields that nobody writes once a revision was replaced. To override: add yours.

        :rtype: frozenset[str]
        """
        return FROZEN_FIELDS.union(self._get_digest_fields()["sale.order"])

    def _check_not_superseded(self):
        """Refuse unless all of these are the current revisions of their quotations.

        :raise BlockedError: that names each, and opens the current one
        """
        # sudo: whether it was replaced is no secret to whoever is about to change it.
        superseded = self.sudo().filtered(lambda order: not order.is_current_revision)
        if not superseded:
            return
        blockers = [order._prepare_superseded_blocker() for order in superseded]
        action = blockers[0].action if len(blockers) == 1 else None
        button = action and action.get("name")
        raise BlockedError("\n".join(blocker.message for blocker in blockers), action, button)
