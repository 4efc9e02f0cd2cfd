import hashlib

from odoo import models

from odoo.addons.sales_management.tools.digest import get_digest


class SaleOrder(models.Model):
    """What left the company, kept as it was."""

    _inherit = "sale.order"

    def _archive(self, way, attachments=None, recipients=None):
        """Keep what these quotations say at the moment when they leave, with digest, words and a copy of the file.

        :param str way: one of ``sales.quotation.copy.way``
        :param dict[sale.order, ir.attachment] | None attachments: file that leaves, by quotation
        :param dict[sale.order, str] | None recipients: names of whom it goes to, by quotation
        :return: the facts
        :rtype: sales.quotation.copy
        """
        attachments, recipients = attachments or {}, recipients or {}
        snapshots, margins = self._get_snapshots(), self._get_margin_snapshots()
        files = {order: self._copy_archived_file(attachments[order]) for order in self if attachments.get(order)}
        facts = self.env["sales.quotation.copy"]._add_facts(
            [
                {
                    "order_id": order.id,
                    "order_name": order.name,
                    "company_id": order.company_id.id,
                    "revision": order.quotation_revision,
                    "way": way,
                    "user_id": self.env.uid,
                    "recipients": recipients.get(order, False),
                    "digest": get_digest(snapshots[order]["content"]),
                    "snapshot": snapshots[order],
                    "margins": margins[order],
                    "attachment_id": files[order].id if order in files else False,
                    "file_digest": hashlib.sha256(files[order].raw or b"").hexdigest() if order in files else False,
                }
                for order in self
            ]
        )
        for order, fact in zip(self, facts, strict=True):
            if order in files:
                # Whoever may read the fact may read its file, and like the fact nobody may change it.
                files[order].res_id = fact.id
        return facts

    def _copy_archived_file(self, attachment):
        # sudo: the copy is the archive's own; that it left is what makes it part of the archive.
        return (
            attachment[:1]
            .sudo()
            .copy(
                {
                    "res_model": "sales.quotation.copy",
                    "res_id": 0,
                    "res_field": False,
                    "public": False,
                    "access_token": False,
                }
            )
        )

    def _get_archived(self, ways):
        """The last copies of these quotations that were made in one of some ways.

        :return: fact by quotation, for those that have one
        :rtype: dict[sale.order, sales.quotation.copy]
        """
        # sudo: whoever may read the quotation may read what it said.
        copies = self.env["sales.quotation.copy"].sudo()
        found = copies.search_fetch([("order_id", "in", self.ids), ("way", "in", ways)], order="id")
        return {copy.order_id.with_env(self.env): copy for copy in found}
