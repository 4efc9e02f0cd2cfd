from odoo import api, fields, models
from odoo.exceptions import UserError

#: Ways by which a quotation comes into the hands of its customer.
CUSTOMER_WAYS = ("mail", "pdf", "xlsx", "portal", "signature", "sent")


class SaleOrder(models.Model):
    """The way back from a revision that nobody outside has seen."""

    _inherit = "sale.order"

    can_discard_revision = fields.Boolean(
        compute="_compute_can_discard_revision",
        help="It never left the company, so that the revision before it can be taken up again.",
    )

    # === Computes === #

    @api.depends("company_id", "state", "is_current_revision", "quotation_revision", "handed_over_at", "signed_on")
    def _compute_can_discard_revision(self):
        company_ids = self.env["res.company"]._get_enabled_company_ids("sales_quotation_enabled")
        for order in self:
            has_left = order.state not in ("draft", "cancel") or order.handed_over_at or order.signed_on
            is_used = order.company_id.id in company_ids
            is_later = order.is_current_revision and order.quotation_revision > 1
            order.can_discard_revision = is_used and is_later and not has_left

    # === Actions === #

    def action_discard_revision(self):
        """Cancel this revision, which never left, and take up the former again in the state that it had.

        :return: action that opens the former revision
        :rtype: dict
        :raise UserError: when it left, is no later revision, or when an invoice was cancelled for it
        """
        self.ensure_one()
        self._check_revision_right()
        self._check_not_superseded()
        # sudo: the former may be out of the caller's sight, and its fields are nobody's to write.
        former = self.sudo().search([("superseded_by_id", "=", self.id)], limit=1)
        (self | former)._lock_revision()
        self._check_discardable(former)
        self._discard_revision(former)
        return former._get_revision_action()

    # === Checks === #

    def _check_discardable(self, former):
        reason = self._get_discard_refusal(former)
        if reason:
            raise UserError(reason)

    def _get_discard_refusal(self, former):
        """:return: why this revision cannot be discarded, nothing when it can"""
        if not former:
            return self.env._(
                "%(quotation)s replaced no other quotation. Cancel it instead of discarding it.", quotation=self.name
            )
        # sudo: copies that went to the customer count, whoever may read them.
        copies = self.sudo().quotation_copy_ids
        has_left = self.handed_over_at or any(copy.way in CUSTOMER_WAYS for copy in copies)
        if has_left or self.state not in ("draft", "cancel"):
            return self.env._(
                "%(quotation)s has left the company already. Make a new revision of it instead.", quotation=self.name
            )
        invoices = former.invoice_ids.browse((former.before_revision or {}).get("invoice_ids", [])).exists()
        if invoices:
            return self.env._(
                "When %(former)s was replaced, its draft invoice was cancelled, which is not undone. Go on with "
                "%(quotation)s, or make a new revision of it.",
                former=former.name,
                quotation=self.name,
            )
        return self._get_commitment(self.name)

    # === Discarding === #

    def _discard_revision(self, former):
        # The caller's context gives no values.
        self = self.with_context(self._get_revision_context())  # pylint: disable=context-overridden
        # sudo: the fields of revisions are nobody's to write.
        discarded = self.sudo()
        self._archive("discarded")
        if self.state != "cancel":
            self._action_cancel()
        discarded.write({"is_current_revision": False})
        # The index allows one current revision: this one makes room first.
        discarded.flush_recordset()
        state = (former.before_revision or {}).get("state") or "draft"
        # In the hands of its customer it is already, so that nothing is followed or asked once more.
        former._write_as_it_was(
            {"is_current_revision": True, "superseded_by_id": False, "before_revision": False, "state": state}
        )
        former.flush_recordset()
        discarded._message_log(body=self.env._("Discarded: %(former)s is valid again.", former=former._get_html_link()))
        former._message_log(body=self.env._("%(revision)s was discarded.", revision=discarded._get_html_link()))
        discarded._move_activities(former)
        former.with_env(self.env)._after_revision_discarded(self)
