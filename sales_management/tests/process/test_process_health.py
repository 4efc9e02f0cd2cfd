import json
from ast import literal_eval
from datetime import timedelta

from lxml import etree

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tests import new_test_user, tagged

from odoo.addons.sales_management.tests.process.measures_common import MeasuresCommon

REPORTS = ("sales.stage.report", "sales.conversion.report", "sales.task.report", "sales.deal.report")


@tagged("post_install", "-at_install", "process")
class TestProcessHealth(MeasuresCommon):
    """The page: its figures are those of the reports, its clicks lead to what they count, rights hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].search([("id", "not in", cls.deals.ids)]).unlink()
        cls.now = cls.env.cr.now()
        cls._set_columns(cls.deals, "create_date", lambda: cls.now - timedelta(days=cls.random.randrange(150)))
        cls.deals.invalidate_recordset()
        for _number in range(150):
            source, target = cls.random.sample(range(len(cls.stages)), 2)
            cls._add_move(
                cls.random.choice(cls.deals),
                source,
                target,
                cls.now - timedelta(hours=cls.random.randrange(1, 150 * 24)),
                seconds_in_stage=cls.random.randrange(1, 40 * 86400),
            )
        tasks = cls._add_random_tasks()
        cls._set_columns(tasks, "due_at", lambda: cls.now - timedelta(hours=cls.random.randrange(1, 150 * 24)))
        cls.tasks = tasks

    def _get_health(self, user=None, **options):
        health = self.env["sales.process.health"].with_user(user or self.manager)
        # What leaves by RPC is JSON.
        return json.loads(json.dumps(health.get_process_health(**options), default=str))

    def _get_figure(self, health, code):
        return next(figure for figure in health["figures"] if figure["code"] == code)

    # === Figures === #

    def test_skip_rate_equals_a_query_of_the_tables(self):
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT count(DISTINCT m.lead_id) FILTER (WHERE m.skipped_count > 0), count(DISTINCT m.lead_id)
              FROM sales_stage_move m
              JOIN crm_lead l ON l.id = m.lead_id
         LEFT JOIN sales_deal_class c ON c.id = l.deal_class_id
             WHERE m.direction IN ('forward', 'won') AND m.origin IN ('user', 'import')
               AND m.moved_at >= %s AND c.is_repeat IS NOT TRUE
            """,
            [self.now - timedelta(days=90)],
        )
        part, whole = self.env.cr.fetchone()
        figure = self._get_figure(self._get_health(), "skip_rate")
        self.assertEqual((figure["part"], figure["whole"]), (part, whole))
        self.assertAlmostEqual(figure["value"], 100 * part / whole, 6)
        self.assertEqual(figure["wanted"], 5)
        self.assertTrue(figure["repeat_whole"])

    def test_on_time_rate_equals_a_query_of_the_tables(self):
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT count(*) FILTER (WHERE t.done_at <= t.due_at AND t.state = 'done'), count(*)
              FROM sales_deal_task t
              JOIN crm_lead l ON l.id = t.lead_id
         LEFT JOIN sales_deal_class c ON c.id = l.deal_class_id
             WHERE t.state != 'cancelled' AND t.due_at BETWEEN %s AND %s AND c.is_repeat IS NOT TRUE
            """,
            [self.now - timedelta(days=90), self.now],
        )
        part, whole = self.env.cr.fetchone()
        figure = self._get_figure(self._get_health(), "on_time_rate")
        self.assertEqual((figure["part"], figure["whole"]), (part, whole))
        self.assertEqual(figure["wanted"], 85)

    def test_trend_is_the_period_before(self):
        quarter = self._get_figure(self._get_health(), "skip_rate")
        report = self.env["sales.stage.report"].with_user(self.manager)
        before = Domain("moved_at", ">=", self.now - timedelta(days=180)) & Domain(
            "moved_at", "<", self.now - timedelta(days=90)
        )
        ((expected,),) = report._read_group(before & Domain("is_repeat", "=", False), [], ["skip_rate:avg"])
        self.assertAlmostEqual(quarter["previous"], expected, 6)

    def test_a_click_lists_what_was_counted(self):
        health = self._get_health()
        count = {
            figure["code"]: self.env[figure["model"]].with_user(self.manager).search_count(figure["domain"])
            for figure in health["figures"]
        }
        on_time = self._get_figure(health, "on_time_rate")
        self.assertEqual(count["on_time_rate"], on_time["whole"] - on_time["part"])
        self.assertEqual(count["regression_count"], self._get_figure(health, "regression_count")["value"])
        self.assertEqual(count["old_rate"], self._get_figure(health, "old_rate")["part"])
        skips = self._get_figure(health, "skip_rate")
        rows = self.env["sales.stage.report"].with_user(self.manager).search(skips["domain"])
        self.assertEqual(len(rows.lead_id), skips["part"])
        for chart in health["charts"]:
            for bar in chart["bars"]:
                rows = self.env[chart["model"]].with_user(self.manager).search(bar["domain"])
                with self.subTest(chart=chart["code"], bar=bar["label"]):
                    self.assertTrue(rows)
                    if chart["code"] in ("late_by_person", "regressions_by_stage"):
                        self.assertEqual(len(rows), bar["value"])

    def test_bars_are_sorted(self):
        for chart in self._get_health()["charts"]:
            values = [bar["value"] for bar in chart["bars"]]
            self.assertTrue(values, chart["code"])
            self.assertEqual(values, sorted(values, reverse=True))

    def test_filters_narrow_every_part(self):
        everything = self._get_health()
        for options in (
            {"team_id": self.team.id},
            {"user_id": self.member.id},
            {"deal_class_id": self.classes[0].id},
            {"period": "month"},
        ):
            narrowed = self._get_health(**options)
            with self.subTest(options):
                for code in ("skip_rate", "on_time_rate"):
                    self.assertLess(
                        self._get_figure(narrowed, code)["whole"], self._get_figure(everything, code)["whole"]
                    )

    def test_period_that_does_not_exist(self):
        with self.assertRaisesRegex(ValidationError, "decade.*quarter"):
            self._get_health(period="decade")

    def test_number_of_queries_does_not_grow(self):
        counts = []
        for _round in range(2):
            self._get_health()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._get_health()
            counts.append(self.env.cr.sql_log_count - before)
            for deal in self.deals:
                self._add_move(deal, 0, 3, self.now - timedelta(days=1))
        self.assertEqual(*counts)
        self.assertLessEqual(counts[0], 30)

    def test_nothing_to_see_yet(self):
        self.assertFalse(self._get_health()["is_empty"])
        self.deals.unlink()
        self.env.flush_all()
        health = self._get_health()
        self.assertTrue(health["is_empty"])
        self.assertEqual({figure["value"] for figure in health["figures"]} - {False}, set())

    # === Wanted values === #

    def test_manager_sets_what_is_wanted(self):
        self.env["sales.process.health"].with_user(self.manager).set_process_targets(3, 90)
        health = self._get_health()
        self.assertEqual(self._get_figure(health, "skip_rate")["wanted"], 3)
        self.assertEqual(self._get_figure(health, "on_time_rate")["wanted"], 90)
        self.assertTrue(health["may_set_targets"])

    def test_others_set_nothing(self):
        for user in (self.salesperson, self.leader):
            self.assertFalse(self._get_health(user)["may_set_targets"])
            with self.assertRaises(AccessError):
                self.env["sales.process.health"].with_user(user).set_process_targets(3, 90)

    # === Rights === #

    def test_salesperson_sees_own_figures(self):
        own = self.deals.filtered(lambda deal: deal.user_id == self.salesperson)
        self.assertLess(len(own), len(self.deals))
        for model in REPORTS:
            rows = self.env[model].with_user(self.salesperson).search([("lead_id", "in", self.deals.ids)])
            with self.subTest(model):
                if model == "sales.task.report":
                    self.assertLessEqual(rows.lead_id, own | self.tasks.lead_id)
                    self.assertFalse(
                        rows.filtered(lambda row: self.salesperson not in (row.responsible_id, row.sudo().user_id))
                    )
                else:
                    self.assertEqual(rows.lead_id, own)

    def test_member_sees_the_figures_of_the_team(self):
        seen = self.deals.filtered(lambda deal: deal.user_id == self.member or deal.team_id == self.team)
        for model in ("sales.stage.report", "sales.conversion.report", "sales.deal.report"):
            rows = self.env[model].with_user(self.member).search([("lead_id", "in", self.deals.ids)])
            with self.subTest(model):
                self.assertLessEqual(rows.lead_id, seen)
                self.assertTrue(rows.lead_id.filtered(lambda deal: deal.user_id != self.member))

    def test_manager_sees_all(self):
        rows = self.env["sales.deal.report"].with_user(self.manager).search([("lead_id", "in", self.deals.ids)])
        self.assertEqual(rows.lead_id, self.deals)

    def test_page_shows_what_one_may_see(self):
        everything, own = self._get_health(), self._get_health(self.salesperson)
        for code in ("skip_rate", "old_rate"):
            self.assertLess(self._get_figure(own, code)["whole"], self._get_figure(everything, code)["whole"])

    def test_others_see_nothing(self):
        for user in (self.finance, self.users_by_role["portal"]):
            with self.assertRaises(AccessError):
                self._get_health(user)

    def test_company_keeps_its_figures(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "sm_stranger",
            "sales_team.group_sale_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self._set_columns(self.deals, "company_id", lambda: self.env.company.id)
        self._set_columns(self.tasks, "company_id", lambda: self.env.company.id)
        deal = self._create_deals(company_id=self.env.company.id, user_id=False, team_id=False)
        self._add_move(deal, 0, 3, self.now, company_id=self.env.company.id, team_id=False)
        domain = [("lead_id", "in", deal.ids)]
        for model in ("sales.stage.report", "sales.deal.report", "sales.conversion.report"):
            with self.subTest(model):
                self.assertTrue(self.env[model].with_user(self.manager).search_count(domain))
                self.assertFalse(self.env[model].with_user(stranger).search_count(domain))

    # === Regressions === #

    def test_negotiation_back_to_requirements(self):
        deal = self._create_deals()
        moves = self._add_move(deal, 4, 2, self.now - timedelta(days=3))
        self._add_move(deal, 4, 2, self.now - timedelta(days=40))
        self._add_move(deal, 4, 1, self.now - timedelta(days=3))
        self._add_move(deal, 4, 2, self.now - timedelta(days=3), origin="system")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "sales_management.sales_stage_move_action_back_to_requirements"
        )
        view = self.env["sales.stage.move"].get_view(action["search_view_id"][0], "search")["arch"]
        self.assertIn("search_default_back_to_requirements", action["context"])
        domain = Domain.TRUE
        for name in ("back_to_requirements", "last_month"):
            (found,) = etree.fromstring(view).xpath(f"//filter[@name='{name}']/@domain")
            domain &= Domain(literal_eval(found))
        domain &= Domain("lead_id", "=", deal.id)
        found = self.env["sales.stage.move"].with_user(self.salesperson).search(domain)
        self.assertEqual(found, moves)
        self.assertEqual(found.owner_id, deal.user_id)
        self.assertEqual(found.action_open_deal()["res_id"], deal.id)
