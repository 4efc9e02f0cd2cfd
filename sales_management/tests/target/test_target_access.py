"""Targets over real RPC: each role sees and writes what is theirs, and nobody writes what a closed one says."""

from odoo import fields
from odoo.tests import new_test_user, tagged

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

    def test_shares_of_a_deal_are_set_by_its_leader(self):
        deal = self.env["crm.lead"].create({"name": "Shared", "team_id": self.team.id, "user_id": self.salesperson.id})
        free = self.env["crm.lead"].create({"name": "Free", "team_id": self.other_team.id, "user_id": False})
        values = {"user_id": self.salesperson.id, "share": 20}
        for user, lead in ((self.salesperson, deal), (self.member, deal), (self.member, free), (self.leader, free)):
            vals_list = [{**values, "lead_id": lead.id}]
            self._assert_refused(FORBIDDEN, user, "sales.deal.credit", "create", vals_list=vals_list)
        vals_list = [{**values, "lead_id": deal.id, "user_id": self.member.id}]
        ids = self._call(self.leader, "sales.deal.credit", "create", vals_list=vals_list)
        # Who gets a share sees it, and makes it no larger.
        [found] = self._call(self.member, "sales.deal.credit", "read", ids=ids, fields=["share"])
        self.assertEqual(found["share"], 20)
        everything = new_test_user(self.env, "sm_all_leads", "sales_team.group_sale_salesman_all_leads")
        for user in (self.member, self.salesperson, everything):
            for method, values in (("write", {"vals": {"share": 90}}), ("unlink", {})):
                self._assert_refused(FORBIDDEN, user, "sales.deal.credit", method, ids=ids, **values)
        self._call(self.leader, "sales.deal.credit", "write", ids=ids, vals={"share": 30})
        self._call(self.manager, "sales.deal.credit", "unlink", ids=ids)

    def test_adjustments_are_written_by_the_leader_and_managers(self):
        values = {"indicator": "win_rate", "date_from": "2026-01-01", "date_due": "2026-03-01", "target": 40}
        own = self.env["sales.strategy.adjustment"].create({"name": "Faster", "team_id": self.team.id, **values})
        everything = new_test_user(self.env, "sm_all_leads", "sales_team.group_sale_salesman_all_leads")
        self.assertTrue(self._call(everything, own._name, "search_count", domain=[["id", "=", own.id]]))
        for user in (everything, self.member):
            self._assert_refused(FORBIDDEN, user, own._name, "write", ids=own.ids, vals={"target": 1})
        for user in (self.leader, self.manager):
            self._call(user, own._name, "write", ids=own.ids, vals={"target": 50})
