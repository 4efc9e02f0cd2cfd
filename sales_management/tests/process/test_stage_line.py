from odoo.tests import tagged

from odoo.addons.sales_management.tests.process.test_stage_panel import PanelCommon


@tagged("post_install", "-at_install", "process")
class TestStageLine(PanelCommon):
    """The line on the card of a deal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._create_deals(stage_id=cls.requirements.id)

    def test_card_counts_as_many_as_the_dialog_names(self):
        """The count is taken another way than the words, and never differs from them."""
        fields = self.env["ir.model.fields"]
        self._create_requirement(name="Tags", kind="field", field_id=fields._get("crm.lead", "tag_ids").id)
        self._create_requirement(name="Talked", kind="activity", min_count=2)
        call = self.env.ref("mail.mail_activity_data_call")
        self._create_requirement(name="Called", kind="activity", activity_type_id=call.id)
        self._create_requirement(name="Worth it", kind="domain", domain="[('expected_revenue', '>', 100)]")
        self._create_requirement(name="Quoted", kind="quotation")
        self._create_requirement(name="Ordered", kind="order")
        empty = self._create_requirement(name="Nothing to tick", kind="checklist")
        deals = self._create_deals(6, stage_id=self.requirements.id)
        self._complete(deals[1:3])
        deals[2].action_log_contact(empty.id)
        for deal in deals[3:5]:
            deal.activity_schedule("mail.mail_activity_data_call").action_feedback()
            deal.activity_schedule("mail.mail_activity_data_todo").action_feedback()
        self._complete(deals[4])
        self.checklist.item_ids[0].active = False
        deals[5].expected_revenue = 1000
        for name, is_done in (("Own", True), ("Another", False)):
            self.env["sales.deal.checklist"].create(
                {"lead_id": deals[5].id, "requirement_id": empty.id, "name": name, "is_done": is_done}
            )
        self._assert_counted(deals)
        deals[5].deal_checklist_ids.is_done = True
        self._assert_counted(deals)

    def test_card_shows_class_and_what_is_due(self):
        deal_class = self.env["sales.deal.class"].create({"name": "Key account", "color": 3})
        self.deal.with_user(self.manager).deal_class_id = deal_class
        self.env["sales.deal.task"].create(
            {
                "lead_id": self.deal.id,
                "name": "Feedback",
                "opened_at": "2026-11-20 08:00",
                "due_at": "2026-11-22 08:00:00",
            }
        )
        self.env.invalidate_all()
        line = self.deal.with_user(self.salesperson).stage_line
        self.assertEqual(line, {"missing": 2, "class": "Key account", "color": 3, "due": "2026-11-22 08:00:00"})
        deal_class.name = "Key accounts"
        self.env.invalidate_all()
        self.assertEqual(self.deal.stage_line["class"], "Key accounts")

    def test_card_of_a_checklist_that_was_edited(self):
        self._complete(self.deal)
        self.assertEqual(self.deal.stage_line["missing"], 0)
        self.checklist.item_ids[:1].copy({"name": "Packaging"})
        self.env.invalidate_all()
        self.assertEqual(self.deal.stage_line["missing"], 1)

    def test_cards_cost_as_much_as_a_card(self):
        """The deals, what they have of what is asked, and where they stand: whatever the number of requirements."""
        counts = []
        for size in (1, 20):
            deals = self._create_deals(size, stage_id=self.requirements.id).with_user(self.salesperson)
            # The first time, what the server keeps is read as well: whether the user may see them.
            self.env.flush_all()
            self.env.invalidate_all()
            deals.mapped("stage_line")
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            deals.mapped("stage_line")
            counts.append(self.env.cr.sql_log_count - before)
            self._create_requirement(name="Quoted", kind="quotation")
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 5)

    def test_card_reads_its_deals_once(self):
        """What the line needs of a deal comes along with what the card shows anyway."""
        deals = self._create_deals(20, stage_id=self.requirements.id).with_user(self.salesperson)
        specification = {"name": {}, "expected_revenue": {}}
        counts = []
        for extra in ({}, {"stage_line": {}}):
            for _again in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                deals.web_read({**specification, **extra})
            counts.append(self.env.cr.sql_log_count - before)
        # One for what the deals have of what is asked, one for their stages.
        self.assertLessEqual(counts[1], counts[0] + 2)

    def _assert_counted(self, deals):
        self.env.invalidate_all()
        blockers = deals._get_stage_blockers()
        counted = {deal: deal.stage_line["missing"] for deal in deals}
        self.assertEqual(counted, {deal: len(found) for deal, found in blockers.items()})
        self.assertEqual(counted, {deal: deal.stage_blocker_count for deal in deals})
