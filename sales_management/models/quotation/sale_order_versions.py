from odoo import models


class SaleOrder(models.Model):
    """The revisions of a quotation are versions of one paper."""

    _inherit = "sale.order"

    def _get_versions(self):
        versions = super()._get_versions()
        # sudo: whoever asks for one of them sees it; what is made of the others is the caller's to decide.
        families = self.sudo().quotation_family_id
        if not families:
            return versions
        rows = (
            self.env["sale.order"]
            .sudo()
            .search_fetch([("quotation_family_id", "in", families.ids)], ["quotation_family_id"])
        )
        by_family = rows.grouped("quotation_family_id")
        for order in self:
            family = order.sudo().quotation_family_id  # sudo: as above
            if family:
                versions[order] |= by_family.get(family, self.browse()).with_env(self.env)
        return versions
