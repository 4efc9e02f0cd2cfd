from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

#: Quotations whose content is taken at once.
BATCH = 500


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_approval_enabled = fields.Boolean(
        string="Approval of Quotations",
        help="Quotations to which a rule applies leave this company only when they are approved for exactly what they "
        "say. Switched on, quotations that are there already stay as they are until their content changes.",
    )
    approval_validity_days = fields.Integer(
        string="Longer Validity Without Approval",
        default=30,
        help="A revision whose validity is longer by up to so many days counts as unchanged.",
    )
    approval_repeat_days = fields.Integer(
        string="Repeat Orders Without Approval",
        default=90,
        help="A repeat of an order that was confirmed so many days ago or less needs no approval, when its effective "
        "prices and terms are unchanged or better.",
    )

    approval_refresh_id = fields.Integer(
        string="Open Quotations to Look At",
        groups="base.group_system",
        help="After a change of rules: quotations up to this id have not been looked at again. Zero: all were.",
    )

    # === Switches === #

    @api.model
    def _get_capability_groups(self):
        return super()._get_capability_groups() | {"sales_approval_enabled": "sales_management.group_approval"}

    def _after_switches_written(self, names):
        before = self._get_enabled_company_ids("sales_approval_enabled") if "sales_approval_enabled" in names else None
        result = super()._after_switches_written(names)
        if before is not None:
            switched_on = self._get_enabled_company_ids("sales_approval_enabled") - before
            self.browse(switched_on)._grandfather_quotations()
        return result

    def _grandfather_quotations(self):
        """Keep what open quotations say that were there before the addon: they stay released until it changes."""
        orders = self.env["sale.order"].sudo()  # sudo: whoever switches approval on need not see them
        domain = (
            Domain("company_id", "in", self.ids)
            & Domain("state", "in", ("draft", "sent"))
            & Domain("approval_state", "=", "grandfathered")
            & Domain("approval_digest", "=", False)
        )
        for ids in split_every(BATCH, orders.search(domain).ids):
            digests = orders.browse(ids)._get_content_digests()
            rows = [SQL("(%s, %s)", order.id, digest) for order, digest in digests.items()]
            # Nobody has edited them, and so nothing but the digest is written.
            self.env.cr.execute(
                SQL(
                    "UPDATE sale_order SET approval_digest = taken.digest FROM (VALUES %s) AS taken (id, digest)"
                    " WHERE sale_order.id = taken.id",
                    SQL(", ").join(rows),
                )
            )
            orders.browse(ids).invalidate_recordset()
