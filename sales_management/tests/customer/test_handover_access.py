"""What each role can do with handovers over real RPC."""

from odoo.tests import tagged

from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, AccessCommon

PLAN, HANDOVER, LINE = "sales.customer.handover.plan", "sales.customer.handover", "sales.customer.handover.line"


@tagged("post_install", "-at_install", "access", "customer")
class TestHandoverAccess(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_customer_enabled = True
        cls.owned = cls.env["res.partner"].create(
            {"name": "Owned", "is_company": True, "customer_rank": 1, "user_id": cls.salesperson.id}
        )
        cls.values = {"user_id": cls.salesperson.id, "successor_ids": [[6, 0, cls.stranger.ids]]}

    def _hand_over(self):
        ids = self._call(self.manager, PLAN, "create", vals_list=[self.values])
        self._call(self.manager, PLAN, "action_preview", ids=ids)
        return self._call(self.manager, PLAN, "action_hand_over", ids=ids)["res_id"]

    def test_manager_hands_over(self):
        handover_id = self._hand_over()
        self.assertEqual(self.owned.user_id, self.stranger)
        self.assertEqual(self.mate_deal.user_id, self.stranger)
        [row] = self._call(self.manager, HANDOVER, "read", ids=[handover_id], fields=["former_name", "user_name"])
        self.assertEqual((row["former_name"], row["user_name"]), ("Salesperson", "Manager"))

    def test_nobody_else_does(self):
        others = (self.salesperson, self.member, self.leader, self.stranger, self.finance, self.stock, self.portal)
        ids = self._call(self.manager, PLAN, "create", vals_list=[self.values])
        self._call(self.manager, PLAN, "action_preview", ids=ids)
        for user in others:
            with self.subTest(user=user.login):
                self._assert_refused(FORBIDDEN, user, PLAN, "create", vals_list=[self.values])
                for method in ("action_preview", "action_hand_over"):
                    self._assert_refused(FORBIDDEN, user, PLAN, method, ids=ids)
                self._assert_refused(FORBIDDEN, user, "sales.leaver", "search_read", domain=[], fields=["name"])
                self._assert_refused(
                    FORBIDDEN, user, "res.users", "action_hand_over_customers", ids=self.salesperson.ids
                )
        self.assertEqual(self.owned.user_id, self.salesperson)

    def test_plan_of_another_manager_is_not_used(self):
        other = self._create_user("second", "sales_team.group_sale_manager")
        ids = self._call(self.manager, PLAN, "create", vals_list=[self.values])
        self._assert_refused(FORBIDDEN, other, PLAN, "action_preview", ids=ids)

    def test_handovers_are_not_forged(self):
        handover_id = self._hand_over()
        lines = self.env[LINE].search([("handover_id", "=", handover_id)])
        for user in (self.stranger, self.manager):
            self._assert_refused(FORBIDDEN, user, HANDOVER, "create", vals_list=[{"company_id": self.env.company.id}])
            self._assert_refused(FORBIDDEN, user, HANDOVER, "write", ids=[handover_id], vals={"reason": "None"})
            self._assert_refused(FORBIDDEN, user, HANDOVER, "unlink", ids=[handover_id])
            self._assert_refused(FORBIDDEN, user, LINE, "write", ids=lines[:1].ids, vals={"name": "None"})
            self._assert_refused(FORBIDDEN, user, LINE, "unlink", ids=lines[:1].ids)

    def test_successors_read_what_they_got(self):
        handover_id = self._hand_over()
        lines = self.env[LINE].search([("handover_id", "=", handover_id)])
        for user, count in ((self.stranger, len(lines)), (self.manager, len(lines)), (self.member, 0)):
            found = self._call(user, LINE, "search_count", domain=[["handover_id", "=", handover_id]])
            self.assertEqual(found, count, user.login)
        self._assert_refused(FORBIDDEN, self.leader, HANDOVER, "read", ids=[handover_id], fields=["reason"])
        self._assert_refused(FORBIDDEN, self.finance, HANDOVER, "read", ids=[handover_id], fields=["reason"])
