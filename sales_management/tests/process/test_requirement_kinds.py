from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.process.gate_common import GateCommon


@tagged("post_install", "-at_install", "process")
class TestRequirementKinds(GateCommon):
    """What each kind of requirement takes for met."""

    def _assert_asks(self, text):
        blockers = self.deal._get_stage_blockers()[self.deal]
        self.assertEqual(len(blockers), 1, blockers)
        self.assertIn(text, blockers[0].message)
        self.deal.invalidate_recordset(["stage_blocker_count"])
        self.assertEqual(self.deal.stage_blocker_count, 1)

    def _assert_met(self):
        self.env.flush_all()
        self.assertFalse(self.deal._get_stage_blockers()[self.deal])

    def test_field(self):
        self._require(field="partner_id")
        self._assert_asks("fill in Contact")
        self.deal.partner_id = self.env["res.partner"].create({"name": "Hangzhou Bolt"})
        self._assert_met()

    def test_blanks_and_empty_paragraphs_are_nothing(self):
        self._require(field="description")
        self.deal.description = "<p><br></p>"
        self._assert_asks("fill in Notes")
        self.deal.description = "<p>They want bolts</p>"
        self._assert_met()

    def test_field_that_its_reader_may_not_see(self):
        self._require(field="campaign_id")
        self._assert_asks("Campaign")

    def test_document(self):
        document_type = self.env["sales.document.type"].create({"name": "Contract"})
        other_type = self.env["sales.document.type"].create({"name": "Drawing"})
        self._require(kind="document", document_type_id=document_type.id, min_count=2)
        self._assert_asks("add Contract (0 of 2)")
        documents = self.env["sales.deal.document"].with_user(self.salesperson)
        for type_ in (document_type, other_type):
            documents.create({"lead_id": self.deal.id, "type_id": type_.id, "text": "Signed"})
        self._assert_asks("add Contract (1 of 2)")
        documents.create({"lead_id": self.deal.id, "type_id": document_type.id, "text": "Signed again"})
        self._assert_met()

    def test_checklist(self):
        requirement = self._require(kind="checklist", item_ids=[Command.create({"name": name}) for name in "AB"])
        self._assert_asks("0 of 2 done")
        lines = (
            self.env["sales.deal.checklist"]
            .with_user(self.salesperson)
            .create(
                [
                    {"lead_id": self.deal.id, "requirement_id": requirement.id, "item_id": item.id, "is_done": True}
                    for item in requirement.item_ids
                ]
            )
        )
        self._assert_met()
        lines[0].is_done = False
        self._assert_asks("1 of 2 done")

    def test_activity(self):
        self._require(kind="activity")
        self._assert_asks("mark done")
        self.deal.activity_schedule("mail.mail_activity_data_todo").action_feedback()
        self._assert_asks("mark done")
        self.deal.activity_schedule("mail.mail_activity_data_call").action_feedback()
        self._assert_met()

    def test_activity_of_a_type(self):
        meeting = self.env.ref("mail.mail_activity_data_meeting")
        self._require(kind="activity", activity_type_id=meeting.id)
        self.deal.activity_schedule("mail.mail_activity_data_call").action_feedback()
        self._assert_asks(meeting.name)
        self.deal.activity_schedule("mail.mail_activity_data_meeting").action_feedback()
        self._assert_met()

    def test_quotation_order_and_approval(self):
        quotation, approval = self._require(kind="quotation"), self._require(kind="approval")
        order = self._require(self.second, kind="order")
        document = self._create_quotation(self.deal)
        blockers = self.deal._get_stage_blockers(self.third)[self.deal]
        self.assertEqual([blocker.source for blocker in blockers], [quotation, approval, order])
        document.action_quotation_sent()
        blockers = self.deal._get_stage_blockers(self.third)[self.deal]
        self.assertEqual([blocker.source for blocker in blockers], [order])
        document.action_confirm()
        self.assertFalse(self.deal._get_stage_blockers(self.third)[self.deal])

    def test_condition(self):
        self._require(kind="domain", domain="[('order_ids.state', '=', 'sale')]")
        self._assert_asks("not so yet")
        self._create_quotation(self.deal).action_confirm()
        self._assert_met()

    def test_last_stage_asks_nothing(self):
        self._require(self.won)
        self.deal.action_set_won()
        self.assertFalse(self.deal._get_stage_blockers()[self.deal])
