from datetime import timedelta

from odoo.tests import Form, tagged

from odoo.addons.sales_management.exceptions import BlockedError
from odoo.addons.sales_management.tests.process.gate_common import GateCommon


@tagged("post_install", "-at_install", "process")
class TestDealLost(GateCommon):
    """Losing asks why, to whom, and when to try again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.retry_date = cls.today + timedelta(days=90)

    def _lose(self, deals=None, **values):
        return (deals or self.deal).action_set_lost(**{"lost_reason_id": self.reason.id, **values})

    def _get_todo(self):
        return self.deal.sudo().lost_retry_activity_id

    # === Policy === #

    def test_without_policy_nothing_is_asked(self):
        self.deal.action_set_lost()
        self.assertEqual(self.deal.won_status, "lost")

    def test_losing_needs_a_reason(self):
        self._set_policy("lost_reason")
        for way in (
            self.deal.action_set_lost,
            self.deal.action_archive,
            lambda: self.deal.write({"active": False}),
            lambda: self.deal.write({"active": False, "probability": 0}),
            lambda: self.deal.web_save({"active": False}, {}),
            lambda: self.deal.action_set_lost(lost_reason_id=False),
        ):
            refusal = self._assert_blocked(way, "Say why", self.deal.deal_number)
            self.assertEqual(refusal.args[1]["res_model"], "crm.lead.lost")
            self.assertEqual(refusal.args[1]["context"]["default_lead_ids"], self.deal.ids)
        self.assertTrue(self.deal.active)
        self._lose()
        self.assertEqual((self.deal.won_status, self.deal.lost_reason_id), ("lost", self.reason))
        self.assertEqual(self._get_moves().mapped("direction"), ["lost"])

    def test_import_that_loses_deals(self):
        self._set_policy("lost_reason")
        rows = [[str(self.deal.id), "0", "0"]]
        result = self.env["crm.lead"].with_user(self.salesperson).load([".id", "active", "probability"], rows)
        self.assertIn("Say why", result["messages"][0]["message"])

    def test_reason_with_the_archive(self):
        self._set_policy("lost_reason")
        self.deal.write({"active": False, "lost_reason_id": self.reason.id})
        self.assertFalse(self.deal.active)

    def test_loss_of_a_deal_that_is_archived_already(self):
        self.deal.sudo().probability = 30
        self.deal.action_archive()
        self._set_policy("lost_reason")
        self._assert_blocked(lambda: self.deal.write({"probability": 0}), "Say why")

    def test_warned_of_once(self):
        self._set_policy("lost_reason", "warn")
        self.deal.sudo().probability = 30
        told = []
        self.patch(type(self.deal), "_tell_stage_warnings", lambda self, warnings: told.append(warnings))
        self.deal.action_set_lost()
        self.assertEqual(self.deal.won_status, "lost")
        self.assertEqual(len(told), 1)

    def test_manager_loses_without_a_reason_in_the_list(self):
        self._set_policy("lost_reason")
        deal = self.deal.with_user(self.manager)
        deal.sudo().probability = 30
        self._assert_blocked(deal.action_set_lost)
        deal.action_set_lost(stage_move_reason="Written off")
        move = self._get_moves()
        self.assertEqual((move.direction, move.reason, move.is_override), ("lost", "Written off", True))

    def test_archiving_a_won_deal_is_no_loss(self):
        self._set_policy("lost_reason")
        self.deal.action_set_won()
        self.deal.action_archive()
        self.assertFalse(self.deal.active)

    def test_core_and_leads_are_not_asked(self):
        self._set_policy("lost_reason")
        self._create_deals(type="lead").action_archive()
        self.deal.with_user(self.env.ref("base.user_root")).action_set_lost()
        self.assertEqual(self._get_moves().origin, "system")

    def test_policy_of_a_team_and_a_company(self):
        other = self.env["res.company"].create({"name": "Ningbo Nuts"})
        policy = self._set_policy("lost_reason", team_ids=self.other_team.ids)
        self._set_policy("lost_reason", company_id=other.id)
        self.deal.action_archive()
        self.deal.action_unarchive()
        policy.team_ids = self.team
        self._assert_blocked(self.deal.action_archive)

    # === Trying again === #

    def test_day_to_try_again_opens_a_todo(self):
        self._lose(lost_competitor="Ningbo Nuts", lost_retry_date=self.retry_date)
        todo = self._get_todo()
        self.assertEqual((todo.date_deadline, todo.user_id), (self.retry_date, self.salesperson))
        self.assertEqual(todo.activity_type_id, self.env.ref("mail.mail_activity_data_todo"))
        self.assertEqual(self.deal.lost_competitor, "Ningbo Nuts")
        groups = {
            group["model"]: group for group in self.salesperson.with_user(self.salesperson)._get_activity_groups()
        }
        self.assertEqual(groups["crm.lead"]["planned_count"], 1, "The menu of activities shows it, though archived.")

    def test_new_day_moves_the_todo(self):
        self._lose(lost_retry_date=self.retry_date)
        todo = self._get_todo()
        self.deal.lost_retry_date = self.retry_date + timedelta(days=1)
        self.assertEqual(self._get_todo(), todo)
        self.assertEqual(todo.date_deadline, self.deal.lost_retry_date)
        self.deal.lost_retry_date = False
        self.assertFalse(todo.exists())

    def test_reopening_takes_both_away(self):
        for reopen in ("action_restore", "action_unarchive", "action_undo_stage_move", "action_set_won"):
            with self.subTest(reopen):
                self._lose(lost_retry_date=self.retry_date, lost_competitor="Ningbo Nuts")
                todo = self._get_todo()
                self.assertTrue(todo)
                getattr(self.deal, reopen)()
                if self.deal.won_status == "lost":
                    self.deal.action_restore()
                self.assertFalse(todo.exists())
                self.assertFalse(self.deal.lost_retry_date or self.deal.lost_competitor)

    def test_todo_is_for_somebody_who_works_here(self):
        self.salesperson.active = False
        self._lose(self.deal.with_user(self.manager), lost_retry_date=self.retry_date)
        self.assertEqual(self._get_todo().user_id, self.leader)

    def test_day_on_an_open_deal_opens_nothing(self):
        self.deal.lost_retry_date = self.retry_date
        self.assertFalse(self._get_todo())

    def test_several_deals_at_once(self):
        deals = self._create_deals(3, stage_id=self.first.id)
        self._lose(deals, lost_retry_date=self.retry_date)
        self.assertEqual(len(deals.sudo().lost_retry_activity_id), 3)

    # === Wizard === #

    def test_wizard_asks_for_it_all(self):
        self._set_policy("lost_reason")
        context = {"active_model": "crm.lead", "default_lead_ids": self.deal.ids}
        with Form(self.env["crm.lead.lost"].with_user(self.salesperson).with_context(**context)) as form:
            self.assertTrue(form._get_modifier("lost_reason_id", "required"))
            form.lost_reason_id = self.reason
            form.lost_competitor = "Ningbo Nuts"
            form.lost_retry_date = self.retry_date
        form.record.action_lost_reason_apply()
        deal = self.deal
        self.assertEqual(
            (deal.won_status, deal.lost_reason_id, deal.lost_competitor, deal.lost_retry_date),
            ("lost", self.reason, "Ningbo Nuts", self.retry_date),
        )
        self.assertTrue(self._get_todo())

    def test_wizard_without_a_reason_is_refused_by_the_server(self):
        self._set_policy("lost_reason")
        wizard = self.env["crm.lead.lost"].with_user(self.salesperson).create({"lead_ids": self.deal.ids})
        self._assert_blocked(wizard.action_lost_reason_apply)

    def test_wizard_is_that_of_core_where_the_process_is_off(self):
        self._set_policy("lost_reason")
        self.company.sales_process_enabled = False
        wizard = (
            self.env["crm.lead.lost"]
            .with_user(self.salesperson)
            .create({"lead_ids": self.deal.ids, "lost_retry_date": self.retry_date})
        )
        self.assertFalse(wizard.is_reason_required or wizard.is_process_used)
        try:
            wizard.action_lost_reason_apply()
        except BlockedError:
            self.fail("Switched off, nothing is asked.")
        self.assertEqual(self.deal.won_status, "lost")
        self.assertFalse(self._get_todo())
