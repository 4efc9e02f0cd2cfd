from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.sales_management.tests.approval.common import ApprovalCommon


@tagged("post_install", "-at_install", "approval")
class TestApprovalChain(ApprovalCommon):
    """What is changed by SQL, past the guard of facts, is found."""

    def setUp(self):
        super().setUp()
        self.order = self._create_quotation()
        for position in range(3):
            self.order.action_request_approval()
            self.order.with_user(self.director).action_reject(f"reason {position}")
        self.decisions = self.order.sudo().approval_request_ids.decision_ids.sorted("id")
        self.env.flush_all()

    def _tamper(self, query, *params):
        self.env.cr.execute("ALTER TABLE sales_approval_decision DISABLE TRIGGER USER")
        self.env.cr.execute(query, params)
        self.env.cr.execute("ALTER TABLE sales_approval_decision ENABLE TRIGGER USER")

    def _verify(self):
        return self.order._verify_chain()[self.order]

    def test_untouched(self):
        self.assertEqual(self._verify(), [])
        action = self.order.with_user(self.manager).action_verify_chain()
        self.assertEqual(action["params"]["type"], "success")
        self.assertIn("3", action["params"]["message"])

    def test_deleted_in_the_middle(self):
        self._tamper("DELETE FROM sales_approval_decision WHERE id = %s", self.decisions[1].id)
        self.assertTrue(any("missing" in problem for problem in self._verify()))
        action = self.order.with_user(self.manager).action_verify_chain()
        self.assertEqual(action["params"]["type"], "danger")

    def test_last_one_deleted(self):
        self._tamper("DELETE FROM sales_approval_decision WHERE id = %s", self.decisions[2].id)
        self.assertTrue(self._verify())

    def test_changed(self):
        for column, value in (("outcome", "approved"), ("decided_at", "2020-01-01"), ("digest", "0" * 64)):
            with self.subTest(column), self.env.cr.savepoint() as savepoint:
                self._tamper(
                    f"UPDATE sales_approval_decision SET {column} = %s WHERE id = %s", value, self.decisions[1].id
                )
                self.assertTrue(any("was changed" in problem for problem in self._verify()))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_changed_texts(self):
        for column in ("comment", "user_name"):
            with self.subTest(column), self.env.cr.savepoint() as savepoint:
                self._tamper(f"UPDATE sales_approval_decision SET {column} = 'x' WHERE id = %s", self.decisions[1].id)
                self.assertTrue(any("comment" in problem for problem in self._verify()))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_reordered(self):
        first, second, _third = self.decisions.ids
        self._tamper("UPDATE sales_approval_decision SET id = -1 WHERE id = %s", first)
        self._tamper("UPDATE sales_approval_decision SET id = %s WHERE id = %s", first, second)
        self._tamper("UPDATE sales_approval_decision SET id = %s WHERE id = -1", second)
        self.env.invalidate_all()
        self.assertTrue(any("moved" in problem for problem in self._verify()))

    def test_erased_texts_keep_it_valid(self):
        self.decisions.with_user(self.manager).action_erase_texts("asked by the person")
        self.assertEqual(set(self.decisions.mapped("comment")), {"███"})
        self.assertEqual(self._verify(), [])

    def test_only_managers_verify(self):
        with self.assertRaises(AccessError):
            self.order.action_verify_chain()
