"""Alerts in words: which figures are told, what is said of them, and that they are made once."""

from datetime import date, datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.reporting.alert_common import AlertCommon


@tagged("post_install", "-at_install", "reporting")
class TestTrendAlert(AlertCommon):
    # === Words === #

    def test_a_figure_is_said_in_words_with_its_tax(self):
        self._sell_in((10, 20, 30, 5))
        alert = self._find(self._watch())
        self.assertEqual((alert.value, alert.mean, alert.deviation, alert.direction), (500, 2000, -75, "under"))
        company = self.company.name
        self.assertEqual(
            self._say(alert),
            f"{company}: ordered $ 500 (excl. tax) in May 2026, "
            "75 % under the mean of the three months before, $ 2,000.",
        )
        self.assertEqual(alert.deviation_label, "−75 %")
        self.company.sales_amount_tax = "included"
        # What was told without tax says so until it is looked at again.
        self.assertIn("$ 500 (excl. tax)", self._say(alert))
        self._watch()
        self.assertIn("ordered $ 565 (incl. tax) in May 2026", self._say(alert))
        margin = self._find(self.alerts.search([]), "margin")
        self.assertIn("margin $ 200 (excl. tax) in May 2026", self._say(margin))

    @staticmethod
    def _say(alert):
        return alert.sentence.replace("\xa0", " ")

    def test_what_is_new_and_what_is_gone_is_said_so(self):
        self._sell_in((10, 10, 10, 10))
        self._sell_in((0, 0, 0, 5), product=self.nut)
        self._sell_in((0, 9, 9, 0), team_id=self.other_team.id)
        alerts = self._watch()
        new = self._find(alerts, subject="product", record=self.nut)
        self.assertEqual(
            self._say(new), "Nut: ordered $ 500 (excl. tax) in May 2026, after nothing in the three months before."
        )
        self.assertEqual((new.deviation, new.deviation_label, new.direction), (0, "Nothing Before", "over"))
        gone = self._find(alerts, subject="team", record=self.other_team)
        self.assertEqual(
            self._say(gone),
            "Export: ordered $ 0 (excl. tax) in May 2026, after a mean of $ 600 in the three months before.",
        )
        self.assertEqual((gone.deviation, gone.deviation_label, gone.direction), (-100, "None Any More", "under"))

    def test_credit_notes_alone_have_no_share(self):
        for month, kind in ((3, "out_refund"), (5, "out_invoice")):
            self.init_invoice(kind, self.customer, date(2026, month, 3), products=self.bolt, post=True, taxes=[])
        alert = self._find(self._watch(), "invoiced")
        self.company.sales_alert_minimum = 0
        self.assertEqual(
            self._say(alert),
            f"{self.company.name}: invoiced $ 100 (excl. tax) in May 2026, "
            "over the mean of the three months before, $ -33.33.",
        )
        self.assertEqual((alert.deviation, alert.deviation_label), (0, "+"))

    def test_customers_are_counted(self):
        partners = self.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(4)])
        for partner in partners[1:]:
            self._sell_in((0, 0, 0, 1), partner_id=partner.id)
        self._sell_in((0, 1, 0, 0), partner_id=partners[0].id)
        alert = self._find(self._watch(), "new_customers")
        self.assertEqual(alert.sentence.split(": ")[1].split(",")[0], "3 new customers in May 2026")
        self.assertIn("800 % over the mean of the three months before, 0.3.", alert.sentence)
        self.assertFalse(alert.amount_tax)

    def test_a_month_that_begins_later_says_its_days(self):
        self.company.sales_month_start = 15
        self._order(10, datetime(2026, 4, 15, 1))
        self._order(10, datetime(2026, 5, 14, 23))
        self._order(40, datetime(2026, 5, 15))
        for month in (1, 2, 3):
            self._order(10, datetime(2026, month, 20))
        alert = self._find(self._watch())
        self.assertEqual((alert.date_from, alert.date_to), (date(2026, 4, 15), date(2026, 5, 14)))
        self.assertEqual((alert.value, alert.mean), (2000, 1000))
        self.assertIn("in April 2026 (Apr 15 – May 14), 100 % over", alert.sentence)

    def test_it_is_said_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self._sell_in((10, 20, 30, 5))
        alert = self._find(self._watch())
        self.assertIn("2026年5月", alert.with_context(lang="zh_CN").sentence)
        self.assertIn("May 2026", alert.with_context(lang="en_US").sentence)

    # === Which === #

    def test_what_is_near_or_small_is_not_told(self):
        self._sell_in((10, 10, 10, 8))
        self.assertFalse(self._watch())
        self.company.sales_alert_threshold = 20
        self.assertEqual(set(self._watch().mapped("metric")), {"ordered", "margin"} - {"margin"})
        self.company.sales_alert_minimum = 201
        self.assertFalse(self._watch())

    def test_nothing_is_compared_with_nothing(self):
        self.assertFalse(self._watch())
        self._sell_in((0, 0, 0, 50))
        self.assertFalse(self._watch())

    def test_the_largest_differences_are_told(self):
        products = self.bolt.union(*(self._create_goods(f"Bolt {number}") for number in range(1, 8)))
        self._sell_in((50, 50, 50, 50))
        for number, product in enumerate(products, start=2):
            self._sell_in((0, 0, 0, number), product=product)
        found = self._find(self._watch(), subject="product")
        self.assertEqual(found.mapped("value"), [900, 800, 700, 600, 500])

    def test_figures_without_a_subject_are_those_of_the_company(self):
        self._sell_in((10, 10, 10, 30), team_id=False)
        found = self._watch().filtered(lambda alert: alert.metric == "ordered")
        self.assertEqual(set(found.mapped("subject")), {"company", "category", "product"})

    # === Once === #

    def test_it_is_made_once(self):
        self._sell_in((10, 20, 30, 5))
        first = self._watch()
        written = {alert: alert.write_date for alert in first}
        with freeze_time("2026-06-10 08:00:00"):
            self.assertEqual(self._watch(), first)
        self.assertEqual({alert: alert.write_date for alert in first}, written)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            values = first[:1].read(["metric", "subject", "date_from", "date_to", "direction", "value", "mean"])[0]
            values.pop("id")
            self.alerts.create({**values, "company_id": self.company.id})

    def test_what_is_booked_late_changes_what_is_open(self):
        self._sell_in((10, 20, 30, 5))
        alerts = self._watch()
        alert = self._find(alerts)
        self._order(3, datetime(2026, 5, 20))
        self.assertEqual(self._watch(), alerts)
        self.assertEqual((alert.value, alert.deviation), (800, -60))
        self._order(12, datetime(2026, 5, 21))
        self.assertFalse(self._watch())
        self.assertFalse(alerts.exists())

    def test_dismissed_stays_dismissed(self):
        self._sell_in((10, 20, 30, 5))
        alerts = self._watch()
        alert = self._find(alerts).with_user(self.manager)
        alert.reason = "The fair was in April"
        alert.action_dismiss()
        self.assertEqual((alert.state, alert.dismissed_by_id), ("dismissed", self.manager))
        alert.with_user(self.env.user).action_dismiss()
        self.assertEqual(alert.dismissed_by_id, self.manager)
        self._order(30, datetime(2026, 5, 20))
        self.assertIn(alert, self._watch())
        self.assertEqual((alert.state, alert.value, alert.reason), ("dismissed", 500, "The fair was in April"))
        alert.action_reopen()
        self.assertEqual(
            (alert.state, alert.dismissed_by_id, alert.dismissed_at), ("open", self.env["res.users"], False)
        )

    def test_what_it_is_about_may_go(self):
        self._sell_in((10, 10, 10, 10))
        self._sell_in((9, 9, 9, 0), team_id=self.other_team.id)
        alert = self._find(self._watch(), subject="team", record=self.other_team)
        self.env["sale.order"].search([("team_id", "=", self.other_team.id)]).team_id = False
        self.other_team.unlink()
        self.assertFalse(alert.exists())

    # === When === #

    def test_a_month_is_looked_at_a_day_after_its_end_by_the_clock_of_the_company(self):
        self._sell_in((10, 20, 30, 5))
        self.company.sales_alert_until = date(2026, 4, 30)
        self.company.partner_id.tz = "Asia/Shanghai"
        for now, is_due in (
            ("2026-05-31 15:00:00", False),
            ("2026-06-01 12:00:00", False),
            ("2026-06-01 15:59:00", False),
            ("2026-06-01 16:00:00", True),
        ):
            with freeze_time(now):
                self.assertEqual(self.alerts._is_due(self.company), is_due, now)
        self.company.partner_id.tz = "America/Los_Angeles"
        for now, is_due in (("2026-06-02 06:59:00", False), ("2026-06-02 07:00:00", True)):
            with freeze_time(now):
                self.assertEqual(self.alerts._is_due(self.company), is_due, now)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("sales_management.ir_cron_watch_trends").sudo().method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.company.sales_alert_until, date(2026, 5, 31))
        self.assertTrue(self.alerts.search([("company_id", "=", self.company.id)]))
        self.assertFalse(self.alerts._is_due(self.company))
        with freeze_time("2026-07-03 12:00:00"):
            self.assertTrue(self.alerts._is_due(self.company))

    def test_the_last_month_is_found(self):
        self._sell_in((10, 20, 30, 5))
        alerts = self._watch()
        self.assertTrue(alerts[0].is_last)
        mine = self.alerts.with_context(allowed_company_ids=self.company.ids)
        self.assertEqual(mine.search([("is_last", "=", True)]), alerts)
        self.assertFalse(mine.search([("is_last", "=", False)]) & alerts)
        with freeze_time("2026-07-03 12:00:00"):
            self.assertFalse(mine.search([("is_last", "=", True)]))
            self.env.invalidate_all()
            self.assertFalse(alerts[0].is_last)

    def test_switched_off_nothing_is_looked_at(self):
        self._sell_in((10, 20, 30, 5))
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_reporting_enabled")
        self.env["res.company"].browse(enabled).sales_reporting_enabled = False
        self.env["res.company"]._get_enabled_company_ids("sales_reporting_enabled")
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.alerts._cron_watch()
        with self.assertRaisesRegex(UserError, "switched off"):
            self.alerts.with_user(self.manager).action_make()
        self.company.sales_reporting_enabled = True
        self.company.sales_alert_enabled = False
        self.alerts._cron_watch()
        self.assertFalse(self.alerts.search([("company_id", "=", self.company.id)]))
        with self.assertRaisesRegex(UserError, "switched off"):
            self.alerts.with_user(self.manager).action_make()

    def test_managers_look_now(self):
        self._sell_in((10, 20, 30, 5))
        self.env.flush_all()
        action = self.alerts.with_user(self.manager).action_make()
        count = self.alerts.search_count([("company_id", "=", self.company.id)])
        self.assertTrue(count)
        self.assertIn(f"Open alerts: {count}.", action["params"]["message"])
        # The job looks once more, a day after the end of the month.
        self.assertTrue(self.alerts._is_due(self.company))

    def test_settings_are_checked(self):
        with Form(self.env["res.config.settings"]) as settings:
            settings.sales_alert_threshold = 45
            settings.sales_alert_minimum = 7
        settings.save().execute()
        self.assertEqual((self.company.sales_alert_threshold, self.company.sales_alert_minimum), (45, 7))
        for values in ({"sales_alert_threshold": 0}, {"sales_alert_minimum": -1}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
                self.company.write(values)
                self.env.flush_all()

    # === Behind it === #

    def test_it_opens_what_it_is_made_of(self):
        self._sell_in((10, 20, 30, 5))
        self._sell_in((1, 1, 1, 9), product=self.nut, team_id=self.other_team.id)
        self._order(70, datetime(2026, 6, 1))
        self._order(70, datetime(2026, 1, 31))
        alerts = self._watch()
        self.assertEqual(set(alerts.mapped("subject")), {"company", "team", "product", "category"})
        for alert in alerts.filtered(lambda alert: alert.metric in ("ordered", "margin")):
            results = self.env["sales.result"].with_user(self.manager)
            domains = [alert.action_open_results()["domain"], alert.action_open_months_before()["domain"]]
            sums = [sum(results.search(domain).mapped("amount")) for domain in domains]
            self.assertEqual((sums[0], round(sums[1] / 3, 2)), (alert.value, alert.mean), alert.name)

    def test_it_costs_as_much_for_many_as_for_few(self):
        self._sell_in((10, 10, 10, 30))
        self._make()
        self._sell_in((1, 1, 1, 30), product=self.nut)
        few = self._count(self._make)
        teams = self.env["crm.team"].create([{"name": f"Team {number}"} for number in range(8)])
        for number, team in enumerate(teams):
            product = self._create_goods(f"Product {number}")
            partner = self.customer.copy({"country_id": self.env["res.country"].search([], limit=1, offset=number).id})
            self._sell_in((1, 1, 1, 9), product=product, team_id=team.id, partner_id=partner.id)
        many = self._count(self._make)
        self.assertLessEqual(many, few)
        alerts = self.alerts.search([("company_id", "=", self.company.id)])
        self.assertGreater(len(alerts), 20)
        self._order(5, datetime(2026, 5, 20))
        again = self._count(self._make)
        self.assertLessEqual(again, many)
        read = self._count(lambda: alerts[:1].web_read({"sentence": {}, "deviation_label": {}}))
        self.assertLessEqual(self._count(lambda: alerts.web_read({"sentence": {}, "deviation_label": {}})), read + 10)

    def _make(self):
        return self.alerts._make(self.company, self.alerts._get_last_month(self.company))

    def _count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_it_is_read_from_a_replica(self):
        self._sell_in((10, 20, 30, 5))
        alerts = self._watch()
        self.env.invalidate_all()
        self.env.cr.execute("SET TRANSACTION READ ONLY")
        self.assertTrue(all(alerts.with_user(self.manager).mapped("sentence")))
