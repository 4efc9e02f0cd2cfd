from odoo import models
from odoo.tools import plaintext2html

from odoo.addons.sales_management.tools.blocker import split_blockers

#: Begins the description of a stored copy; the digest of what it says follows.
STORED = "sales_management content "


class SaleOrder(models.Model):
    """Ways by which what a quotation says leaves the company: which quotations are held back, and who is told so."""

    _inherit = "sale.order"

    # === Computes === #

    def _compute_access_warning(self):
        """Say in the dialog that shares a quotation why it cannot be shared."""
        result = super()._compute_access_warning()
        for order in self._filter_held_back():
            order.access_warning = order.release_message
        return result

    # === Asking === #

    def _filter_held_back(self):
        """Those of these quotations that customers must not see now.

        A confirmed order is none: it was asked when it was confirmed. Neither is a cart of the shop, which its customer
        wrote himself.

        :rtype: sale.order
        """
        if not self._is_release_asked():
            return self.browse()
        asked = self.filtered(lambda order: order.state != "sale" and not order._is_shop_cart())
        return asked - asked._filter_released()

    def _is_shop_cart(self):
        """Whether the shop made this quotation: nobody in the company can say so of his own."""
        if "website_id" not in self._fields or not self.website_id:
            return False
        # sudo: who made it is asked of customers' quotations too.
        creator = self.sudo().create_uid or self.env.user
        return creator.share or creator == self.env.ref("base.user_root")

    def _check_leaving(self):
        """Refuse to let these quotations go where customers see them.

        :raise BlockedError: that names everything that stands in the way of each
        """
        held = self._filter_held_back()
        if held:
            held._check_released()

    # === Files === #

    def _get_edi_builders(self):
        """Give no electronic document of what is held back, neither by itself nor inside a PDF."""
        return [] if self._filter_held_back() else super()._get_edi_builders()

    def _get_stored_description(self):
        """:return: what a stored copy of this quotation is described by as long as it says what the quotation says"""
        return STORED + self._get_content_digests()[self]

    # === Mails of core === #

    def _send_order_notification_mail(self, mail_template, allow_deferred_sending=True):
        """Skip what is held back, and tell the salesperson: a payment that has arrived must not fail over a mail."""
        if mail_template and self._filter_held_back():
            self._tell_held_back(mail_template.sudo().name)
            return None
        # What is the default is not said again: whoever extends core's method sees the call as core makes it.
        options = {} if allow_deferred_sending else {"allow_deferred_sending": False}
        return super()._send_order_notification_mail(mail_template, **options)

    def _tell_held_back(self, subject):
        """Tell whoever is in charge of these quotations that a message about them was not sent.

        :param str subject: what the message was
        """
        # sudo: whoever triggers a mail, a customer who pays or a cron, may not give to-dos to others.
        for order in self.sudo():
            summary = self.env._("Not sent: %(message)s", message=subject)
            user = order._get_person_in_charge()
            if order.activity_ids.filtered(lambda todo, s=summary, u=user: todo.summary == s and todo.user_id == u):
                continue
            blocking, _warnings = split_blockers(order._get_release_blockers())
            note = self.env._(
                "%(quotation)s may not go to the customer yet, so this message was not sent:\n%(reasons)s",
                quotation=order.name,
                reasons="\n".join(blocker.message for found in blocking.values() for blocker in found)
                or self.env._("The attached copy is not what the quotation says now. Attach it anew."),
            )
            if user:
                order.with_context(mail_activity_quick_update=True).activity_schedule(
                    "mail.mail_activity_data_todo", summary=summary, note=plaintext2html(note), user_id=user.id
                )
            else:
                order._message_log(body=note)

    def _get_person_in_charge(self):
        """:return: who is told what happens to this quotation: a colleague who may read it, or nobody
        :rtype: res.users
        """
        self.ensure_one()
        for user in (self.user_id, self.team_id.user_id, self.create_uid):
            if user.active and not user.share and self.with_user(user).has_access("read"):
                return user
        return self.env["res.users"]

    # === Records === #

    def _record_portal_view(self):
        """Record that the customer looked at this quotation, once for each content."""
        self.ensure_one()
        if not self._is_quotation_kept() or self.state not in ("draft", "sent"):
            return
        digest = self._get_content_digests()[self]
        # sudo: the archive is not the customer's to read.
        known = self.sudo().quotation_copy_ids.filtered(lambda copy: copy.way == "portal" and copy.digest == digest)
        if not known:
            self._hand_over()
            self._archive("portal")

    def _record_print(self):
        """Record that these quotations were printed inside the company."""
        kept = self.filtered(lambda order: order._is_quotation_kept())
        if kept and not self.env.user.share:
            kept._archive("print")

    def _is_quotation_kept(self):
        """Whether what leaves is archived: the company of this quotation uses the capability."""
        return self.company_id.id in self.env["res.company"]._get_enabled_company_ids("sales_quotation_enabled")
