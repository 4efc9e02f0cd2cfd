from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sales_management.tools.file_name import get_file_name

REPORT = "sale.action_report_saleorder"
#: Formats of a file that is handed over, with the types that phones know them by.
MIME_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class SaleOrder(models.Model):
    """Quotations as files, for the chats in which they really go to customers."""

    _inherit = "sale.order"

    is_hand_over_offered = fields.Boolean(
        compute="_compute_is_hand_over_offered",
        help="Its company uses safe quotations, and it is not cancelled.",
    )
    hand_over_name = fields.Char(
        string="File Name",
        compute="_compute_hand_over_name",
        help="Deal number, quotation with its revision, and customer.",
    )

    # === Computes === #

    @api.depends("company_id", "state")
    def _compute_is_hand_over_offered(self):
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_quotation_enabled")
        for order in self:
            order.is_hand_over_offered = order.company_id.id in enabled and order.state != "cancel"

    @api.depends("deal_number", "name", "partner_id")
    def _compute_hand_over_name(self):
        for order in self:
            order.hand_over_name = order._get_hand_over_name("pdf").removesuffix(".pdf")

    # === Actions === #

    def action_open_hand_over(self):
        """Ask as which file this quotation is handed over.

        :return: action
        :rtype: dict
        :raise BlockedError: that names everything that keeps the quotation in the company
        """
        self._check_hand_over()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand Over %(quotation)s", quotation=self.name),
            "res_model": "sale.order",
            "res_id": self.id,
            "views": [(self.env.ref("sales_management.sale_order_view_form_hand_over").id, "form")],
            "target": "new",
        }

    def action_hand_over(self, format="pdf"):
        """Make the file that goes to the customer, and record that it went: sent, archived, with its follow-up.

        :param str format: ``pdf`` or ``xlsx``
        :return: action that downloads the file
        :rtype: dict
        :raise BlockedError: that names everything that keeps the quotation in the company; there is no file then
        """
        if format not in MIME_TYPES:
            raise UserError(
                self.env._(
                    "Quotations are handed over as pdf or xlsx, not as %(format)s. Choose one of these.", format=format
                )
            )
        self._check_hand_over()
        attachment = self._create_hand_over_file(format)
        self._hand_over()
        self._archive(format, attachments={self: attachment})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            # A window of its own is what browsers of phones block.
            "target": "self",
        }

    def _check_hand_over(self):
        """Refuse what cannot go to the customer as a file.

        :raise UserError: for none, several and cancelled ones
        :raise BlockedError: for one that is not released
        """
        if len(self) != 1:
            raise UserError(
                self.env._(
                    "Quotations are handed over one at a time, each to its customer. %(count)s are selected: open one "
                    "of them.",
                    count=len(self),
                )
            )
        self.check_access("write")
        if self.state == "cancel":
            raise UserError(
                self.env._(
                    "%(quotation)s is cancelled and no longer an offer. Hand over a quotation that is valid.",
                    quotation=self.name,
                )
            )
        self._check_released()

    # === Files === #

    def _create_hand_over_file(self, format):
        content = getattr(self, f"_make_hand_over_{format}")()
        return self.env["ir.attachment"].create(
            {
                "name": self._get_hand_over_name(format),
                "raw": content,
                "mimetype": MIME_TYPES[format],
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _get_hand_over_name(self, format):
        # sudo: who may hand a quotation over may see the name of its customer.
        customer = self.sudo().partner_id.commercial_partner_id.name
        return get_file_name([self.deal_number, self.name, customer], format)

    def _make_hand_over_pdf(self):
        return self.env["ir.actions.report"]._render_qweb_pdf(REPORT, self.ids)[0]

    def _make_hand_over_xlsx(self):
        return self._make_sheet()
