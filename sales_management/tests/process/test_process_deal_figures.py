from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.sales_management.tests.process.measures_common import (
    MeasuresCommon,
    get_percentile,
    get_rate,
)

DEALS = """
    SELECT lead.*, (SELECT sales_code FROM crm_stage WHERE id = lead.stage_id) AS code
      FROM crm_lead lead
     WHERE id = ANY(%s)
"""
EARLY = ("lead", "contact")


@tagged("post_install", "-at_install", "process")
class TestProcessDealFigures(MeasuresCommon):
    """Lead loss, old deals and first responses equal what the table of leads gives."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        now = cls.env.cr.now()
        cls.deals += cls._create_deals(10, type="lead", stage_id=cls.stages[0].id)
        for deal in cls.deals:
            fate = cls.random.choice(("open", "open", "lost", "lost", "won", "archived"))
            deal.stage_id = cls.random.choice(cls.stages[:5])
            if fate == "lost":
                deal.action_set_lost()
            elif fate == "won" and deal.type == "opportunity":
                deal.action_set_won()
            elif fate == "archived":
                deal.probability = 30
                deal.action_archive()
        cls._set_columns(cls.deals, "create_date", lambda: now - timedelta(days=cls.random.randrange(200)))

    def _group(self, rows, groupby):
        get_key = {
            (): lambda row: (),
            ("opened_on:month",): lambda row: (self._get_month(row["create_date"]),),
            ("team_id",): lambda row: (row["team_id"],),
            ("user_id",): lambda row: (row["user_id"],),
            ("deal_class_id",): lambda row: (row["deal_class_id"],),
        }[groupby]
        groups = {}
        for row in rows:
            groups.setdefault(get_key(row), []).append(row)
        return groups

    def _assert_figure(self, aggregate, count):
        rows = self._fetch(DEALS)
        for groupby in ((), ("opened_on:month",), ("team_id",), ("user_id",), ("deal_class_id",)):
            expected = {key: count(group) for key, group in self._group(rows, groupby).items()}
            self._assert_groups("sales.deal.report", list(groupby), aggregate, expected)

    @staticmethod
    def _is_archived(row):
        return not row["active"] and row["won_status"] == "pending"

    def _count_loss(self, rows):
        counted = [row for row in rows if not self._is_archived(row)]
        lost = [row for row in counted if row["won_status"] == "lost" and row["code"] in EARLY]
        return get_rate(len(lost), len(counted))

    def test_lead_loss(self):
        self.assertNotIn(self._count_loss(self._fetch(DEALS)), (0, 100, None))
        self._assert_figure("early_loss_rate:avg", self._count_loss)

    def test_archived_deals_are_counted_apart(self):
        self.assertTrue(any(map(self._is_archived, self._fetch(DEALS))))
        self._assert_figure("archived_count:sum", lambda rows: sum(map(self._is_archived, rows)))

    def test_old_deals(self):
        border = self.env.cr.now() - timedelta(days=90)

        def count(rows):
            opened = [
                row for row in rows if row["type"] == "opportunity" and row["active"] and row["won_status"] == "pending"
            ]
            return get_rate(sum(row["create_date"] < border for row in opened), len(opened))

        self.assertNotIn(count(self._fetch(DEALS)), (0, 100, None))
        self._assert_figure("old_rate:avg", count)

    def test_without_the_stage_the_third_one_is_the_border(self):
        self.env["crm.stage"].search([("id", "not in", self.stages.ids)]).write({"sequence": 99})
        lost = self._create_deals(3)
        for deal, stage in zip(lost, self.stages[1:4], strict=True):
            deal.stage_id = stage
        lost.action_set_lost()
        self.stages.sales_code = False
        self.env.flush_all()
        self.assertEqual(self.env["sales.deal.report"].browse(lost.ids).mapped("is_early_loss"), [True, False, False])

    def test_loss_before_the_third_stage_of_all_teams(self):
        """A stage of one team stands between, and is none of the three."""
        self.env["crm.stage"].search([("id", "not in", self.stages.ids)]).write({"sequence": 99})
        self.stages.sales_code = False
        between = self.env["crm.stage"].create({"name": "Own", "sequence": 11, "team_ids": [(6, 0, self.team.ids)]})
        lost = self._create_deals(stage_id=between.id)
        lost.action_set_lost()
        self.assertTrue(self.env["sales.deal.report"].browse(lost.id).is_early_loss)

    # === Brought and answered === #

    def test_imported_deal_is_as_old_as_the_import_says(self):
        opened = self.env.cr.now() - timedelta(days=120)
        deals = self._create_deals(deal_opened_on=opened) | self._create_deals()
        rows = self.env["sales.deal.report"].browse(deals.ids)
        self.assertEqual(rows.mapped("is_old"), [True, False])
        self.assertAlmostEqual(rows[0].opened_on, opened, delta=timedelta(seconds=1))

    def test_first_response(self):
        answered = [deal for deal in self.deals if self.random.random() < 0.6]
        for deal in answered:
            hours = self.random.randrange(1, 4000) / 10
            # Only the addon writes them.
            self.env.cr.execute(
                """
                UPDATE crm_lead
                   SET first_response_hours = %s, first_response_at = create_date + %s * interval '1 hour'
                 WHERE id = %s
                """,
                [hours, hours, deal.id],
            )
        self.env.invalidate_all()
        for aggregate, fraction in (("median_response_hours:avg", 0.5), ("p90_response_hours:avg", 0.9)):
            self._assert_figure(
                aggregate,
                lambda rows, fraction=fraction: get_percentile(
                    [row["first_response_hours"] for row in rows if row["first_response_at"]], fraction
                ),
            )
