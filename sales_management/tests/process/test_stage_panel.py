from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.sales_management.exceptions import BlockedError
from odoo.addons.sales_management.tests.common import DealCommon


class PanelMixin:
    """Three stages, of which the first asks for a checklist and a document."""

    @classmethod
    def _create_process(cls):
        cls.env.company.sales_process_enabled = True
        # Stages of earlier data would stand between ours.
        cls.env["crm.stage"].search([("id", "!=", False)]).write({"sequence": 0, "fold": True})
        cls.stages = cls.env["crm.stage"].create(
            [
                {"name": name, "sequence": 10 + position, "is_won": name == "Deal"}
                for position, name in enumerate(("Requirements", "Proposal", "Deal"))
            ]
        )
        cls.requirements, cls.proposal, cls.won = cls.stages
        cls.requirements.stage_guidance = "<p>Their words, not ours.</p>"
        cls.document_type = cls.env["sales.document.type"].create({"name": "Call summary"})
        cls.checklist = cls._create_requirement(
            name="Checklist",
            kind="checklist",
            item_ids=[Command.create({"name": name}) for name in ("Drawing", "Material")],
        )
        cls.document = cls._create_requirement(
            name="Call summary", kind="document", document_type_id=cls.document_type.id
        )

    @classmethod
    def _create_requirement(cls, **values):
        defaults = {"stage_id": cls.requirements.id, "enforcement": "block"}
        return cls.env["sales.stage.requirement"].create({**defaults, **values})

    def _complete(self, deals):
        for deal in deals:
            self.env["sales.deal.checklist"].create(
                [
                    {
                        "lead_id": deal.id,
                        "requirement_id": self.checklist.id,
                        "item_id": item.id,
                        "is_done": True,
                    }
                    for item in self.checklist.item_ids
                ]
            )
            self.env["sales.deal.document"].create(
                {"lead_id": deal.id, "type_id": self.document_type.id, "text": "He wants them."}
            )


class PanelCommon(PanelMixin, DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_process()


@tagged("post_install", "-at_install", "process")
class TestStagePanel(PanelCommon):
    """What the panel and the dialog show, and who may do what with them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._create_deals(stage_id=cls.requirements.id)

    def _get_panel(self, deal=None, user=None):
        self.env.invalidate_all()
        return (deal or self.deal).with_user(user or self.salesperson).stage_panel

    def _open(self, deals, user=None, **values):
        user = user or self.salesperson
        change = self.env["sales.stage.change"].with_user(user).create({"lead_ids": [Command.set(deals.ids)], **values})
        self.env.flush_all()
        return change

    # === Panel === #

    def test_what_is_missing(self):
        panel = self._get_panel()
        self.assertEqual(
            [(row["code"], row["is_met"]) for row in panel["rows"]], [("checklist", False), ("document", False)]
        )
        self.assertEqual([item["name"] for item in panel["rows"][0]["items"]], ["Drawing", "Material"])
        self.assertEqual(panel["next"]["name"], "Proposal")
        self.assertTrue(panel["is_blocked"])
        self.assertIn("Their words", panel["guidance"])

    def test_what_is_there(self):
        self._complete(self.deal)
        panel = self._get_panel()
        self.assertEqual([row["is_met"] for row in panel["rows"]], [True, True])
        self.assertFalse(panel["is_blocked"])

    def test_warning_blocks_nothing(self):
        (self.checklist | self.document).enforcement = "warn"
        panel = self._get_panel()
        self.assertFalse(panel["is_blocked"])
        self.assertEqual([row["is_met"] for row in panel["rows"]], [False, False])

    def test_field_is_edited_in_place_where_that_is_possible(self):
        fields = self.env["ir.model.fields"]
        for name in ("expected_revenue", "tag_ids", "email_domain_criterion"):
            self._create_requirement(name=name, kind="field", field_id=fields._get("crm.lead", name).id)
        self.deal.write({"expected_revenue": 0, "email_from": False})
        rows = {row["text"]: row["field"] for row in self._get_panel()["rows"] if row["code"] == "field"}
        self.assertEqual(rows["expected_revenue"]["names"], ["expected_revenue", "company_currency"])
        self.assertFalse(rows["tag_ids"])
        self.assertFalse(rows["email_domain_criterion"])

    def test_no_panel_where_there_is_no_process(self):
        lead = self._create_deals(type="lead", stage_id=self.requirements.id)
        self.assertFalse(self._get_panel(lead))
        self.env.company.sales_process_enabled = False
        self.assertFalse(self._get_panel())
        self.assertFalse(self.deal.is_process_enabled)

    def test_won_and_lost_deals_go_nowhere(self):
        won = self._create_deals(stage_id=self.won.id)
        self.deal.action_set_lost()
        for deal in (won, self.deal):
            self.assertFalse(self._get_panel(deal)["next"])
            self.assertFalse(self._get_panel(deal)["is_movable"])

    def test_tasks_due_first_are_owed(self):
        self.env["sales.deal.task"].create(
            [
                {
                    "lead_id": self.deal.id,
                    "name": name,
                    "user_id": self.member.id,
                    "opened_at": "2026-11-20 08:00:00",
                    "due_at": due,
                }
                for name, due in (
                    ("Later", "2026-11-24 08:00:00"),
                    ("Feedback", "2026-11-22 08:00:00"),
                    ("Visit", "2026-11-26 08:00:00"),
                    ("Last", "2026-11-28 08:00:00"),
                )
            ]
        )
        owed = self._get_panel()["owed"]
        self.assertEqual([task["name"] for task in owed], ["Feedback", "Later", "Visit"])
        self.assertEqual((owed[0]["owner"], owed[0]["due"]), ("Member", "2026-11-22 08:00:00"))

    def test_next_step_is_owed_where_no_task_is(self):
        self.deal.write({"deal_next_step": "Send samples", "deal_next_step_date": "2026-11-30"})
        owed = self._get_panel()["owed"]
        self.assertEqual(
            [(step["name"], step["owner"], step["date"]) for step in owed],
            [("Send samples", "Salesperson", "2026-11-30")],
        )

    def test_number_of_queries_does_not_grow(self):
        counts = []
        for size in (2, 20):
            deals = self._create_deals(size, stage_id=self.requirements.id).with_user(self.salesperson)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            deals.mapped("stage_panel")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    # === Moving on === #

    def test_move_on(self):
        self._complete(self.deal)
        self.deal.with_user(self.salesperson).action_move_on(self.requirements.id)
        self.assertEqual(self.deal.stage_id, self.proposal)
        self.assertTrue(self._get_panel()["can_undo"])
        self.assertFalse(self._get_panel(user=self.manager)["can_undo"])

    def test_move_on_is_refused_as_any_move_is(self):
        with self.assertRaises(BlockedError):
            self.deal.with_user(self.salesperson).action_move_on(self.requirements.id)

    def test_two_people_move_the_same_deal(self):
        self._complete(self.deal)
        self.deal.with_user(self.manager).stage_id = self.proposal
        with self.assertRaisesRegex(UserError, "(?s)Somebody else.*is in Proposal now"):
            self.deal.with_user(self.salesperson).action_move_on(self.requirements.id)
        self.assertEqual(self.deal.stage_id, self.proposal)

    def test_deal_in_the_last_stage(self):
        self.deal.with_user(self.manager).write({"stage_id": self.won.id, "stage_move_reason": "Hurry"})
        with self.assertRaisesRegex(UserError, "last stage"):
            self.deal.with_user(self.salesperson).action_move_on(self.won.id)

    def test_contact_is_logged(self):
        call = self._create_requirement(name="Talked", kind="activity")
        self.deal.with_user(self.salesperson).action_log_contact(call.id, "He called back")
        row = next(row for row in self._get_panel()["rows"] if row["requirement_id"] == call.id)
        self.assertTrue(row["is_met"])
        self.assertIn("He called back", self.deal.message_ids[0].body)
        self.assertFalse(self.deal.activity_ids)

    def test_contact_of_somebody_elses_deal(self):
        call = self._create_requirement(name="Talked", kind="activity")
        foreign = self._create_deals(user_id=self.manager.id, team_id=self.other_team.id)
        with self.assertRaises(AccessError):
            foreign.with_user(self.salesperson).action_log_contact(call.id)

    # === Dialog === #

    def test_dialog_opens_on_the_deals_that_were_refused(self):
        deals = self._create_deals(100, stage_id=self.requirements.id)
        with self.assertRaises(BlockedError) as refusal:
            deals.with_user(self.salesperson).write({"stage_id": self.proposal.id})
        _message, action, _button = refusal.exception.args
        model = self.env[action["res_model"]].with_user(self.salesperson).with_context(**action["context"])
        with Form(model) as form:
            self.assertEqual(len(form.panels), 100)
            self.assertTrue(form.is_blocked)
            self.assertFalse(form.can_override)
        self.assertEqual(len(form.record.lead_ids), 100)

    def test_dialog_looks_again(self):
        change = self._open(self.deal)
        self.assertEqual((change.is_blocked, change.movable_count), (True, 0))
        self._complete(self.deal)
        change.refresh_count += 1
        self.assertEqual((change.is_blocked, change.movable_count), (False, 1))
        change.action_move()
        self.assertEqual(self.deal.stage_id, self.proposal)

    def test_salesperson_and_leader_override_nothing(self):
        for user in (self.salesperson, self.leader):
            change = self._open(self.deal, user, reason="I say so")
            self.assertFalse(change.can_override)
            for method in (change.action_move, change.action_move_anyway):
                with self.subTest(user=user.login), self.assertRaisesRegex(UserError, "Something is missing"):
                    method()
        self.assertEqual(self.deal.stage_id, self.requirements)

    def test_manager_overrides_with_a_reason(self):
        with self.assertRaisesRegex(UserError, "Give the reason"):
            self._open(self.deal, self.manager, reason="  ").action_move_anyway()
        self._open(self.deal, self.manager, reason="Hurry").action_move_anyway()
        self.assertEqual(self.deal.stage_id, self.proposal)
        self.assertTrue(self.deal.stage_move_ids.is_override)

    def test_ready_deals_go_and_others_stay(self):
        ready, unready = self._create_deals(2, stage_id=self.requirements.id)
        self._complete(ready)
        change = self._open(ready | unready)
        self.assertEqual((change.is_blocked, change.movable_count), (True, 1))
        with self.assertRaises(UserError):
            change.action_move()
        change.action_move_ready()
        self.assertEqual((ready | unready).mapped("stage_id"), self.proposal | self.requirements)

    def test_each_deal_goes_to_its_own_next_stage(self):
        later = self._create_deals(stage_id=self.proposal.id)
        self._complete(self.deal)
        self._open(self.deal | later).action_move()
        self.assertEqual(later.stage_id, self.won)
        self.assertEqual(self.deal.stage_id, self.proposal)

    def test_move_back_asks_for_a_reason(self):
        self.env["sales.policy"].create({"code": "back_reason", "level": "block", "company_id": False})
        deal = self._create_deals(stage_id=self.proposal.id)
        change = self._open(deal, stage_id=self.requirements.id)
        self.assertEqual((change.is_blocked, change.is_reason_needed), (False, True))
        with self.assertRaises(UserError):
            change.action_move()
        change.reason = "They changed the drawing"
        change.action_move()
        self.assertEqual(deal.stage_move_ids[:1].reason, "They changed the drawing")

    def test_dialog_notices_that_somebody_else_moved_a_deal(self):
        self._complete(self.deal)
        change = self._open(self.deal)
        self.deal.with_user(self.manager).stage_id = self.proposal
        with self.assertRaisesRegex(UserError, "Somebody else"):
            change.action_move()
        self.assertEqual(self.deal.stage_id, self.proposal)

    def test_dialog_shows_nobody_elses_deals(self):
        foreign = self._create_deals(stage_id=self.requirements.id, user_id=self.manager.id, team_id=self.other_team.id)
        with self.assertRaises(AccessError):
            self._open(foreign).panels  # noqa: B018  (reading it is what is refused)
        change = self._open(self.deal, self.manager)
        with self.assertRaises(AccessError):
            change.with_user(self.salesperson).read(["reason"])

    # === Documents === #

    def test_file_of_a_deal_is_read_by_who_reads_the_deal(self):
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.salesperson)
            .create({"name": "call.txt", "raw": b"He wants them.", "res_model": "sales.deal.document", "res_id": 0})
        )
        with self.assertRaises(AccessError):
            attachment.with_user(self.member).read(["raw"])
        self.env["sales.deal.document"].with_user(self.salesperson).create(
            {"lead_id": self.deal.id, "type_id": self.document_type.id, "attachment_id": attachment.id}
        )
        self.env.invalidate_all()
        self.assertTrue(attachment.with_user(self.member).read(["raw"]))
        self.deal.write({"user_id": self.manager.id, "team_id": self.other_team.id})
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            attachment.with_user(self.member).read(["raw"])
