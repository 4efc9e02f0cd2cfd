from odoo.tests import tagged

from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, REFUSED, AccessCommon

from .deal_task_common import TaskMixin


@tagged("post_install", "-at_install", "access", "process")
class TestDealTaskAccess(TaskMixin, AccessCommon):
    """What each role can do to a task over real RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_process()
        cls.salesman_template = cls._create_template(cls.contact)
        cls._create_template(cls.contact, responsible="department", department_id=cls.department.id, name="Drawing")
        cls._move(cls.contact, cls.all_deals.sudo(), cls.manager)
        cls.own = cls._get_task(cls.mate_deal, "salesperson")
        cls.foreign = cls._get_task(cls.foreign_deal, "salesperson")
        cls.mates = cls._get_task(cls.member_deal, "salesperson")
        cls.drawing = cls._get_task(cls.mate_deal, "department")
        cls.everybody = (cls.salesperson, cls.leader, cls.manager, cls.engineer)

    @classmethod
    def _get_task(cls, deal, responsible):
        return cls._get_tasks(deal).filtered(lambda task: task.responsible == responsible)

    def _refuse(self, status, user, method, task, **arguments):
        """:return: the message of the refusal"""
        return self._assert_refused(status, user, "sales.deal.task", method, ids=task.ids, **arguments)

    # === Writing === #

    def test_nobody_writes_or_deletes(self):
        for user in self.everybody:
            for task in (self.own, self.drawing):
                with self.subTest(user.login):
                    for vals in ({"state": "done"}, {"due_at": "2099-01-01 00:00:00"}, {"user_id": user.id}):
                        self._refuse(FORBIDDEN, user, "write", task, vals=vals)
                    self._refuse(FORBIDDEN, user, "unlink", task)
            vals = {"lead_id": self.mate_deal.id, "name": "Mine", "opened_at": "2026-01-01", "due_at": "2026-01-01"}
            self._assert_refused(FORBIDDEN, user, "sales.deal.task", "create", vals_list=[vals])
        self.assertEqual((self.own.state, self.drawing.state), ("open", "open"))

    def test_nobody_writes_through_the_deal(self):
        for command in ([2, self.own.id, 0], [1, self.own.id, {"state": "done"}], [5, 0, 0]):
            self._assert_refused(
                FORBIDDEN,
                self.salesperson,
                "crm.lead",
                "write",
                ids=self.mate_deal.ids,
                vals={"deal_task_ids": [command]},
            )
        self.assertEqual(self.own.state, "open")

    # === Marking done === #

    def test_own_task_is_done(self):
        self._call(self.salesperson, "sales.deal.task", "action_done", ids=self.own.ids, feedback="Called.")
        self.assertEqual((self.own.state, self.own.done_by_id), ("done", self.salesperson))

    def test_task_of_another_is_not_done(self):
        for task in (self.drawing, self.foreign, self.mates):
            message = self._refuse(FORBIDDEN, self.salesperson, "action_done", task)
            self.assertEqual(task.state, "open")
            # Who may not see a to-do does not hear of it by trying.
            self.assertEqual(task.lead_id.deal_number in message, task == self.drawing)
        self._refuse(FORBIDDEN, self.engineer, "action_done", self.own)

    def test_task_of_another_is_not_done_by_its_activity(self):
        for task in (self.drawing, self.mates):
            ids = task.activity_id.ids
            for method, arguments in (
                ("action_done", {}),
                ("action_feedback", {"feedback": "Done."}),
                ("write", {"vals": {"active": False}}),
                ("action_archive", {}),
                ("unlink", {}),
            ):
                with self.subTest(method):
                    self._assert_refused(FORBIDDEN, self.salesperson, "mail.activity", method, ids=ids, **arguments)
            self.assertEqual((task.state, task.activity_id.ids), ("open", ids))

    def test_own_task_is_not_shaken_off(self):
        ids = self.own.activity_id.ids
        self._assert_refused(FORBIDDEN, self.salesperson, "mail.activity", "unlink", ids=ids)
        for vals in ({"date_deadline": "2099-01-01"}, {"res_id": self.member_deal.id}, {"activity_type_id": False}):
            with self.subTest(vals):
                self._assert_refused(REFUSED, self.salesperson, "mail.activity", "write", ids=ids, vals=vals)
        self._assert_refused(
            FORBIDDEN, self.salesperson, "mail.activity", "write", ids=ids, vals={"user_id": self.member.id}
        )
        self._refuse(FORBIDDEN, self.salesperson, "action_cancel", self.own, reason="No time.")
        self._refuse(FORBIDDEN, self.salesperson, "action_reopen", self.own)
        self.assertEqual((self.own.state, self.own.user_id, self.own.activity_id.ids), ("open", self.salesperson, ids))

    def test_engineer_without_sales_rights_does_what_is_asked(self):
        engineer = self.drawing.user_id
        rows = self._call(
            engineer, "sales.deal.task", "search_read", domain=[], fields=["name", "due_at", "may_settle"]
        )
        self.assertEqual({row["name"] for row in rows}, {"Drawing"})
        self.assertTrue(all(row["may_settle"] for row in rows))
        self._call(engineer, "mail.activity", "action_feedback", ids=self.drawing.activity_id.ids)
        self.assertEqual((self.drawing.state, self.drawing.done_by_id), ("done", engineer))

    def test_leader_and_manager_manage(self):
        self._call(self.leader, "sales.deal.task", "action_cancel", ids=self.own.ids, reason="Called already.")
        self.assertEqual(self.own.state, "cancelled")
        self._call(self.leader, "sales.deal.task", "action_reopen", ids=self.own.ids)
        self.assertEqual(self.own.state, "open")
        self._refuse(FORBIDDEN, self.leader, "action_cancel", self.foreign, reason="Not mine.")
        self._call(self.manager, "sales.deal.task", "action_done", ids=self.foreign.ids)
        self.assertEqual(self.foreign.state, "done")

    # === Reading === #

    def test_who_sees_what(self):
        tasks = self.own | self.mates | self.foreign | self.drawing
        domain = [["id", "in", tasks.ids]]
        seen = {
            user.login: set(self._call(user, "sales.deal.task", "search", domain=domain))
            for user in (self.salesperson, self.leader, self.manager)
        }
        self.assertEqual(seen["sm_salesperson"], set((self.own | self.drawing).ids))
        self.assertEqual(seen["sm_leader"], set((self.own | self.mates | self.drawing).ids))
        self.assertEqual(seen["sm_manager"], set(tasks.ids))
        self._assert_refused(FORBIDDEN, self.portal, "sales.deal.task", "search", domain=domain)

    # === Templates === #

    def test_only_managers_change_templates(self):
        level = self.env["sales.stage.escalation"].create({"task_id": self.salesman_template.id, "hours": 48})
        for user in (self.salesperson, self.leader):
            for record, vals in (
                (self.salesman_template, {"hours": 1}),
                (level, {"hours": 1}),
                (self.department, {"name": "X"}),
            ):
                self._assert_refused(FORBIDDEN, user, record._name, "write", ids=record.ids, vals=vals)
                self._assert_refused(FORBIDDEN, user, record._name, "unlink", ids=record.ids)
        self._call(self.manager, "sales.stage.task", "write", ids=self.salesman_template.ids, vals={"hours": 12})

    def test_private_methods_refuse_rpc(self):
        for method in ("_complete", "_settle", "_cancel", "_reopen", "_reassign", "_cron_escalate", "_escalate"):
            self._refuse(FORBIDDEN, self.manager, method, self.own)
