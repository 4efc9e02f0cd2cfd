from odoo import api, fields, models
from odoo.tools import format_amount


class SalesTarget(models.Model):
    """Whole and parts: what they differ by is said wherever one of them is edited."""

    _inherit = "sales.target"

    gap_notice = fields.Text(
        string="Gap to Whole and Parts",
        compute="_compute_gap_notice",
        help="By how much the whole and its parts differ, with what is being typed.",
    )

    @api.depends("amount", "parent_id.amount", "child_gap")
    @api.depends_context("lang")
    def _compute_gap_notice(self):
        others = self._get_given_to_others()
        for target in self:
            notices = []
            if target.parent_id:
                gap = target.parent_id.amount - others.get(target._origin.id or target.id, 0.0) - target.amount
                notices.append(target._describe_gap(target.parent_id, gap))
            if target.child_ids:
                notices.append(target._describe_gap(target, target.child_gap))
            target.gap_notice = "\n".join(filter(None, notices)) or False

    def _get_given_to_others(self):
        """:return: what the whole of each of these targets gives to its other parts
        :rtype: dict[int | NewId, float]
        """
        rows = self._read_group([("parent_id", "in", self.parent_id.ids)], ["parent_id"], ["amount:sum"])
        given = {parent.id: total for parent, total in rows}
        result = {}
        for target in self:
            saved = target._origin
            own = saved.amount if saved and saved.parent_id == target.parent_id else 0.0
            result[saved.id or target.id] = given.get(target.parent_id.id, 0.0) - own
        return result

    def _describe_gap(self, whole, gap):
        self.ensure_one()
        names = {
            "whole": whole.display_name,
            "amount": self._format_amount(abs(gap)),
            "total": self._format_amount(whole.amount),
        }
        if self._is_same(gap, 0.0):
            return False
        if gap > 0:
            return self.env._("%(whole)s: %(amount)s of %(total)s are not given to any part.", **names)
        return self.env._("%(whole)s: its parts want %(amount)s more than its %(total)s.", **names)

    def _is_same(self, amount, other):
        currency = self.company_id.currency_id
        return currency.compare_amounts(amount, other) == 0 if currency else amount == other

    def _format_amount(self, amount):
        """:return: an amount with its currency, or a count
        :rtype: str
        """
        self.ensure_one()
        return format_amount(self.env, amount, self.currency_id) if self.currency_id else f"{amount:,.10g}"
