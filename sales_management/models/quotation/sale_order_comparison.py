from odoo import models
from odoo.exceptions import UserError

from odoo.addons.sales_management.tools.comparison import compare_lines, compare_values

#: Keys of the words of a line that people compare, in the order in which they read them.
COMPARED = ("product", "name", "quantity", "unit", "price", "discount", "taxes", "optional", "subtotal")
#: Sums in the order in which they stand on the paper: what was archived comes back in an order of its own.
TOTALS = ("amount_untaxed", "amount_tax", "amount_total")
#: Keys that say which line it is. A product that is called otherwise since is the same product.
IDENTITY = frozenset({"id", "origin", "sequence", "product_id", "type"})


class SaleOrder(models.Model):
    """What changed from one revision to another."""

    _inherit = "sale.order"

    # === Actions === #

    def action_compare_revisions(self):
        """Show what changed between this revision and the one before it; any two can be chosen there.

        :return: action that opens the comparison
        :rtype: dict
        :raise UserError: when there is one revision only
        """
        self.ensure_one()
        self.check_access("read")
        former, latter = self._get_compared_revisions()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compare Revisions"),
            "res_model": "sales.quotation.comparison",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_former_id": former.id, "default_latter_id": latter.id, "dialog_size": "extra-large"},
        }

    def _get_compared_revisions(self):
        """:return: this revision and the one before it, or the one after the first"""
        # sudo: which revisions there are is no secret to whoever may read one.
        revisions = self.sudo().quotation_family_id.order_ids.sorted("quotation_revision")
        if len(revisions) < 2:
            raise UserError(
                self.env._("%(quotation)s has one revision only: there is nothing to compare.", quotation=self.name)
            )
        position = max(1, list(revisions).index(self.sudo()))
        return revisions[position - 1], revisions[position]

    # === Comparison === #

    def _compare_revision(self, latter):
        """What changed from this revision to another of the same quotation, from what was archived of each.

        :param sale.order latter: the other revision
        :return: ``lines`` (:class:`LineChange` each), ``terms``, ``totals`` and ``margins``: former and latter value by
            name, with what did not change for totals and margins; ``margins`` empty for those who may not see them;
            ``former`` and ``latter``: the snapshots
        :rtype: dict
        """
        snapshots, margins = (self | latter)._get_compared_snapshots()
        before, after = snapshots[self], snapshots[latter]
        changes = compare_lines(before["lines"], after["lines"], IDENTITY)
        lines = [change._replace(values=self._sort_values(change.values)) for change in changes]
        result = {
            "former": before,
            "latter": after,
            "lines": lines,
            "terms": compare_values(before["terms"], after["terms"]),
            "totals": {name: (before["totals"].get(name), after["totals"].get(name)) for name in TOTALS},
            "margins": {},
            "line_margins": ({}, {}),
        }
        if self._may_see_margins():
            old, new = margins[self], margins[latter]
            names = ("margin", "margin_percent")
            result["margins"] = {name: (old.get(name), new.get(name)) for name in names}
            result["line_margins"] = (old.get("lines", {}), new.get("lines", {}))
        return result

    def _sort_values(self, values):
        names = [*(name for name in COMPARED if name in values), *(name for name in values if name not in COMPARED)]
        return {name: values[name] for name in names}

    def _get_compared_snapshots(self):
        """What revisions say: the current one as it is now, others as they were put aside.

        :return: words and margins, each by quotation
        :rtype: tuple[dict, dict]
        """
        aside = self.filtered(lambda order: not order.is_current_revision)
        copies = aside._get_archived(["replaced", "discarded"]) if aside else {}
        others = self - self.browse(order.id for order in copies)
        snapshots, margins = others._get_snapshots(), others._get_margin_snapshots()
        for order, copy in copies.items():
            snapshots[order], margins[order] = copy.snapshot, copy.margins or {}
        return snapshots, margins
