from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sales_management.tools.blocker import Blocker


class SaleOrder(models.Model):
    """The one revision of a quotation that is valid."""

    _inherit = "sale.order"

    quotation_revision = fields.Integer(string="Revision", default=1, readonly=True, copy=False)
    quotation_family_id = fields.Many2one(
        "sales.quotation.family",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="All revisions of one quotation. Alternatives on the same deal are families of their own.",
    )
    is_current_revision = fields.Boolean(
        string="Current Revision",
        default=True,
        readonly=True,
        copy=False,
        help="The one revision of its family that can be sent, signed, paid and confirmed.",
    )
    superseded_by_id = fields.Many2one(
        "sale.order", string="Replaced By", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    quotation_copy_ids = fields.One2many("sales.quotation.copy", "order_id", string="Archive", readonly=True)

    _current_revision_unique = models.UniqueIndex(
        "(quotation_family_id) WHERE is_current_revision AND quotation_family_id IS NOT NULL",
        "A quotation has one current revision. Somebody has just made another one: load the page again.",
    )

    # === ORM === #

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {
            "quotation_revision",
            "quotation_family_id",
            "is_current_revision",
            "superseded_by_id",
            "is_deal_missing",
            "quotation_copy_ids",
        }

    # === Release === #

    @api.model
    def _get_release_dependencies(self):
        return [*super()._get_release_dependencies(), "is_current_revision", "superseded_by_id", "opportunity_id"]

    @api.model
    def _get_released_domain(self):
        return (
            super()._get_released_domain()
            & Domain("is_current_revision", "=", True)
            & Domain("is_deal_missing", "=", False)
        )

    @api.model
    def _is_release_asked(self):
        return bool(
            super()._is_release_asked() or self.env["res.company"]._get_enabled_company_ids("sales_quotation_enabled")
        )

    def _get_release_blockers(self):
        blockers = super()._get_release_blockers()
        for order in self:
            if not order.is_current_revision:
                blockers[order].append(order._prepare_superseded_blocker())
        return blockers

    def _prepare_superseded_blocker(self):
        """Holds whether or not the capability is still on: there is never more than one valid revision."""
        # sudo: the number of the revision that replaced it is no secret to whoever holds the old one.
        current = self.sudo().current_revision_id
        if self.superseded_by_id:
            message = self.env._(
                "%(old)s was replaced by %(current)s. Go on with that one.", old=self.name, current=current.name or "–"
            )
        else:
            message = self.env._(
                "%(old)s was discarded; %(current)s is valid. Go on with that one.",
                old=self.name,
                current=current.name or "–",
            )
        action = {**current._get_revision_action(), "name": self.env._("Open %(quotation)s", quotation=current.name)}
        return Blocker(code="superseded", record=self, message=message, action=action if current else None)
