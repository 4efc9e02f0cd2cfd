from datetime import datetime, timedelta

from odoo.tests import tagged

from odoo.addons.sales_management.tests.process.measures_common import MOVES, MeasuresCommon, get_rate

DEALS = "SELECT id, stage_id, create_date, date_conversion, team_id FROM crm_lead WHERE id = ANY(%s)"


@tagged("post_install", "-at_install", "process")
class TestProcessConversion(MeasuresCommon):
    """Of the deals that entered a stage, the share that later left it forward."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_columns(cls.deals, "create_date", lambda: datetime(2025, 12, cls.random.randrange(1, 28)))
        cls._add_random_moves()

    def _count_entries(self):
        """Walk through the history of each deal: (deal, stage, moment, whether it later left forward)."""
        moves = {}
        for row in self._fetch(MOVES):
            moves.setdefault(row["lead_id"], []).append(row)
        entries = []
        for deal in self._fetch(DEALS):
            history = sorted(moves.get(deal["id"], []), key=lambda row: (row["moved_at"], row["id"]))
            first = history[0]["from_stage_id"] if history else deal["stage_id"]
            entered = [(first, deal["date_conversion"] or deal["create_date"], history)]
            entered += [
                (move["to_stage_id"], move["moved_at"], history[position + 1 :])
                for position, move in enumerate(history)
            ]
            for stage, moment, later in entered:
                left = any(row["from_stage_id"] == stage and row["direction"] in ("forward", "won") for row in later)
                if stage != self.stages[-1].id:
                    entries.append((deal["id"], stage, moment, left))
        return entries

    def _count_rate(self, entries):
        return get_rate(len({entry[:2] for entry in entries if entry[3]}), len({entry[:2] for entry in entries}))

    def test_conversion_by_stage_and_cohort(self):
        entries = self._count_entries()
        self.assertNotIn(self._count_rate(entries), (0, 100, None))
        for groupby, get_key in (
            ([], lambda entry: ()),
            (["stage_id"], lambda entry: (entry[1],)),
            (["entered_at:month"], lambda entry: (self._get_month(entry[2]),)),
            (["stage_id", "entered_at:month"], lambda entry: (entry[1], self._get_month(entry[2]))),
        ):
            groups = {}
            for entry in entries:
                groups.setdefault(get_key(entry), []).append(entry)
            expected = {key: self._count_rate(group) for key, group in groups.items()}
            self._assert_groups("sales.conversion.report", groupby, "conversion_rate:avg", expected)

    def test_deal_enters_its_first_stage_when_it_is_created(self):
        deal = self._create_deals(stage_id=self.stages[0].id)
        rows = self.env["sales.conversion.report"].search([("lead_id", "=", deal.id)])
        self.assertEqual(rows.stage_id, self.stages[0])
        self.assertAlmostEqual(rows.entered_at, deal.create_date, delta=timedelta(seconds=1))
        self.assertFalse(rows.is_converted)

    def test_lead_enters_no_stage(self):
        lead = self._create_deals(type="lead", stage_id=self.stages[0].id)
        self.assertFalse(self.env["sales.conversion.report"].search_count([("lead_id", "=", lead.id)]))

    def test_deal_that_is_merged_in_entered_nothing_here(self):
        deals = self._create_deals(2, stage_id=self.stages[1].id)
        kept = deals.merge_opportunity()
        rows = self.env["sales.conversion.report"].search([("lead_id", "=", kept.id)])
        self.assertEqual(rows.mapped("stage_id"), self.stages[1])
        self.assertEqual(len(rows), 1)

    def test_move_that_was_taken_back_converts_nothing(self):
        deal = self._create_deals(stage_id=self.stages[0].id)
        moment = self.env.cr.now() + timedelta(days=1)
        self._add_move(deal, 0, 1, moment)
        self._add_move(deal, 1, 0, moment + timedelta(minutes=2), direction="correction")
        rows = self.env["sales.conversion.report"].search([("lead_id", "=", deal.id)])
        self.assertEqual([(row.stage_id, row.is_converted) for row in rows], [(self.stages[0], False)])
