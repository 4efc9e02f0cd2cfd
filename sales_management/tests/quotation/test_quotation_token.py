"""What is told of a copy by the token behind its code."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .paper_common import PaperCommon


@tagged("post_install", "-at_install", "quotation")
class TestQuotationToken(PaperCommon):
    def setUp(self):
        super().setUp()
        self.token = self.order._get_quotation_token()

    def test_copy_of_the_current_content_is_valid(self):
        found, status = self.env["sale.order"]._find_printed_quotation(self.token)
        self.assertEqual((found, status), (self.order, "valid"))

    def test_token_is_the_same_for_the_same_content(self):
        self.order.user_id = self.manager
        self.assertEqual(self.order._get_quotation_token(), self.token)

    def test_copy_is_replaced_when_the_content_changes(self):
        self.order.order_line.price_unit = 8
        self.assertEqual(self._get_status(self.token), "replaced")
        self.assertEqual(self._get_status(self.order._get_quotation_token()), "valid")

    def test_copy_is_valid_again_when_the_change_is_taken_back(self):
        self.order.order_line.price_unit = 8
        self.order.order_line.price_unit = 10
        self.assertEqual(self._get_status(self.token), "valid")

    def test_copy_is_replaced_by_a_revision(self):
        self.order.action_create_revision()
        newer = self.order.superseded_by_id
        self.assertEqual(self._get_status(self.token), "replaced")
        self.assertEqual(self._get_status(newer._get_quotation_token()), "valid")

    def test_copy_of_a_discarded_revision_is_withdrawn(self):
        self.order.action_create_revision()
        newer = self.order.superseded_by_id
        newer.order_line.price_unit = 8
        token = newer._get_quotation_token()
        newer.action_discard_revision()
        self.assertEqual(self._get_status(token), "withdrawn")
        self.assertEqual(self._get_status(self.token), "valid")

    def test_copy_of_a_cancelled_quotation_is_withdrawn(self):
        self.order._action_cancel()
        self.assertEqual(self._get_status(self.token), "withdrawn")

    def test_copy_is_withdrawn_when_its_release_is(self):
        self._hold_back(self.order)
        self.assertEqual(self._get_status(self.token), "withdrawn")

    def test_copy_expires_by_the_clock_of_the_company(self):
        yesterday = fields.Date.today() - timedelta(days=2)
        self.order.validity_date = yesterday
        self.assertEqual(self._get_status(self.order._get_quotation_token()), "expired")

    def test_copy_of_an_order_is_valid_and_ordered(self):
        self.order.action_confirm()
        self.assertEqual(self._get_status(self.token), "ordered")

    def test_copy_of_a_deleted_quotation_is_unknown(self):
        self.order.unlink()
        self.assertEqual(self._get_status(self.token), "unknown")

    def test_forged_tokens_are_unknown(self):
        other = self._create_paper_order()._get_quotation_token()
        mixed = other[:20] + self.token[20:]
        for token in ("", "x", "1", self.token[:-1], self.token + "A", mixed, "A" * 32, "é" * 32, "../../etc/passwd"):
            with self.subTest(token):
                self.assertEqual(self._get_status(token), "unknown")
        for position in range(len(self.token)):
            changed = "B" if self.token[position] == "A" else "A"
            token = self.token[:position] + changed + self.token[position + 1 :]
            self.assertEqual(self._get_status(token), "unknown", token)

    def test_token_of_another_database_is_unknown(self):
        self.env["ir.config_parameter"].sudo().set_param("database.secret", "another")
        self.assertEqual(self._get_status(self.token), "unknown")

    def test_tokens_count_after_the_capability_was_switched_off(self):
        self.company.sales_quotation_enabled = False
        self.assertEqual(self._get_status(self.token), "valid")
        self.order.order_line.price_unit = 8
        self.assertEqual(self._get_status(self.token), "replaced")
