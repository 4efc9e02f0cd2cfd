from odoo import api, models

from .sales_target import SCOPE


class SalesTarget(models.Model):
    """Targets from a spreadsheet, and the wholes that they are part of."""

    _inherit = "sales.target"

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import Template for Targets"),
                "template": "/sales_management/static/xls/sales_targets.xlsx",
            }
        ]

    # === Actions === #

    def action_open_split(self):
        """Split a target into parts.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        self._check_open()
        return {
            **self.env["ir.actions.actions"]._for_xml_id("sales_management.sales_target_split_action"),
            "context": {"default_target_id": self.id},
        }

    def action_open_copy(self):
        """Copy targets, with their parts, to the next year.

        :return: action
        :rtype: dict
        """
        return {
            **self.env["ir.actions.actions"]._for_xml_id("sales_management.sales_target_copy_action"),
            "context": {"default_target_ids": self.ids},
        }

    def action_find_wholes(self):
        """Make those of these targets that are part of nothing parts of the narrowest one that holds them.

        :return: True
        """
        alone = self.filtered(lambda target: not target.parent_id and target.state == "open")
        if not alone:
            return True
        candidates = self.search(
            [
                ("company_id", "in", alone.company_id.ids),
                ("metric", "in", list(set(alone.mapped("metric")))),
                ("date_from", "<=", max(alone.mapped("date_from"))),
                ("date_to", ">=", min(alone.mapped("date_to"))),
            ]
        )
        # From the widest on, so that what is part of a part finds the narrowest.
        for target in alone.sorted(lambda target: (target.date_from, -target._get_narrowness())):
            holding = candidates.filtered(lambda whole, target=target: target._is_within(whole))
            if holding:
                target.parent_id = max(holding, key=lambda whole: (whole._get_narrowness(), whole.date_from, -whole.id))
        return True

    def _is_within(self, whole):
        """Whether this target could be part of another one, and says less than it."""
        self.ensure_one()
        if self == whole or (self.metric, self.company_id) != (whole.metric, whole.company_id):
            return False
        if not (whole.date_from <= self.date_from and self.date_to <= whole.date_to):
            return False
        narrower = self._get_narrowness() > whole._get_narrowness()
        return narrower and all(not whole[name] or whole[name] == self[name] for name in SCOPE)

    def _get_narrowness(self):
        """:return: how much of its company and time a target leaves out
        :rtype: int
        """
        self.ensure_one()
        return ("year", "quarter", "month").index(self.period_kind) + sum(bool(self[name]) for name in SCOPE)
