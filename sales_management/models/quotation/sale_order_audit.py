from datetime import timedelta

from odoo import models

from odoo.addons.sales_management.tools.audit import AuditEntry

#: Ways of a copy by which a quotation came into the hands of its customer.
HAND_OVER_WAYS = ("mail", "pdf", "xlsx", "portal", "sent")
#: A hand-over and the copy of it are written in one transaction.
SAME_MOMENT = timedelta(minutes=1)


class SaleOrder(models.Model):
    """What the archive and the revisions tell of a quotation."""

    _inherit = "sale.order"

    # === Audit === #

    def _get_audit_orders(self):
        orders = super()._get_audit_orders()
        return (orders | orders.quotation_family_id.order_ids).sorted("quotation_revision")

    def _get_audit_entries(self):
        entries = super()._get_audit_entries()
        entries += [order._prepare_creation_entry() for order in self]
        entries += [order._prepare_signature_entry() for order in self if order.signed_on]
        copies = self._get_audit_copies()
        entries += [
            order._prepare_hand_over_entry()
            for order in self
            if order.handed_over_at and not order._is_hand_over_archived(copies)
        ]
        return entries + self._get_copy_entries(copies)

    def _prepare_creation_entry(self):
        title = (
            self.env._("Revision %(number)s created", number=self.quotation_revision)
            if self.quotation_revision > 1
            else self.env._("Quotation created")
        )
        return AuditEntry(self.create_date, "created", self, title, who=self.create_uid.name)

    def _prepare_signature_entry(self):
        return AuditEntry(self.signed_on, "signed", self, self.env._("Signed by the customer"), who=self.signed_by)

    def _prepare_hand_over_entry(self):
        return AuditEntry(self.handed_over_at, "handed_over", self, self.env._("Handed over to the customer"))

    def _is_hand_over_archived(self, copies):
        """:return: whether a copy tells of the last hand-over, which then needs no line of its own"""
        return any(
            copy.order_id == self
            and copy.way in HAND_OVER_WAYS
            and abs(copy.left_at - self.handed_over_at) <= SAME_MOMENT
            for copy in copies
        )

    def _get_audit_copies(self):
        names = ["order_id", "way", "user_name", "left_at", "recipients", "digest", "file_digest"]
        return self.env["sales.quotation.copy"].search_fetch([("order_id", "in", self.ids)], names, order="id")

    def _get_copy_entries(self, copies):
        ways = {
            "mail": self.env._("Sent by mail"),
            "pdf": self.env._("Handed over as PDF"),
            "xlsx": self.env._("Handed over as Excel"),
            "portal": self.env._("Opened in the customer portal"),
            "signature": self.env._("Archived with its signature"),
            "sent": self.env._("Marked as sent"),
            "print": self.env._("Printed inside"),
            "replaced": self.env._("Put aside: replaced by a revision"),
            "discarded": self.env._("Discarded"),
        }
        return [
            AuditEntry(
                copy.left_at,
                copy.way,
                copy.order_id,
                ways.get(copy.way, copy.way),
                who=copy.user_name,
                details=self._get_copy_details(copy),
                digest=copy.digest,
            )
            for copy in copies
        ]

    def _get_copy_details(self, copy):
        parts = []
        if copy.recipients:
            parts.append(self.env._("To: %(recipients)s", recipients=copy.recipients))
        if copy.file_digest:
            parts.append(self.env._("SHA-256 of the file: %(digest)s", digest=copy.file_digest))
        return "\n".join(parts)
