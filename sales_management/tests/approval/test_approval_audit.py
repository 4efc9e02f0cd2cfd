from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.sales_management.tests.approval.common import ApprovalCommon


@tagged("post_install", "-at_install", "approval")
class TestApprovalAudit(ApprovalCommon):
    """The story of a quotation says who was given whose part in its approval, and that it was handed over."""

    def _get_rows(self, order, kind):
        return [row for row in order._get_audit_rows() if row["kind"] == kind]

    def _delegate(self, user, delegate, by=None):
        today = fields.Date.today()
        delegations = self.env["sales.approval.delegation"].with_user(by or user)
        return delegations.create(
            {"user_id": user.id, "delegate_id": delegate.id, "date_from": today, "date_to": today}
        )

    def test_request_that_was_given_away(self):
        order = self._create_pending()
        order.with_user(self.director).action_delegate(self.controller.id, "You know them")
        (row,) = self._get_rows(order, "delegated")
        self.assertEqual(row["who"], "Director")
        self.assertIn("Controller", row["details"])
        self.assertIn("You know them", row["details"])
        self.assertEqual(row["digest"], self._get_request(order).digest)

    def test_delegation_by_which_somebody_decided(self):
        delegation = self._delegate(self.director, self.controller, by=self.manager)
        self._delegate(self.leader, self.member)
        order = self._create_pending()
        self.assertFalse(self._get_rows(order, "delegated"))
        order.with_user(self.controller).action_approve()
        (row,) = self._get_rows(order, "delegated")
        self.assertEqual((row["who"], row["title"]), ("Manager", "Delegate named"))
        self.assertIn("Director", row["details"])
        delegation.sudo().unlink()
        self.assertEqual(self._get_rows(order, "delegated")[0], row)

    def test_delegations_are_kept_as_they_were(self):
        delegation = self._delegate(self.director, self.controller)
        until = delegation.date_to
        delegation.write({"date_to": "2999-01-01"})
        delegation.unlink()
        facts = self.env["sales.approval.delegation.fact"].search([("user_id", "=", self.director.id)], order="id")
        self.assertEqual(facts.mapped("kind"), ["named", "changed", "ended"])
        self.assertEqual(facts.mapped("date_to"), [until, *[fields.Date.to_date("2999-01-01")] * 2])
        self.assertEqual(set(facts.mapped("delegate_name")), {"Controller"})
        with self.assertRaises(UserError):
            facts.with_user(self.manager).write({"comment": "x"})
        with self.assertRaises(AccessError):
            facts.with_user(self.director).read(["kind"])

    def test_hand_over_without_a_file(self):
        order = self._create_quotation(client_order_ref="free")
        order.sudo().handed_over_at = "2026-03-01 08:00:00"
        (row,) = self._get_rows(order, "handed_over")
        self.assertIn("2026-03-01", row["moment"])
        order.sudo().handed_over_at = fields.Datetime.now()
        order._archive("pdf")
        self.assertFalse(self._get_rows(order, "handed_over"))

    def test_queries_do_not_grow(self):
        counts = []
        self._delegate(self.director, self.controller)
        for size in (1, 6):
            orders = self.env["sale.order"].union(*(self._create_pending() for _number in range(size)))
            for order in orders:
                order.with_user(self.controller).action_approve()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders.sudo()._get_delegation_entries()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0], counts)
