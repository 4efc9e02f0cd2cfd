"""What becomes of what was gathered on deals, when core merges, deletes and converts them, or removes who took part."""

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.sales_management.tests.common import DealCommon


@tagged("post_install", "-at_install", "process")
class TestProcessMerge(DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_process_enabled = True
        cls.stage = cls.env["crm.stage"].search([("team_ids", "=", False)], order="sequence, id", limit=1)
        cls.checklist = cls.env["sales.stage.requirement"].create(
            {
                "name": "Customer requirements",
                "stage_id": cls.stage.id,
                "kind": "checklist",
                "item_ids": [Command.create({"name": name}) for name in ("Drawing", "Quantity")],
            }
        )
        cls.summary = cls.env["sales.document.type"].create({"name": "Call summary"})
        cls.task_template = cls.env["sales.stage.task"].create(
            {"name": "Call", "stage_id": cls.stage.id, "hours": 24}
        )
        cls.head, cls.tail = cls._create_deals(2, partner_id=cls.env["res.partner"].create({"name": "Bolt"}).id)
        cls.head.priority = "3"
        cls.drawing, cls.quantity = cls.checklist.item_ids

    def _add_line(self, deal, item, is_done):
        return self.env["sales.deal.checklist"].create(
            {"lead_id": deal.id, "requirement_id": self.checklist.id, "item_id": item.id, "is_done": is_done}
        )

    def _add_document(self, deal, text, date="2026-11-02"):
        return self.env["sales.deal.document"].create(
            {"lead_id": deal.id, "type_id": self.summary.id, "text": text, "date": date}
        )

    def test_documents_follow_and_are_numbered_on(self):
        first = self._add_document(self.head, "One")
        later, earlier = self._add_document(self.tail, "Two", "2026-11-09"), self._add_document(self.tail, "Three")
        merged = (self.head | self.tail).merge_opportunity()
        documents = merged.deal_document_ids.sorted("version")
        self.assertEqual(documents, first | earlier | later)
        self.assertEqual(documents.mapped("version"), [1, 2, 3])

    def test_what_was_ticked_off_on_either_stays_so(self):
        self._add_line(self.head, self.drawing, is_done=False)
        done = self._add_line(self.tail, self.drawing, is_done=True)
        kept = self._add_line(self.head, self.quantity, is_done=True)
        self._add_line(self.tail, self.quantity, is_done=False)
        merged = (self.head | self.tail).merge_opportunity()
        self.assertEqual(merged.deal_checklist_ids, done | kept)
        self.assertTrue(merged._get_requirement_state(self.checklist)[merged].is_met)

    def test_tasks_of_the_merged_deals_are_those_of_the_one_that_stays(self):
        tasks = (self.head | self.tail).deal_task_ids
        self.assertEqual(len(tasks), 2)
        merged = (self.head | self.tail).merge_opportunity()
        self.assertEqual(tasks.exists().lead_id, merged)

    def test_what_is_known_of_the_customer_is_merged(self):
        self.tail.write({"deal_feedback": "Too dear", "deal_next_step": "Send samples"})
        said_at = self.tail.deal_feedback_at
        merged = (self.head | self.tail).with_user(self.manager).merge_opportunity()
        self.assertEqual(merged.deal_feedback, "Too dear")
        self.assertEqual(merged.deal_feedback_at, said_at)
        self.assertEqual(merged.deal_next_step, "Send samples")

    def test_deal_is_deleted_with_all_that_hangs_on_it(self):
        document, line = self._add_document(self.tail, "One"), self._add_line(self.tail, self.drawing, is_done=True)
        task, activity = self.tail.deal_task_ids, self.tail.deal_task_ids.activity_id
        self.assertTrue(activity)
        self.tail.with_user(self.manager).unlink()
        for record in (document, line, task, activity):
            self.assertFalse(record.exists())

    def test_partners_merge(self):
        self._add_document(self.tail, "One")
        other = self.env["res.partner"].create({"name": "Bolt Ltd"})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.head.partner_id | other).ids, other)
        self.assertEqual((self.head | self.tail).partner_id, other)
        self.assertTrue(self.tail.deal_document_ids)

    def test_person_is_removed_and_the_facts_name_them(self):
        person = self.member
        second = self.env["crm.stage"].search(
            [("team_ids", "=", False), ("id", "!=", self.stage.id)], order="sequence, id", limit=1
        )
        self.env["sales.stage.requirement"].search([("stage_id", "=", self.stage.id)]).active = False
        self.head.user_id = person
        self.head.with_user(person).stage_id = second
        self.head.activity_ids.unlink()
        self.head.user_id = self.salesperson
        person.unlink()
        moves = self.head.stage_move_ids.filtered(lambda move: move.user_name == "Member")
        self.assertTrue(moves)
        self.assertFalse(moves.user_id)

    def test_nothing_of_ours_keeps_core_from_removing_records(self):
        """Core lets who and what a deal hangs on be removed; a foreign key of ours must not be what refuses it."""
        ours = [model._table for model in self.env.values() if model._name.startswith("sales.") and model._auto]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT conrelid::regclass::text, confrelid::regclass::text, conname
                  FROM pg_constraint
                 WHERE contype = 'f'
                   AND confdeltype IN ('a', 'r')
                   AND conrelid::regclass::text = ANY(%s)
                   AND confrelid::regclass::text IN (
                       'res_company', 'res_users', 'res_partner', 'crm_lead', 'crm_stage', 'crm_team', 'mail_activity'
                       )
                """,
                ours,
            )
        )
        self.assertFalse(rows)
