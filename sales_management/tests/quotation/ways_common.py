"""Messages about quotations: the ways in which people, code and clients send them."""

from markupsafe import Markup

from odoo import fields

from .release_common import ReleaseCommon


class WaysCommon(ReleaseCommon):
    """Each way as a method that takes a quotation, in the environment of whoever sends it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The dialog that shares a link creates contacts.
        cls.salesperson.group_ids += cls.env.ref("base.group_partner_manager")
        cls.root = cls.env.ref("base.user_root")
        cls.template = cls.env.ref("sale.email_template_edi_sale")
        cls.server_actions = cls.env["ir.actions.server"].create(
            [
                {
                    "name": "Send",
                    "model_id": cls.env["ir.model"]._get_id("sale.order"),
                    "state": "mail_post",
                    "mail_post_method": method,
                    "template_id": cls.template.id,
                }
                for method in ("email", "comment")
            ]
        )

    # === Ways === #

    def _compose(self, order, **context):
        action = order.with_context(**context).action_quotation_send()
        return order.env["mail.compose.message"].with_context(**action["context"]).create({})

    def _by_send_button(self, order):
        self._compose(order).action_send_mail()

    def _by_proforma(self, order):
        self._compose(order, proforma=True).action_send_mail()

    def _by_many_at_once(self, order):
        wizard = order.env["mail.compose.message"].with_context(
            default_model="sale.order", default_res_ids=order.ids, default_composition_mode="mass_mail"
        )
        wizard.create({"template_id": self.template.id}).action_send_mail()

    def _by_domain(self, order):
        wizard = order.env["mail.compose.message"].create(
            {
                "model": "sale.order",
                "res_domain": f"[('id', '=', {order.id})]",
                "composition_mode": "mass_mail",
                "template_id": self.template.id,
            }
        )
        wizard._action_send_mail()

    def _by_template(self, order):
        self.template.with_env(order.env).send_mail(order.id)

    def _by_template_to_address(self, order):
        self.template.with_env(order.env).send_mail(
            order.id, email_values={"email_to": "buyer@example.org", "recipient_ids": []}
        )

    def _by_template_batch(self, order):
        self.template.with_env(order.env).send_mail_batch(order.ids)

    def _by_post_with_source(self, order):
        order.message_post_with_source(self.template, subtype_xmlid="mail.mt_comment")

    def _by_words_of_a_template(self, order):
        words = self.template.sudo().copy({"report_template_ids": [fields.Command.clear()]})
        order.message_post_with_source(words, subtype_xmlid="mail.mt_comment")

    def _by_mail_with_source(self, order):
        order.message_mail_with_source(self.template)

    def _by_server_action_mail(self, order):
        self._run(self.server_actions[0], order)

    def _by_server_action_post(self, order):
        self._run(self.server_actions[1], order)

    def _run(self, action, order):
        action.with_user(order.env.user).sudo().with_context(
            active_model="sale.order", active_id=order.id, active_ids=order.ids
        ).run()

    def _by_file_in_chat(self, order):
        order.message_post(
            body=Markup("Here it is"),
            attachments=[(f"Quotation - {order.name}.pdf", b"%PDF-1.4")],
            partner_ids=self.customer.ids,
            subtype_xmlid="mail.mt_comment",
        )

    def _by_notification(self, order):
        order.message_notify(
            body=Markup("Here it is"),
            attachments=[(f"{order.name}.xlsx", b"PK")],
            partner_ids=self.customer.ids,
        )

    def _by_share_dialog(self, order):
        order.env["portal.share"].with_context(active_model="sale.order", active_id=order.id).create(
            {"partner_ids": [fields.Command.set(self.customer.ids)]}
        ).action_send_mail()

    #: Each refuses by an error that lists the blockers.
    WAYS = (
        "send_button",
        "proforma",
        "many_at_once",
        "domain",
        "template",
        "template_to_address",
        "template_batch",
        "post_with_source",
        "words_of_a_template",
        "mail_with_source",
        "server_action_mail",
        "server_action_post",
        "file_in_chat",
        "notification",
        "share_dialog",
    )

    def _count_sent(self, order):
        """Mails and notifications about a quotation that go to somebody outside."""
        document = [("model", "=", "sale.order"), ("res_id", "=", order.id)]
        mails = self.env["mail.mail"].search(document)
        outside = mails.filtered(lambda mail: mail.email_to or mail.recipient_ids.filtered("partner_share"))
        messages = self.env["mail.message"].search(document)
        return len(outside.mail_message_id | messages.filtered(lambda m: self.customer in m.notified_partner_ids))
