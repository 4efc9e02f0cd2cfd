from markupsafe import Markup
from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.quotation.revision_common import RevisionCommon


@tagged("post_install", "-at_install", "quotation")
class TestRevisionFreeze(RevisionCommon):
    """A revision that was replaced says for ever what it said; the two never both become orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quotation()
        cls.order.action_create_revision()
        cls.revision = cls.order.superseded_by_id

    def _assert_frozen(self, act, *arguments):
        with self.assertRaisesRegex(UserError, f"{self.order.name} was replaced by {self.revision.name}"):
            act(*arguments)

    def test_hole_m_old_and_new_do_not_both_become_orders(self):
        self._assert_frozen(self.order.with_user(self.salesperson).action_draft)
        self._assert_frozen(self.order.with_user(self.manager).write, {"state": "draft"})
        self.revision.action_confirm()
        self.assertEqual((self.order.state, self.revision.state), ("cancel", "sale"))
        with self.assertRaises(UserError):
            self.order.action_confirm()

    def test_batch_names_the_one_that_is_frozen(self):
        other = self._create_quotation()
        other.action_cancel()
        self._assert_frozen((self.order | other).action_draft)
        self.assertEqual(other.state, "cancel")

    def test_content_is_frozen(self):
        order = self.order.with_user(self.salesperson)
        for values in (
            {"note": "Other terms"},
            {"validity_date": "2028-01-01"},
            {"partner_id": self.partner_a.id},
            {"pricelist_id": False},
            {"payment_term_id": self.pay_terms_b.id},
            {"name": "S1"},
            {"state": "sent"},
            {"state": "sale"},
            {"signed_by": "Wang"},
            {"order_line": [Command.clear()]},
        ):
            with self.subTest(values):
                self._assert_frozen(order.write, values)

    def test_lines_are_frozen(self):
        line = self.order.order_line.filtered("product_id").with_user(self.salesperson)[0]
        for values in ({"price_unit": 0.1}, {"product_uom_qty": 1}, {"name": "X"}, {"discount": 50}, {"sequence": 99}):
            with self.subTest(values):
                self._assert_frozen(line.write, values)
        self._assert_frozen(line.unlink)
        self._assert_frozen(line.create, {"order_id": self.order.id, "product_id": self.nut.id})
        self._assert_frozen(line.with_context(default_order_id=self.order.id).create, {"product_id": self.nut.id})

    def test_lines_do_not_move_there(self):
        line = self.revision.order_line[1].with_user(self.salesperson)
        self._assert_frozen(line.write, {"order_id": self.order.id})

    def test_what_says_nothing_stays_open(self):
        order = self.order.with_user(self.manager)
        order.write({"user_id": self.member.id, "tag_ids": [Command.create({"name": "Old"})]})
        order.message_post(body=Markup("Why it was replaced"))
        self.assertEqual(self.order.user_id, self.member)

    def test_fields_of_revisions_are_nobodys_to_write(self):
        other = self._create_quotation()
        for values in (
            {"quotation_revision": 7},
            {"is_current_revision": True},
            {"superseded_by_id": other.id},
            {"quotation_family_id": self.order.quotation_family_id.id},
            {"before_revision": {"state": "sale"}},
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, "filled in automatically"):
                self.order.with_user(self.manager).write(values)
        with self.assertRaisesRegex(UserError, "filled in automatically"):
            self.revision.order_line[:1].with_user(self.manager).write({"revision_origin": 1})

    def test_revisions_are_kept(self):
        for order in (self.order, self.revision):
            with self.subTest(order.name), self.assertRaisesRegex(UserError, "Discard the current one"):
                order.with_user(self.manager).unlink()

    def test_switched_off_it_stays_cancelled(self):
        self.company.sales_quotation_enabled = False
        self.assertIn(self.order, self.order._get_release_blockers())
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.cr.savepoint():
            self.order.action_draft()
            self.env.flush_all()

    def test_replaced_one_is_never_released(self):
        self.assertFalse(self.order.is_released)
        self.assertTrue(self.revision.is_released)
        self.assertIn(self.revision.name, self.order.release_message)
        both = [("id", "in", (self.order | self.revision).ids)]
        self.assertEqual(self.env["sale.order"].search([*both, ("is_released", "=", True)]), self.revision)

    def test_other_quotations_cost_no_query(self):
        self.company.sales_quotation_enabled = False
        order = self._create_quotation()
        line = order.order_line[1]
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            order._prepare_document_write_values({"note": "X"})
            line._prepare_document_write_values({"price_unit": 1.0})
