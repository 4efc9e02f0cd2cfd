from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.sales_management.models.common.sales_handover import HandoverSource

_lt = LazyTranslate(__name__)


class SalesHandover(models.AbstractModel):
    """Targets to come of one person."""

    _inherit = "sales.handover"

    @api.model
    def _get_handover_sources(self, user, companies):
        sources = super()._get_handover_sources(user, companies)
        # sudo: a manager hands over what belongs to a person, also what other rules hide.
        targets = (
            self.env["sales.target"]
            .sudo()
            .search(
                [
                    ("user_id", "=", user.id),
                    ("company_id", "in", companies.ids),
                    ("state", "=", "open"),
                    ("date_from", ">", fields.Date.context_today(self)),
                ]
            )
        )
        return [*sources, HandoverSource("target", _lt("Targets to Come"), targets, {}, self._hand_over_targets)]

    @api.model
    def _hand_over_targets(self, targets, owner, reason):
        """Give targets to their new owner; whoever has one for the same already gets a higher one."""
        theirs = targets.sudo().search(  # sudo: as above
            [
                ("user_id", "=", owner.id),
                ("date_from", "in", targets.mapped("date_from")),
                ("company_id", "in", targets.company_id.ids),
                ("state", "=", "open"),
            ]
        )
        by_key = {self._get_target_key(target): target for target in theirs}
        for target in targets:
            same = by_key.get(self._get_target_key(target))
            if same:
                same.amount += target.amount
                target.child_ids.parent_id = same
                target.unlink()
            else:
                target.user_id = owner

    @api.model
    def _get_target_key(self, target):
        names = ("company_id", "team_id", "categ_id", "country_id", "state_id")
        return (target.metric, target.period_kind, target.date_from, *(target[name].id for name in names))
