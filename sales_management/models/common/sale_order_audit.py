from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_datetime

from odoo.addons.sales_management.tools.audit import sort_entries


class SaleOrder(models.Model):
    """The whole story of a quotation, told by whichever capability has a part in it."""

    _inherit = "sale.order"

    audit_story = fields.Html(
        string="History of the Quotation",
        compute="_compute_audit_story",
        sanitize=False,
        groups="base.group_user",
        help="What happened to this quotation through all its revisions, earliest first.",
    )

    # === Computes === #

    @api.depends_context("uid", "tz", "lang")
    def _compute_audit_story(self):
        for order in self:
            order.audit_story = order._render_audit() if order._origin.id and order._is_release_asked() else False

    def _render_audit(self):
        rows = self._origin._get_audit_rows()
        values = {"rows": rows, "checks": self._origin._get_audit_orders()._get_audit_checks()}
        return self.env["ir.qweb"]._render("sales_management.quotation_audit", values)

    # === Actions === #

    @api.readonly
    def action_export_audit(self):
        """Export the whole story of this quotation as a workbook.

        :return: action that downloads it
        :rtype: dict
        """
        self.ensure_one()
        self._check_audit_right()
        return {
            "type": "ir.actions.act_url",
            "url": f"/sales_management/quotation/{self.id}/history.xlsx",
            "target": "download",
        }

    def _check_audit_right(self):
        """Refuse who may not read these, and customers, who may: what colleagues said is none of their business."""
        self.check_access("read")
        if not self.env.su and not self.env.user._is_internal():
            raise AccessError(
                self.env._("Only colleagues are told the story of a quotation. Ask your contact instead.")
            )

    # === Hooks === #

    def _get_audit_orders(self):
        """Quotations whose story is told as one. To override: add to ``super()``'s.

        :return: quotations, with all rights
        :rtype: sale.order
        """
        # sudo: whoever may read one of them is told the story of all; asked for one that the caller may read.
        return self.sudo()

    def _get_audit_entries(self):
        """What happened to these quotations.

        To override: add to ``super()``'s, in a number of queries that does not grow with the quotations, and in none
        where your capability never wrote anything. Called with all rights.

        :rtype: list[AuditEntry]
        """
        return []

    def _get_audit_checks(self):
        """Whether what is recorded of these quotations is as it was recorded. To override: add to ``super()``'s.

        :return: pairs of whether it is, and what to say
        :rtype: list[tuple[bool, str]]
        """
        return []

    # === Rows === #

    def _get_audit_rows(self):
        """The story of this quotation in words, for a screen or a file.

        :return: ``moment``, ``kind``, ``quotation``, ``title``, ``who``, ``details`` and ``digest`` of each
        :rtype: list[dict[str, str]]
        """
        self.ensure_one()
        self._check_audit_right()
        return [
            {
                "moment": format_datetime(self.env, entry.moment, dt_format="yyyy-MM-dd HH:mm"),
                "kind": entry.kind,
                "quotation": entry.record.name or "",
                "title": entry.title,
                "who": entry.who or "",
                "details": entry.details or "",
                "digest": entry.digest or "",
            }
            for entry in sort_entries(self._get_audit_orders()._get_audit_entries())
        ]
