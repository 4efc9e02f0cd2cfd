"""Targets over real RPC: each role sees and writes what is theirs, and nobody writes what a closed one says."""

from odoo import fields
from odoo.tests import tagged

from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, AccessCommon


@tagged("post_install", "-at_install", "target")
class TestTargetAccess(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_target_enabled = True
        targets = cls.env["sales.target"]
        values = {"metric": "ordered", "date_from": fields.Date.from_string("2020-01-01"), "amount": 1000}
        team = {"team_id": cls.team.id}
        cls.whole = targets.create(values | team)
        cls.own = targets.create(values | team | {"user_id": cls.salesperson.id, "parent_id": cls.whole.id})
        cls.mate = targets.create(values | team | {"user_id": cls.member.id, "parent_id": cls.whole.id})
        cls.other = targets.create(values | {"team_id": cls.other_team.id})
        cls.all_targets = cls.whole | cls.own | cls.mate | cls.other

    def _see(self, user):
        domain = [["id", "in", self.all_targets.ids]]
        rows = self._call(user, "sales.target", "search_read", domain=domain, fields=["actual", "attainment", "gap"])
        return self.env["sales.target"].browse(row["id"] for row in rows)

    def test_each_role_sees_theirs(self):
        self.assertEqual(self._see(self.salesperson), self.own)
        self.assertEqual(self._see(self.leader), self.whole | self.own | self.mate)
        self.assertEqual(self._see(self.manager), self.all_targets)
        for user in (self.stock, self.portal):
            self._assert_refused(FORBIDDEN, user, "sales.target", "search_read", domain=[], fields=["amount"])
        self._assert_refused(FORBIDDEN, self.salesperson, "sales.target", "read", ids=self.other.ids, fields=["actual"])

    def test_leaders_divide_what_managers_set(self):
        amount = {"vals": {"amount": 700}}
        self._call(self.leader, "sales.target", "write", ids=self.own.ids, **amount)
        self.assertEqual(self.own.amount, 700)
        for user, target in (
            (self.salesperson, self.own),
            (self.leader, self.whole),
            (self.leader, self.other),
        ):
            self._assert_refused(FORBIDDEN, user, "sales.target", "write", ids=target.ids, **amount)
            self._assert_refused(FORBIDDEN, user, "sales.target", "action_close", ids=target.ids)
        self._call(self.manager, "sales.target", "write", ids=self.whole.ids, **amount)

    def test_nobody_writes_what_a_closed_target_says(self):
        self._call(self.manager, "sales.target", "action_close", ids=self.all_targets.ids)
        self.assertEqual(set(self.all_targets.mapped("state")), {"closed"})
        for user in (self.leader, self.manager):
            for values in ({"state": "open"}, {"closed_actual": 1e6}):
                self._assert_refused(FORBIDDEN, user, "sales.target", "write", ids=self.own.ids, vals=values)
        wizard = {"vals_list": [{"target_ids": [[6, 0, self.own.ids]], "reason": "late order"}]}
        self._assert_refused(FORBIDDEN, self.leader, "sales.target.reopen", "create", **wizard)
        ids = self._call(self.manager, "sales.target.reopen", "create", **wizard)
        self._call(self.manager, "sales.target.reopen", "action_apply", ids=ids)
        self.assertEqual((self.own.state, self.mate.state), ("open", "closed"))
