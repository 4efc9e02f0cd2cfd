"""Table A of the design, messages: each way is tried with a quotation that may not go, and with one that may."""

from unittest.mock import patch

from markupsafe import Markup

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.sales_management.tools.copy_mark import mark

from .ways_common import WaysCommon


@tagged("post_install", "-at_install", "quotation")
class TestWaysOutMail(WaysCommon):
    def test_each_way_is_refused_for_what_is_held_back(self):
        for way in self.WAYS:
            with self.subTest(way), self.assertRaises(UserError) as caught:
                getattr(self, f"_by_{way}")(self.unreleased.with_user(self.salesperson))
            with self.subTest(way):
                self.assertIn(self.unreleased.name, str(caught.exception))
                self.assertFalse(self._count_sent(self.unreleased))
                self.assertEqual(self.unreleased.state, "draft")

    def test_each_way_is_open_for_what_is_released(self):
        for way in self.WAYS:
            with self.subTest(way):
                order = self._make_released(self.released.copy())
                getattr(self, f"_by_{way}")(order.with_user(self.salesperson))
                self.assertTrue(self._count_sent(order))

    def test_each_way_is_open_while_nothing_is_configured(self):
        self.env.company.write({"sales_quotation_enabled": False, "sales_approval_enabled": False})
        for way in self.WAYS:
            with self.subTest(way):
                order = self.released.copy()
                getattr(self, f"_by_{way}")(order.with_user(self.salesperson))
                self.assertTrue(self._count_sent(order))
                self.assertFalse(order.quotation_copy_ids)

    def test_nothing_is_asked_while_nothing_is_configured(self):
        self.env.company.write({"sales_quotation_enabled": False, "sales_approval_enabled": False})

        def refuse(orders):
            raise AssertionError("Asked.")

        order = self.released.copy()
        with patch.object(self.registry["sale.order"], "_get_release_blockers", refuse):
            for way in self.WAYS:
                with self.subTest(way):
                    getattr(self, f"_by_{way}")(order.with_user(self.salesperson))

    def test_hole_g_quotation_that_was_never_submitted(self):
        with self.assertRaises(UserError):
            self._by_send_button(self.unreleased.with_user(self.salesperson))
        self.assertEqual(self.unreleased.state, "draft")

    def test_hole_h_approved_quotation_is_marked_as_sent(self):
        self.released.with_user(self.salesperson).write({"state": "sent"})
        self.assertEqual(self.released.state, "sent")
        self.assertTrue(self.released.is_released)

    def test_hole_o_template_on_draft(self):
        with self.assertRaises(UserError):
            self._by_template(self.unreleased.with_user(self.salesperson))

    def test_one_held_back_stops_all_of_a_batch(self):
        both = (self.released | self.unreleased).with_user(self.salesperson)
        with self.assertRaises(UserError) as caught:
            self._by_many_at_once(both)
        self.assertNotIn(self.released.name, str(caught.exception).split("\n", maxsplit=1)[0])
        self.assertFalse(self._count_sent(self.released))

    def test_superseded_revision_cannot_leave(self):
        self._make_superseded(self.released)
        for way in self.WAYS:
            with self.subTest(way), self.assertRaises(UserError):
                getattr(self, f"_by_{way}")(self.released.with_user(self.salesperson))

    # === What stays possible === #

    def test_template_is_rendered_and_sent_to_colleagues(self):
        order = self.unreleased.with_user(self.salesperson)
        wizard = self._compose(order)
        self.assertIn(order.name, wizard.subject)
        self.template.write({"use_default_to": False, "partner_to": str(self.manager.partner_id.id)})
        self.assertTrue(self.template.with_env(order.env).send_mail(order.id))
        wizard.partner_ids = self.manager.partner_id

    def test_chat_with_the_customer_stays_possible_without_link_and_total(self):
        order = self.unreleased
        order.message_subscribe(self.customer.ids)
        message = order.with_user(self.salesperson).message_post(
            body=Markup("It is coming tomorrow"), subtype_xmlid="mail.mt_comment", message_type="comment"
        )
        self.assertIn(self.customer, message.notified_partner_ids)
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        bodies = "".join(mail.mapped("body_html"))
        self.assertNotIn("access_token", bodies)
        for record, parts in ((order, 1), (self.released, 2)):
            values = record._notify_by_email_prepare_rendering_context(message)
            self.assertEqual(len(values["subtitles"]), parts, "The second part is the total.")
        groups = {group[0]: group[2] for group in order._notify_get_recipients_groups(message, "Quotation")}
        self.assertFalse(groups["portal_customer"]["has_button_access"])
        self.assertTrue(groups["user"]["has_button_access"])
        groups = {group[0]: group[2] for group in self.released._notify_get_recipients_groups(message, "Quotation")}
        self.assertTrue(groups["portal_customer"]["has_button_access"])

    def test_note_with_a_copy_stays_inside(self):
        order = self.unreleased.with_user(self.salesperson)
        file = [(f"{order.name}.pdf", b"%PDF-1.4")]
        order.message_post(body=Markup("For you"), attachments=file, partner_ids=self.manager.partner_id.ids)
        with self.assertRaises(UserError):
            # A public message without recipients is read in the portal.
            order.message_post(body=Markup("For you"), attachments=file, subtype_xmlid="mail.mt_comment")

    def test_note_does_not_become_public(self):
        order = self.unreleased.with_user(self.salesperson)
        note = order.message_post(body=Markup("For you"), attachments=[(f"{order.name}.pdf", b"%PDF-1.4")])
        chat = order.message_post(body=Markup("Hello"), subtype_xmlid="mail.mt_comment", message_type="comment")
        comment = self.env.ref("mail.mt_comment")
        with self.assertRaises(UserError):
            note.sudo().write({"subtype_id": comment.id})
        with self.assertRaises(UserError):
            order._message_update_content(chat, body=Markup("Hello"), attachment_ids=note.attachment_ids.ids)
        self._make_released(self.unreleased)
        note.sudo().write({"subtype_id": comment.id})

    def test_marked_copy_is_known_under_any_name(self):
        order = self.unreleased.with_user(self.salesperson)
        values = {"partner_ids": self.customer.ids, "subtype_xmlid": "mail.mt_comment"}
        with self.assertRaises(UserError):
            copy = mark(b"%PDF-1.4", {order.id: None})
            order.message_post(body=Markup("x"), attachments=[("picture.pdf", copy)], **values)
        order.message_post(body=Markup("x"), attachments=[("drawing.pdf", b"%PDF-1.4")], **values)

    def test_copy_that_is_out_of_date_does_not_leave(self):
        order = self.released.with_user(self.salesperson)
        digest = order._get_content_digests()[order]
        values = {"body": "x", "partner_ids": self.customer.ids, "subtype_xmlid": "mail.mt_comment"}
        order.message_post(attachments=[("a.pdf", mark(b"%PDF", {order.id: digest}))], **values)
        for copies in ({order.id: None}, {order.id: 64 * "0"}, {self.unreleased.id: digest}, {0: digest}):
            with self.subTest(copies), self.assertRaises(UserError):
                order.message_post(attachments=[("a.pdf", mark(b"%PDF", copies))], **values)

    def test_cart_of_the_shop_is_its_customers_own(self):
        with patch.object(self.registry["sale.order"], "_is_shop_cart", lambda order: True):
            self.assertFalse(self.unreleased._filter_held_back())
        self.assertFalse(self.unreleased._is_shop_cart())

    def test_mail_of_the_customer_with_his_copy_comes_in(self):
        order = self.unreleased
        file = [(f"Re {order.name}.pdf", b"%PDF-1.4")]
        # sudo: as the mail gateway posts.
        order.with_user(self.root).message_post(
            body=Markup("Signed"), attachments=file, message_type="email", subtype_xmlid="mail.mt_comment"
        )
        order.with_user(self.portal_user).sudo().message_post(
            body=Markup("Signed"), attachments=file, message_type="comment", subtype_xmlid="mail.mt_comment"
        )

    def test_hostile_context_opens_nothing(self):
        for context in (
            {"sales_offer_goes_along": False},
            {"mail_notify_force_send": True, "skip_validation_check": True, "proforma": False},
        ):
            with self.subTest(context), self.assertRaises(UserError):
                self._by_send_button(self.unreleased.with_user(self.salesperson).with_context(**context))

    def test_payment_link(self):
        for order, is_given in ((self.unreleased, False), (self.released, True)):
            wizard = (
                self.env["payment.link.wizard"]
                .with_user(self.finance)
                .sudo()
                .with_context(active_model="sale.order", active_id=order.id)
                .create({})
            )
            with self.subTest(order.name):
                self.assertEqual(bool(wizard.link), is_given)
                self.assertEqual(bool(wizard.warning_message), not is_given)

    def test_share_dialog_says_why(self):
        wizard = self.env["portal.share"].with_context(active_model="sale.order", active_id=self.unreleased.id).new({})
        wizard.res_model, wizard.res_id = "sale.order", self.unreleased.id
        self.assertEqual(wizard.access_warning, self.unreleased.release_message)
