from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.process.gate_common import GateCommon
from odoo.addons.sales_management.tests.test_performance import QueryWatch

#: Tables that only the gate reads or writes when a deal moves.
OURS = ("sales_", "mail_message\" WHERE", "sale_order", "res_company")


@tagged("post_install", "-at_install", "performance", "process")
class TestStageGatePerformance(GateCommon):
    """What the gate costs: a number of queries that does not grow with the deals, and none where it is off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        document_type = cls.env["sales.document.type"].create({"name": "Contract"})
        cls._require(field="phone")
        cls._require(kind="domain", domain="[('expected_revenue', '>', 1)]")
        cls._require(kind="document", document_type_id=document_type.id)
        cls._require(kind="checklist", item_ids=[Command.create({"name": "Size"})])
        cls._require(kind="activity")
        for code in ("back_reason", "lost_reason", "kept_value"):
            cls._set_policy(code)
        cls.document_type = document_type

    def _prepare_deals(self, count):
        """Deals that meet all five requirements."""
        deals = self._create_deals(count, stage_id=self.first.id, phone="1", expected_revenue=5)
        checklist = self.env["sales.stage.requirement"].search(
            [("kind", "=", "checklist"), ("stage_id", "=", self.first.id)]
        )
        self.env["sales.deal.document"].create(
            [{"lead_id": deal.id, "type_id": self.document_type.id, "text": "Signed"} for deal in deals]
        )
        self.env["sales.deal.checklist"].create(
            [
                {
                    "lead_id": deal.id,
                    "requirement_id": checklist.id,
                    "item_id": checklist.item_ids.id,
                    "is_done": True,
                }
                for deal in deals
            ]
        )
        deals.sudo().activity_schedule("mail.mail_activity_data_call").action_feedback()
        return deals

    def _count_queries(self, deals, **values):
        deals = deals.with_context(tracking_disable=True)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        deals.write(values)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _get_cost(self, count):
        """Queries that the gate adds to moving deals."""
        costs = {}
        for switch in (False, True):
            self.company.sales_process_enabled = switch
            deals = self._prepare_deals(count)
            self._count_queries(self._prepare_deals(1), stage_id=self.second.id)
            costs[switch] = self._count_queries(deals, stage_id=self.second.id)
            self.assertEqual(deals.stage_id, self.second)
        return costs[True] - costs[False]

    def test_moving_a_hundred_costs_what_moving_one_does(self):
        self._get_cost(1)
        costs = [self._get_cost(count) for count in (1, 100)]
        # What core reads of the company for many, the gate has to read for one.
        self.assertLessEqual(costs[1], costs[0])
        self.assertLessEqual(costs[0], 20)

    def test_counting_what_is_missing_costs_the_same(self):
        costs = []
        # What is cached for all deals is no part of the cost of one.
        for count in (1, 1, 100):
            deals = self._prepare_deals(count)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            deals.mapped("stage_blocker_count")
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(costs[1], costs[2])

    def test_losing_a_hundred_costs_what_losing_one_does(self):
        costs = []
        for count in (1, 100):
            added = {}
            for switch in (False, True):
                self.company.sales_process_enabled = switch
                values = {"active": False, "probability": 0, "lost_reason_id": self.reason.id}
                self._count_queries(self._create_deals(stage_id=self.first.id), **values)
                added[switch] = self._count_queries(self._create_deals(count, stage_id=self.first.id), **values)
            costs.append(added[True] - added[False])
        self.assertEqual(costs[0], costs[1])

    def test_switched_off_it_costs_one_insert(self):
        self.company.sales_process_enabled = False
        deals = self._create_deals(3, stage_id=self.first.id).with_context(tracking_disable=True)
        self.env.flush_all()
        # What is asked once per cache is asked by the first.
        deals[0].stage_id = self.second
        self.env.flush_all()
        with QueryWatch(self.env.cr) as queries:
            deals[1:].write({"stage_id": self.second.id, "phone": False})
            deals[1].action_set_lost()
            deals[2].sudo().activity_ids.read(["summary"])
            self.env.flush_all()
        ours = [query for query in queries if any(table in query for table in OURS)]
        self.assertEqual(len(ours), 2, ours)
        for query in ours:
            self.assertIn('INSERT INTO "sales_stage_move"', query)
