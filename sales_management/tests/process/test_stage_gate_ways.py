from odoo.tests import tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.process.gate_common import GateCommon, GateMixin
from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, REFUSED, AccessCommon


@tagged("post_install", "-at_install", "process")
class TestStageGateWays(GateCommon):
    """Every way in which somebody changes a stage goes through the gate, and no move of core's own does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.requirement = cls._require()

    def test_drag_and_status_bar(self):
        self._assert_blocked(lambda: self.deal.web_save({"stage_id": self.second.id}, {}), "Phone")
        self._assert_stage(self.first)

    def test_list_edit_of_several(self):
        deals = self._create_deals(3, stage_id=self.first.id)
        self._assert_blocked(lambda: deals.web_save({"stage_id": self.second.id}, {}), "Deal 1", "Deal 2", "Deal 3")
        values = [{"stage_id": self.second.id}] * 3
        self._assert_blocked(lambda: deals.web_save_multi(values, {}), "Phone")
        self._assert_stage(self.first, deals)

    def test_import_of_deals_that_are_there(self):
        rows = [[str(self.deal.id), str(self.second.id)]]
        result = self.env["crm.lead"].with_user(self.salesperson).load([".id", "stage_id/.id"], rows)
        self.assertFalse(result["ids"])
        self.assertIn("Phone", result["messages"][0]["message"])
        self.env.invalidate_all()
        self._assert_stage(self.first)

    def test_import_column_of_the_reason(self):
        fields_, rows = [".id", "stage_id/.id", "stage_move_reason"], [str(self.deal.id), str(self.second.id), "Agreed"]
        result = self.env["crm.lead"].with_user(self.manager).load(fields_, [rows])
        self.assertTrue(result["ids"], result["messages"])
        move = self._get_moves()
        self.assertEqual((move.origin, move.is_override, move.reason), ("import", True, "Agreed"))

    def test_won_button(self):
        self._assert_blocked(self.deal.action_set_won_rainbowman, "Phone")
        self.assertEqual(self.deal.won_status, "pending")

    def test_won_button_on_a_lost_deal(self):
        self.deal.action_set_lost(lost_reason_id=self.reason.id)
        self._assert_blocked(self.deal.action_set_won, "Phone")
        self.assertEqual(self.deal.won_status, "lost")
        self.deal.phone = "1"
        self.deal.action_set_won()
        self.assertEqual(self._get_moves().mapped("direction"), ["lost", "reopen", "won"])

    def test_server_action(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Move on",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "code",
                "code": f"records.write({{'stage_id': {self.second.id}}})",
            }
        )
        context = {"active_model": "crm.lead", "active_ids": self.deal.ids, "active_id": self.deal.id}
        self._assert_blocked(lambda: action.with_user(self.salesperson).with_context(**context).run(), "Phone")

    def test_code_of_other_addons_on_behalf_of_somebody(self):
        self._assert_blocked(lambda: self.deal.sudo().write({"stage_id": self.second.id}), "Phone")

    def test_drag_in_the_forecast_is_no_move(self):
        self.deal.web_save({"date_deadline": "2027-01-31"}, {})
        self.assertEqual(str(self.deal.date_deadline), "2027-01-31")

    # === Starting late === #

    def test_quick_create_in_a_late_column(self):
        deals = self.env["crm.lead"].with_user(self.salesperson)
        vals = {"name": "Quick", "type": "opportunity", "user_id": self.salesperson.id, "team_id": self.team.id}
        late = deals.with_context(default_stage_id=self.third.id)
        refusal = self._assert_blocked(lambda: late.web_save(vals, {}), "Phone")
        # Nothing is left that a dialog could show.
        self.assertEqual(len(refusal.args), 1)
        self._assert_blocked(lambda: deals.create({**vals, "stage_id": self.third.id}), "Phone")
        deal = deals.create({**vals, "stage_id": self.third.id, "phone": "1"})
        self.assertEqual(self._get_moves(deal).mapped("direction"), ["enter"])

    def test_manager_starts_a_deal_late(self):
        deal = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .create({"name": "Late", "type": "opportunity", "stage_id": self.third.id})
        )
        self.assertEqual(self._get_moves(deal).mapped("direction"), ["enter"])

    def test_deal_in_the_first_stage_enters_nothing(self):
        self.assertFalse(self._get_moves())

    # === Conversion === #

    def _convert(self, lead):
        wizard = self.env["crm.lead2opportunity.partner"].with_user(self.salesperson)
        context = {"active_model": "crm.lead", "active_id": lead.id, "active_ids": lead.ids}
        wizard.with_context(**context).create({"name": "convert", "action": "create"}).action_apply()

    def test_conversion_of_a_lead_in_a_late_stage(self):
        lead = self._create_deals(type="lead", stage_id=self.first.id)
        lead.stage_id = self.third
        refusal = self._assert_blocked(lambda: self._convert(lead), "Phone", lead.name)
        self.assertEqual(len(refusal.args), 1)
        self.assertEqual(lead.type, "lead")
        lead.phone = "1"
        self._convert(lead)
        self.assertEqual(self._get_moves(lead).mapped("direction"), ["enter"])

    def test_conversion_of_a_new_lead(self):
        lead = self._create_deals(type="lead", stage_id=self.first.id)
        self._convert(lead)
        self.assertEqual(lead.type, "opportunity")

    def test_lead_and_back_is_no_way_round(self):
        self.deal.type = "lead"
        self.deal.stage_id = self.third
        self._assert_blocked(lambda: self.deal.write({"type": "opportunity"}), "Phone")

    def test_company_without_the_process_is_no_way_round(self):
        other = self.env["res.company"].create({"name": "Ningbo Nuts"})
        self.salesperson.company_ids |= other
        self.deal.sudo().company_id = self.company
        # One's own, at work in both companies.
        deal = self.deal.with_context(allowed_company_ids=(self.company | other).ids)
        for away, back in (
            ({"company_id": other.id, "team_id": False}, {"company_id": self.company.id}),
            ({"company_id": other.id}, {"company_id": self.company.id, "team_id": self.team.id}),
        ):
            deal.write({**away, "stage_id": self.first.id})
            deal.stage_id = self.third
            self._assert_blocked(lambda back=back: deal.write(back), "Phone")
        deal.write({**back, "phone": "1"})
        self._assert_stage(self.third)
        self.assertEqual(deal.company_id, self.company)

    def test_manager_brings_a_deal_of_another_company(self):
        other = self.env["res.company"].create({"name": "Ningbo Nuts"})
        self.deal.sudo().write({"company_id": other.id, "team_id": False, "user_id": False})
        self.deal.sudo().with_user(self.env.ref("base.user_root")).stage_id = self.third
        self.manager.company_ids |= other
        deal = self.deal.with_user(self.manager).with_context(allowed_company_ids=(self.company | other).ids)
        deal.company_id = self.company
        self._assert_stage(self.third)

    # === Core's own moves === #

    def test_merge_is_never_refused(self):
        other = self._create_deals(stage_id=self.first.id, phone="1", name="Other")
        other.stage_id = self.third
        deals = self.deal | other
        wizard = self.env["crm.merge.opportunity"].with_user(self.manager).with_context(active_ids=deals.ids)
        wizard.create({"opportunity_ids": deals.ids, "user_id": self.salesperson.id}).action_merge()
        merged = deals.exists()
        self.assertEqual(len(merged), 1)
        self.assertIn("merge", self._get_moves(merged).mapped("origin"))

    def test_change_of_team_is_never_refused(self):
        self._require(self.second, field="city")
        self.first.team_ids = self.team
        deal = self.deal.with_user(self.manager)
        deal.team_id = self.other_team
        self.env.flush_all()
        self.assertNotEqual(deal.stage_id, self.first)
        self.assertEqual(self._get_moves().origin, "team")

    def test_stage_that_becomes_won_is_never_refused(self):
        self.first.with_user(self.manager).is_won = True
        self.assertEqual(self._get_moves().mapped("origin"), ["stage_setting"])

    def test_system_is_never_refused(self):
        self.deal.with_user(self.env.ref("base.user_root")).stage_id = self.second
        self.assertEqual(self._get_moves().origin, "system")


@tagged("post_install", "-at_install", "access", "process")
class TestStageGateRpc(GateMixin, AccessCommon):
    """The gate over real RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_gate()
        cls.requirement = cls._require()
        cls.env.flush_all()

    def test_move_over_json(self):
        ids = self.deal.ids
        message = self._assert_refused(
            REFUSED, self.salesperson, "crm.lead", "write", ids=ids, vals={"stage_id": self.second.id}
        )
        self.assertIn("Phone", message)
        arguments = {"ids": ids, "stage_id": self.second.id}
        for user in (self.salesperson, self.member, self.leader):
            with self.subTest(user.login):
                message = self._assert_refused(
                    REFUSED, user, "crm.lead", "action_move_stage", **arguments, reason="Mine"
                )
                self.assertIn(self.deal.deal_number, message)
        self.assertTrue(self._call(self.manager, "crm.lead", "action_move_stage", **arguments, reason="Agreed"))
        self._assert_stage(self.second)
        self.assertTrue(self._get_moves().is_override)
        self._assert_refused(REFUSED, self.salesperson, "crm.lead", "action_undo_stage_move", ids=ids)
        self.assertTrue(self._call(self.manager, "crm.lead", "action_undo_stage_move", ids=ids))
        self._assert_stage(self.first)

    def test_context_opens_no_gate(self):
        context = {"import_file": True, "su": True, "sudo": True, "uid": self.manager.id, "install_mode": True}
        context |= {"sales_management.stage_correction": True, "sales_management.stage_cause": "system"}
        vals = {"stage_id": self.second.id, "stage_move_reason": "Mine"}
        self._assert_refused(
            REFUSED, self.salesperson, "crm.lead", "write", ids=self.deal.ids, vals=vals, context=context
        )
        self._assert_stage(self.first)

    def test_refusal_brings_the_web_client_its_button(self):
        self.authenticate(self.salesperson.login, self.salesperson.login)
        with self.assertRaises(JsonRpcException) as caught, mute_logger("odoo.http"):
            self._call_kw("crm.lead", "web_save", [self.deal.ids, {"stage_id": self.second.id}], specification={})
        self.assertIn("BlockedError", str(caught.exception))

    def test_facts_of_the_gate_are_nobody_s_to_write(self):
        self._call(
            self.manager, "crm.lead", "action_move_stage", ids=self.deal.ids, stage_id=self.second.id, reason="x"
        )
        move = self._get_moves()
        for user in (self.salesperson, self.leader, self.manager):
            with self.subTest(user.login):
                call = {"model": "sales.stage.move", "user": user, "status": FORBIDDEN}
                self._assert_refused(**call, method="write", ids=move.ids, vals={"reason": "other"})
                self._assert_refused(**call, method="unlink", ids=move.ids)
                self._assert_refused(**call, method="create", vals_list=[{"lead_id": self.deal.id}])

    def test_class_is_for_managers(self):
        deal_class = self.env["sales.deal.class"].create({"name": "Key account", "domain": "[('name', '=', 'Nobody')]"})
        vals = {"deal_class_id": deal_class.id}
        for user in (self.salesperson, self.leader):
            with self.subTest(user.login):
                self._assert_refused(FORBIDDEN, user, "crm.lead", "write", ids=self.deal.ids, vals=vals)
                self._assert_refused(FORBIDDEN, user, "crm.lead", "create", vals_list=[{"name": "New", **vals}])
        for field, value in (("is_deal_class_chosen", True), ("won_activity_id", 1), ("lost_retry_activity_id", 1)):
            with self.subTest(field):
                self._assert_refused(
                    REFUSED, self.salesperson, "crm.lead", "write", ids=self.deal.ids, vals={field: value}
                )
        self._call(self.manager, "crm.lead", "write", ids=self.deal.ids, vals=vals)
        self.assertEqual(self.deal.deal_class_id, deal_class)

    def test_rules_are_for_managers(self):
        policy = self._set_policy("lost_reason")
        for user in (self.salesperson, self.leader):
            for record in (self.requirement, policy):
                with self.subTest(user=user.login, model=record._name):
                    vals = {"active": False}
                    self._assert_refused(FORBIDDEN, user, record._name, "write", ids=record.ids, vals=vals)
                    self._assert_refused(FORBIDDEN, user, record._name, "unlink", ids=record.ids)

    def test_documents_and_checklists_of_other_teams(self):
        document_type = self.env["sales.document.type"].create({"name": "Contract"})
        checklist = self._require(self.third, kind="checklist")
        document = self.env["sales.deal.document"].create(
            {"lead_id": self.foreign_deal.id, "type_id": document_type.id, "text": "Secret"}
        )
        line = self.env["sales.deal.checklist"].create(
            {"lead_id": self.foreign_deal.id, "requirement_id": checklist.id, "name": "Ask"}
        )
        for record in (document, line):
            for user in (self.salesperson, self.leader):
                with self.subTest(user=user.login, model=record._name):
                    self._assert_refused(FORBIDDEN, user, record._name, "read", ids=record.ids, fields=["id"])
                    domain = [["id", "=", record.id]]
                    self.assertFalse(self._call(user, record._name, "search_count", domain=domain))

    def _call_kw(self, model, method, args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.make_jsonrpc_request(f"/web/dataset/call_kw/{model}/{method}", params)
