from odoo import models


class SalesApprovalRule(models.Model):
    """The floor that a rule sets for margins."""

    _inherit = "sales.approval.rule"

    def _is_under_margin_floor(self, measures):
        """Whether a margin is under the floor that this rule sets.

        :param dict measures: what was measured of the document
        """
        self.ensure_one()
        margin, line_margin = measures.get("margin"), measures.get("line_margin")
        is_under = self.has_margin_min and margin is not None and margin < self.margin_min
        return is_under or (self.has_line_margin_min and line_margin is not None and line_margin < self.line_margin_min)
