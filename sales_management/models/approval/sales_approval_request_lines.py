from odoo import api, fields, models
from odoo.tools import formatLang


class SalesApprovalRequest(models.Model):
    """The lines that are decided on, each with its price beside that of the pricelist, and what it earns."""

    _inherit = "sales.approval.request"

    line_evidence = fields.Json(
        string="Lines as Asked", readonly=True, groups="base.group_system", help="Prices and margin when it was asked."
    )
    lines_html = fields.Html(string="Lines", compute="_compute_lines_html", sanitize=False)

    # === Computes === #

    @api.depends_context("uid", "lang")
    @api.depends("line_evidence", "snapshot", "is_margin_shown")
    def _compute_lines_html(self):
        for request in self:
            request.lines_html = self.env["ir.qweb"]._render(
                "sales_management.approval_lines",
                {"lines": request._prepare_shown_lines(), "with_margin": request.is_margin_shown},
            )

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        asked = requests.filtered(lambda request: request.kind == "release" and request.order_id)
        # sudo: the evidence is whole, whoever asks.
        evidence = asked.sudo().order_id._get_line_evidence()
        for request in asked.sudo():  # sudo: as above
            request.line_evidence = evidence[request.order_id]
        return requests

    # === Lines === #

    def _prepare_shown_lines(self):
        """Lines of the snapshot in words, each with its evidence where there is one.

        :rtype: list[dict]
        """
        self.ensure_one()
        # sudo: the margin is shown only where the request shows its own.
        evidence = self.sudo().line_evidence or []
        asked = self._get_asked_content().get("lines", [])
        lines = [line for line in asked if not line.get("display_type")]
        beside = evidence if len(evidence) == len(lines) else [{}] * len(lines)
        return [self._prepare_shown_line(line, more) for line, more in zip(lines, beside, strict=True)]

    def _prepare_shown_line(self, line, evidence):
        def say(value, digits=2):
            return "" if value is None else formatLang(self.env, value, digits=digits)

        return {
            "name": self._get_line_name(line),
            "is_optional": line.get("is_optional"),
            "quantity": self._format_figure(line.get("product_uom_qty")),
            "unit": evidence.get("unit") or "",
            "price": say(evidence.get("net_price")) or self._format_figure(line.get("price_unit")),
            "list_price": say(evidence.get("list_price")),
            "effective_discount": say(evidence.get("effective_discount"), 1),
            "margin": say(evidence.get("margin"), 1),
            "is_loss": (evidence.get("margin") or 0) < 0,
            "subtotal": say(evidence.get("subtotal")),
        }
