from contextlib import contextmanager

from odoo import api, fields, models


class SaleOrder(models.Model):
    """When a quotation came into the hands of its customer, whichever way it went."""

    _name = "sale.order"
    _inherit = ["sales.document.mixin", "sale.order"]

    handed_over_at = fields.Datetime(
        string="Handed Over On", readonly=True, copy=False, help="When this quotation was sent to the customer last."
    )

    repeat_of_id = fields.Many2one(
        "sale.order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The order that this one repeats.",
    )

    # === ORM === #

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {"handed_over_at", "repeat_of_id"}

    def _prepare_document_write_values(self, vals):
        vals = super()._prepare_document_write_values(vals)
        # With the state itself, so that it costs nothing.
        return {**vals, "handed_over_at": fields.Datetime.now()} if vals.get("state") == "sent" else vals

    @contextmanager
    def _around_document_write(self, vals):
        with super()._around_document_write(vals):
            yield
            if vals.get("state") == "sent":
                self._after_hand_over()

    # === Hand-over === #

    def _hand_over(self):
        """Record that these quotations came into the hands of their customers, for whom they are released.

        Drafts become sent, as a mail makes them. One that was handed over before stays as it is, with the new date.
        """
        drafts = self.filtered(lambda order: order.state == "draft")
        drafts.write({"state": "sent"})
        others = self - drafts
        if others:
            # sudo: the date is nobody's to write, and whoever hands over was asked before.
            others.sudo().write({"handed_over_at": fields.Datetime.now()})
            others._after_hand_over()

    def _after_hand_over(self):
        """Follow these quotations into the hands of their customers. To override: begin with ``super()``'s."""

    # === Revisions === #

    def _after_revision_created(self, former):
        """Follow a new revision into being. To override: begin with ``super()``'s.

        :param sale.order former: the revision that it replaced, cancelled by now
        """
        self.ensure_one()

    def _after_revision_discarded(self, discarded):
        """Follow a quotation back into validity. To override: begin with ``super()``'s.

        :param sale.order discarded: the revision that had replaced it, cancelled by now
        """
        self.ensure_one()

    # === Repeat orders === #

    def _after_repeat_created(self):
        """Follow the repeat of an order into being. To override: begin with ``super()``'s."""
        self.ensure_one()
