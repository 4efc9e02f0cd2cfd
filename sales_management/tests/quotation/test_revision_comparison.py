from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.sales_management.tests.quotation.revision_common import RevisionCommon


@tagged("post_install", "-at_install", "quotation")
class TestRevisionComparison(RevisionCommon):
    """What changed, line by line, from what was archived."""

    def _get_line(self, order, product):
        return order.order_line.filtered(lambda line: line.product_id == product)

    def test_nothing_changed(self):
        order = self._create_quotation()
        result = order._compare_revision(self._revise(order))
        self.assertEqual({change.kind for change in result["lines"]}, {"same"})
        self.assertFalse(result["terms"])

    def test_lines_terms_and_totals(self):
        order = self._create_quotation()
        revision = self._revise(order)
        self._get_line(revision, self.bolt).write({"price_unit": 0.75, "product_uom_qty": 8000})
        self._get_line(revision, self.nut).unlink()
        revision.write(
            {
                "payment_term_id": self.pay_terms_b.id,
                "order_line": [Command.create({"product_id": self.nut.id, "product_uom_qty": 1, "sequence": 9})],
            }
        )
        result = order._compare_revision(revision)
        changes = {change.latter["product_id"]: change for change in result["lines"] if change.kind == "changed"}
        bolt = changes[self.bolt.id].values
        self.assertEqual((bolt["price"], bolt["quantity"]), (("0.8237", "0.75"), ("5000.00", "8000.00")))
        self.assertIn("quantity", changes[self.nut.id].values)
        self.assertEqual(result["terms"]["payment_term_id"][1], self.pay_terms_b.display_name)
        self.assertNotEqual(*result["totals"]["amount_total"])

    def test_old_one_is_compared_as_it_was_archived(self):
        """Other addons remove lines of cancelled orders, and products are called otherwise later on."""
        order = self._create_quotation()
        revision = self._revise(order)
        order.sudo().order_line.unlink()
        self.nut.name = "Nut, renamed"
        result = order._compare_revision(revision)
        self.assertEqual(len(result["former"]["lines"]), 6)
        renamed = [change for change in result["lines"] if change.values]
        self.assertEqual([list(change.values) for change in renamed], [["product"]])

    def test_any_two_of_the_family(self):
        order = self._create_quotation()
        second = self._revise(order)
        self._get_line(second, self.bolt).price_unit = 0.7
        third = self._revise(second)
        self._get_line(third, self.bolt).price_unit = 0.8237
        self.assertFalse([change for change in order._compare_revision(third)["lines"] if change.values])
        values = [change.values["price"] for change in third._compare_revision(second)["lines"] if change.values]
        self.assertEqual(values, [("0.8237", "0.70")])

    def test_margin_for_those_who_may_see_cost(self):
        self.bolt.standard_price = 0.5
        order = self._create_quotation()
        revision = self._revise(order)
        self._get_line(revision, self.bolt).price_unit = 0.7
        seen = order.with_user(self.salesperson)._compare_revision(revision.with_user(self.salesperson))
        self.assertNotEqual(*seen["margins"]["margin"])
        self.patch(self.env["sale.order.line"]._fields["purchase_price"], "groups", "account.group_account_manager")
        hidden = order.with_user(self.salesperson)._compare_revision(revision.with_user(self.salesperson))
        self.assertEqual((hidden["margins"], hidden["line_margins"]), ({}, ({}, {})))

    # === Screen === #

    def test_dialog(self):
        order = self._create_quotation()
        revision = self._revise(order)
        self._get_line(revision, self.bolt).price_unit = 0.7
        action = revision.with_user(self.salesperson).action_compare_revisions()
        comparisons = self.env["sales.quotation.comparison"].with_user(self.salesperson)
        form = Form(comparisons.with_context(**action["context"]))
        self.assertEqual((form.former_id, form.latter_id), (order, revision))
        self.assertIn("0.8237", form.changes)
        self.assertIn("M8 bolt, zinc", form.changes)
        form.latter_id = order
        self.assertIn("Nothing of what the customer is offered differs", form.changes)

    def test_first_one_is_compared_with_the_second(self):
        order = self._create_quotation()
        revision = self._revise(order)
        context = order.action_compare_revisions()["context"]
        self.assertEqual((context["default_former_id"], context["default_latter_id"]), (order.id, revision.id))

    def test_words_of_people_are_shown_as_words(self):
        order = self._create_quotation()
        revision = self._revise(order)
        self._get_line(revision, self.bolt).name = "<script>alert(1)</script>"
        wizard = self.env["sales.quotation.comparison"].create({"former_id": order.id, "latter_id": revision.id})
        self.assertIn("&lt;script&gt;", wizard.changes)
        self.assertNotIn("<script>", wizard.changes)

    def test_two_quotations_are_not_compared(self):
        order = self._create_quotation()
        self._revise(order)
        other = self._create_quotation()
        wizard = self.env["sales.quotation.comparison"].create({"former_id": order.id, "latter_id": other.id})
        with self.assertRaisesRegex(UserError, "no revisions of the same quotation"):
            wizard.changes  # noqa: B018  # reading it computes it
        with self.assertRaisesRegex(UserError, "one revision only"):
            other.action_compare_revisions()
