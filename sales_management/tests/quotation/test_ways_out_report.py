"""Table A of the design, files: reports of every kind on quotations."""

import io
from unittest.mock import patch

from lxml import html

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from odoo.addons.sale.models.sale_order import SaleOrder as CoreOrder
from odoo.addons.sales_management.tools.copy_mark import read_marks

from .release_common import ReleaseCommon

REPORTS = ("sale.action_report_saleorder", "sale.action_report_pro_forma_invoice")


@tagged("post_install", "-at_install", "quotation")
class TestWaysOutReport(ReleaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = (cls.portal_user, cls.env.ref("base.public_user"))

    def _render(self, kind, report, order, user, **context):
        # sudo: as the portal renders.
        model = self.env["ir.actions.report"].with_user(user).sudo().with_context(**context)
        return getattr(model, f"_render_qweb_{kind}")(report, order.ids)[0]

    def test_customers_are_refused(self):
        for user in self.customers:
            for report in REPORTS:
                for kind in ("pdf", "html", "text"):
                    with self.subTest(user=user.id, report=report, kind=kind):
                        with self.assertRaises(UserError):
                            self._render(kind, report, self.unreleased, user)
                        self.assertTrue(self._render(kind, report, self.released, user))

    def test_customers_are_refused_the_real_pdf(self):
        with self.assertRaises(UserError):
            self._render("pdf", REPORTS[0], self.unreleased, self.portal_user, force_report_rendering=True)
        content = self._render("pdf", REPORTS[0], self.released, self.portal_user, force_report_rendering=True)
        self.assertTrue(content.startswith(b"%PDF"))
        digest = self.released._get_content_digests()[self.released]
        self.assertEqual(read_marks(content), {self.released.id: digest})
        self.assertTrue(PdfFileReader(io.BytesIO(content)).pages)

    def test_hole_i_internal_copies_are_marked_whatever_the_report(self):
        for report in REPORTS:
            for kind in ("html", "text"):
                with self.subTest(report=report, kind=kind):
                    content = self._render(kind, report, self.unreleased, self.salesperson)
                    self.assertIn("NOT APPROVED", content.decode())
                    content = self._render(kind, report, self.released, self.salesperson)
                    self.assertNotIn("NOT APPROVED", content.decode())

    def test_internal_pdf_is_marked(self):
        content = self._render("pdf", REPORTS[0], self.unreleased, self.salesperson, force_report_rendering=True)
        self.assertEqual(read_marks(content), {self.unreleased.id: None})
        self.assertTrue(PdfFileReader(io.BytesIO(content)).pages)

    def test_only_what_is_held_back_is_marked_in_a_batch(self):
        content = self._render("html", REPORTS[0], self.released | self.unreleased, self.salesperson)
        articles = html.document_fromstring(content).find_class("article")
        marked = [article.get("data-oe-id") for article in articles if "NOT APPROVED" in article.text_content()]
        self.assertEqual(marked, [str(self.unreleased.id)])

    def test_report_of_another_addon_is_gated(self):
        self.env["ir.ui.view"].create(
            {
                "name": "own",
                "type": "qweb",
                "key": "sales_management.own_report",
                "arch": "<t t-name='sales_management.own_report'><t t-foreach='docs' t-as='o'>"
                "<p t-out='o.amount_total'/></t></t>",
            }
        )
        own = self.env["ir.actions.report"].create(
            {
                "name": "Own",
                "model": "sale.order",
                "report_name": "sales_management.own_report",
                "report_type": "qweb-html",
            }
        )
        with self.assertRaises(UserError):
            self._render("html", own, self.unreleased, self.portal_user)
        self.assertIn("NOT APPROVED", self._render("html", own, self.unreleased, self.salesperson).decode())
        self.assertNotIn("NOT APPROVED", self._render("html", own, self.released, self.salesperson).decode())

    # === Stored copies === #

    def _store(self):
        report = self.env.ref(REPORTS[0])
        report.write({"attachment": "object.name + '.pdf'", "attachment_use": True})
        return report

    def _stored(self, order):
        return self.env["ir.attachment"].search([("res_model", "=", "sale.order"), ("res_id", "=", order.id)])

    def test_stored_copy_does_not_slip_through(self):
        self._store()
        order = self.released
        first = self._render("pdf", REPORTS[0], order, self.salesperson, force_report_rendering=True)
        self.assertTrue(first.startswith(self._stored(order).raw))
        self.assertTrue(self.env.ref(REPORTS[0]).retrieve_attachment(order), "Served while it may go.")
        self._make_unreleased(order)
        with self.assertRaises(UserError):
            self._render("pdf", REPORTS[0], order, self.portal_user, force_report_rendering=True)
        content = self._render("pdf", REPORTS[0], order, self.salesperson, force_report_rendering=True)
        self.assertEqual(read_marks(content), {order.id: None})

    def test_copy_of_what_is_held_back_is_not_stored(self):
        self._store()
        self._render("pdf", REPORTS[0], self.unreleased, self.salesperson, force_report_rendering=True)
        self.assertFalse(self._stored(self.unreleased))

    def test_stored_copy_of_other_content_is_not_served(self):
        self._store()
        order = self.released
        self._render("pdf", REPORTS[0], order, self.salesperson, force_report_rendering=True)
        order.order_line.price_unit = 11
        self._make_released(order)
        self._render("pdf", REPORTS[0], order, self.salesperson, force_report_rendering=True)
        self.assertEqual(len(self._stored(order)), 2)

    # === Electronic documents === #

    def test_no_electronic_document_of_what_is_held_back(self):
        with patch.object(CoreOrder, "_get_edi_builders", lambda self: ["builder"]):
            self.assertEqual(self.unreleased._get_edi_builders(), [])
            self.assertIn("builder", self.released._get_edi_builders())

    # === Nothing configured === #

    def test_core_renders_as_ever_while_nothing_is_configured(self):
        self.env.company.write({"sales_quotation_enabled": False, "sales_approval_enabled": False})
        for user in (*self.customers, self.salesperson):
            with self.subTest(user.id):
                content = self._render("html", REPORTS[0], self.unreleased, user).decode()
                self.assertNotIn("NOT APPROVED", content)
        content = self._render("pdf", REPORTS[0], self.unreleased, self.portal_user, force_report_rendering=True)
        self.assertFalse(read_marks(content))
