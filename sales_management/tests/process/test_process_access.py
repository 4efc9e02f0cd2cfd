"""What the roles can do, over real RPC, to the settings of the process and to what it answers."""

from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, REFUSED, AccessCommon


@tagged("post_install", "-at_install", "access", "process")
class TestProcessAccess(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_process_enabled = True
        cls.other_company = cls.env["res.company"].create({"name": "Ningbo Works"})
        stage = cls.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        cls.checklist = cls.env["sales.stage.requirement"].create(
            {
                "name": "Their checklist",
                "kind": "checklist",
                "stage_id": stage.id,
                "company_id": cls.other_company.id,
                "item_ids": [Command.create({"name": "Their line"})],
            }
        )
        cls.task = cls.env["sales.stage.task"].create(
            {
                "name": "Their to-do",
                "stage_id": stage.id,
                "company_id": cls.other_company.id,
                "escalation_ids": [Command.create({"level": 1, "hours": 48, "escalate_to": "manager"})],
            }
        )

    # === Companies === #

    def test_lines_of_another_company(self):
        for line, link in ((self.checklist.item_ids, "requirement_id"), (self.task.escalation_ids, "task_id")):
            values = {link: line[link].id, "name": "Mine"} if link == "requirement_id" else {link: line[link].id}
            for user in (self.salesperson, self.manager):
                with self.subTest(user=user.login, model=line._name):
                    domain = [["id", "=", line.id]]
                    self.assertFalse(self._call(user, line._name, "search_count", domain=domain))
                    for method, arguments in (("write", {"vals": {}}), ("unlink", {}), ("read", {"fields": [link]})):
                        self._assert_refused(FORBIDDEN, user, line._name, method, ids=line.ids, **arguments)
                    values |= {} if link == "requirement_id" else {"level": 2, "hours": 72}
                    self._assert_refused(FORBIDDEN, user, line._name, "create", vals_list=[values])
        self.assertEqual((len(self.checklist.item_ids), len(self.task.escalation_ids)), (1, 1))

    def test_template_is_applied_where_one_works(self):
        template = self.env.ref("sales_management.template_trading")
        vals = {"template_id": template.id, "company_id": self.other_company.id}
        [wizard_id] = self._call(self.manager, "sales.process.apply", "create", vals_list=[vals])
        self._assert_refused(FORBIDDEN, self.manager, "sales.process.apply", "action_apply", ids=[wizard_id])
        self.assertFalse(self.other_company.sales_process_enabled)

    # === Deleting === #

    @mute_logger("odoo.sql_db")
    def test_what_is_asked_for_is_archived_rather_than_deleted(self):
        stage = self.checklist.stage_id
        document_type = self.env["sales.document.type"].create({"name": "Contract"})
        activity_type = self.env["mail.activity.type"].create({"name": "Visit"})
        self.env["sales.stage.requirement"].create(
            [
                {"name": "One", "kind": "document", "document_type_id": document_type.id, "stage_id": stage.id},
                {"name": "Two", "kind": "activity", "activity_type_id": activity_type.id, "stage_id": stage.id},
            ]
        )
        department = self.env["sales.department"].create({"name": "Engineering"})
        values = {"responsible": "department", "department_id": department.id, "company_id": self.env.company.id}
        self.env["sales.stage.task"].create({"name": "Draw", "stage_id": stage.id, **values})
        self.manager.group_ids |= self.env.ref("base.group_system")
        for record, user in ((document_type, "Requirement"), (activity_type, "Requirement"), (department, "To-Do")):
            with self.subTest(record._name):
                message = self._assert_refused(REFUSED, self.manager, record._name, "unlink", ids=record.ids)
                self.assertIn(user, message)
                self._call(self.manager, record._name, "write", ids=record.ids, vals={"active": False})

    # === Wizards === #

    def test_dialog_moves_nobody_elses_deals(self):
        stage = self.foreign_deal.stage_id
        values = [{"lead_ids": [[6, 0, self.foreign_deal.ids]]}]
        model = "sales.stage.change"
        response = self._post(self.salesperson, model, "create", vals_list=values)
        if response.ok:
            for method in ("action_move", "action_move_ready", "action_move_anyway"):
                self.assertFalse(self._post(self.salesperson, model, method, ids=response.json()).ok, method)
            self._assert_refused(FORBIDDEN, self.salesperson, model, "read", ids=response.json(), fields=["panels"])
        self.assertEqual(self.foreign_deal.stage_id, stage)

    # === Arguments that make no sense === #

    def test_days_of_a_quotation(self):
        order = self.orders[self.mate_deal]
        before = order.validity_date
        for days in ("x", 1.5, True, None, 0, 366, 10**12):
            with self.subTest(days):
                self._assert_refused(
                    REFUSED, self.salesperson, "sale.order", "action_extend_validity", ids=order.ids, days=days
                )
        self.assertEqual(order.validity_date, before)

    def test_dates_of_the_report(self):
        for date in ("2026-13-45", "x", 5, [1], "0001-01-01", "9999-12-31"):
            with self.subTest(date):
                self._assert_refused(REFUSED, self.salesperson, "sales.today", "get_daily_report", date=date)

    @mute_logger("odoo.sql_db")
    def test_wanted_values(self):
        for values in (("x", 80), (None, 80), (True, 80), (-1, 80), (5, 101)):
            with self.subTest(values):
                arguments = dict(zip(("skip_rate", "on_time_rate"), values, strict=True))
                self._assert_refused(REFUSED, self.manager, "sales.process.health", "set_process_targets", **arguments)
        self.assertEqual(self.env.company.process_on_time_target, 85)

    def test_periods(self):
        for period in ("week", 3, None, ["month"]):
            with self.subTest(period):
                self._assert_refused(
                    REFUSED, self.salesperson, "sales.process.health", "get_process_health", period=period
                )

    def test_reason_of_a_cancelled_to_do(self):
        now = self.env.cr.now()
        vals = {"lead_id": self.mate_deal.id, "name": "Call", "opened_at": now, "due_at": now + timedelta(hours=4)}
        task = self.env["sales.deal.task"].sudo().create(vals)  # sudo: nobody may write to-dos
        for reason in (None, "", "  ", []):
            self._assert_refused(
                REFUSED, self.manager, "sales.deal.task", "action_cancel", ids=task.ids, reason=reason
            )
        self._call(self.manager, "sales.deal.task", "action_cancel", ids=task.ids, reason=5)
        self.assertEqual(task.state, "cancelled")
