"""Targets: what was reached of each, their course, closed periods, rights, and how many queries it takes."""

from datetime import date, datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.common import DealDocumentCommon

# A Friday: ten of the twenty-two working days of the month are over with it.
NOW = "2026-06-12 12:00:00"
JUNE = date(2026, 6, 1)


@tagged("post_install", "-at_install", "target")
@freeze_time(NOW)
class TestTarget(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.write({"sales_target_enabled": True, "sales_month_start": 1, "sales_amount_tax": "excluded"})
        cls.company.partner_id.tz = "UTC"
        cls.bolt.write({"list_price": 100, "taxes_id": [Command.clear()]})
        cls.target = cls.env["sales.target"]

    def _order(self, quantity=1, day=date(2026, 6, 3), **values):
        values = {"user_id": self.salesperson.id, "team_id": self.team.id, **values}
        order = self._confirm_order(quantity=quantity, **values)
        order.date_order = datetime.combine(day, datetime.min.time())
        return order

    def _target(self, amount=1000, user=None, **values):
        targets = self.target.with_user(user) if user else self.target
        return targets.create({"metric": "ordered", "date_from": JUNE, "amount": amount, **values})

    def _person(self, whole, person, amount, user=None):
        return self._target(amount, user, parent_id=whole.id, team_id=self.team.id, user_id=person.id)

    # === Periods === #

    def test_a_period_begins_with_its_first_day_whatever_day_is_named(self):
        self.company.sales_month_start = 26
        target = self._target(date_from=date(2026, 6, 12))
        self.assertEqual((target.date_from, target.date_to), (date(2026, 5, 26), date(2026, 6, 25)))
        self.company.sales_month_start = 1
        target.amount = 5
        self.assertEqual((target.date_from, target.date_to), (date(2026, 5, 26), date(2026, 6, 25)))
        target.period_kind = "quarter"
        self.assertEqual((target.date_from, target.date_to), (date(2026, 4, 1), date(2026, 6, 30)))

    def test_the_same_scope_has_one_target(self):
        self._target()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._target(5)

    def test_a_part_lies_within_its_whole(self):
        whole = self._target(team_id=self.team.id)
        for values in (
            {"date_from": date(2026, 7, 1)},
            {"metric": "invoiced"},
            {"team_id": self.other_team.id},
            {"period_kind": "quarter"},
        ):
            with self.assertRaisesRegex(ValidationError, "is no part of"):
                self._target(parent_id=whole.id, user_id=self.member.id, **{"team_id": self.team.id, **values})
        with self.assertRaisesRegex(UserError, "Recursion"):
            whole.parent_id = self._person(whole, self.member, 5)

    # === Where it stands === #

    def test_attainment_runs_with_working_days(self):
        self._order(4)
        target = self._target()
        self.assertEqual((target.actual, target.attainment, target.gap), (400, 40, 600))
        # Ten of twenty-two working days are over: 1,000 × 10 ÷ 22, 400 ÷ 10, 600 ÷ 12.
        self.assertEqual((target.planned, target.run_rate, target.required_rate), (454.55, 40, 50))
        self.assertEqual((target.expected_at_end, target.course), (880, "behind"))
        self._order(1)
        target.invalidate_recordset()
        self.assertEqual(target.course, "on_course")

    def test_a_day_that_is_worked_by_exception_counts(self):
        calendar = self.company.resource_calendar_id
        self.env["sales.calendar.exception"].create(
            {"calendar_id": calendar.id, "company_id": self.company.id, "date": "2026-06-27", "is_working": True}
        )
        self._order(4)
        self.assertEqual(self._target().expected_at_end, 920)

    def test_what_cannot_be_divided_says_so(self):
        self._order(4)
        none, future = self._target(0), self._target(date_from=date(2027, 3, 1))
        self.assertEqual((none.attainment, none.gap, none.course), (0, -400, "none"))
        self.assertEqual((future.actual, future.expected_at_end, future.course), (0, 0, "future"))
        with freeze_time("2026-08-01"):
            over = self._target(team_id=self.team.id)
            self.assertEqual((over.required_rate, over.expected_at_end, over.course), (0, 400, "missed"))

    def test_a_target_counts_its_own_scope(self):
        category = self.env["product.category"].create({"name": "Fasteners"})
        below = self.env["product.category"].create({"name": "Bolts", "parent_id": category.id})
        self.bolt.categ_id = below
        self.customer.write({"country_id": self.env.ref("base.cn").id, "state_id": self.env.ref("base.state_cn_ZJ").id})
        self._order(1)
        self._order(2, user_id=self.member.id)
        self._order(4, user_id=self.manager.id, team_id=self.other_team.id)
        whole = self._target()
        targets = {
            700: whole,
            300: self._target(team_id=self.team.id, parent_id=whole.id),
            200: self._target(team_id=self.team.id, user_id=self.member.id),
            701: self._target(categ_id=category.id),
            0: self._target(categ_id=self.env["product.category"].create({"name": "Nuts"}).id),
            702: self._target(country_id=self.env.ref("base.cn").id),
            703: self._target(state_id=self.env.ref("base.state_cn_ZJ").id),
            1: self._target(state_id=self.env.ref("base.state_cn_BJ").id),
        }
        for expected, target in targets.items():
            self.assertEqual(target.actual, expected if expected in (0, 200, 300) else 700 * (expected >= 700))
            rows = self.env["sales.result"].search(target.action_open_results()["domain"])
            self.assertEqual(sum(rows.mapped("amount")), target.actual)

    def test_who_changes_teams_leaves_the_result_where_it_was_earned(self):
        self._order(3)
        self.env["crm.team.member"].search([("user_id", "=", self.salesperson.id)]).crm_team_id = self.other_team
        self._order(5, team_id=self.other_team.id, day=date(2026, 6, 10))
        first, second = self._target(team_id=self.team.id), self._target(team_id=self.other_team.id)
        person = self._target(user_id=self.salesperson.id)
        self.assertEqual((first.actual, second.actual, person.actual), (300, 500, 800))

    def test_months_that_begin_later_count_their_own_days(self):
        self.company.sales_month_start = 26
        self._order(1, day=date(2026, 5, 25))
        self._order(2, day=date(2026, 5, 26))
        self._order(4, day=date(2026, 6, 25))
        self.assertEqual(self._target(date_from=date(2026, 6, 1)).actual, 600)

    def test_amounts_say_whether_tax_is_in_them(self):
        target, margin, count = self._target(), self._target(metric="margin"), self._target(metric="won_deals")
        self.assertEqual((target.amount_note, margin.amount_note, count.amount_note), ("excl. tax", "excl. tax", False))
        self.company.sales_amount_tax = "included"
        self.env.invalidate_all()
        self.assertEqual((target.amount_note, margin.amount_note), ("incl. tax", "excl. tax"))
        self.assertFalse(count.currency_id)

    def test_lines_make_the_amount_of_every_metric(self):
        deal = self._create_deals(user_id=self.salesperson.id, team_id=self.team.id)
        deal.credit_ids = [Command.create({"user_id": self.member.id, "share": 100 / 3})]
        self.bolt.standard_price = 60
        order = self._order(3, opportunity_id=deal.id)
        deal.action_set_won()
        invoice = order._create_invoices()
        invoice.invoice_date = date(2026, 6, 4)
        invoice.action_post()
        self.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids).create(
            {"payment_date": date(2026, 6, 5)}
        )._create_payments()
        wanted = {"ordered": 300, "invoiced": 300, "collected": 300, "margin": 120, "won_deals": 1}
        for metric, amount in wanted.items():
            whole = self._target(metric=metric)
            people = [self._target(metric=metric, user_id=user.id) for user in self.salesperson | self.member]
            self.assertAlmostEqual(whole.actual, amount, msg=metric)
            self.assertAlmostEqual(sum(person.actual for person in people), amount, msg=metric)
            for target in (whole, *people):
                rows = self.env["sales.result"].search(target.action_open_results()["domain"])
                self.assertAlmostEqual(sum(rows.mapped("amount")), target.actual, places=2, msg=metric)

    def test_a_target_is_missed_when_its_period_is_over_and_not_before(self):
        self._order(4)
        courses = {}
        # Of May 2026 the first working day is a Friday and the last two days are a weekend; August begins with one.
        for day, first in (("2026-05-29", "2026-05-01"), ("2026-05-31", "2026-05-01"), ("2026-06-01", "2026-05-01")):
            with freeze_time(f"{day} 12:00:00"):
                self.target.invalidate_model()
                courses[day] = (self.target.search([("date_from", "=", first)]) or self._target(date_from=first)).course
        self.assertEqual(list(courses.values()), ["behind", "behind", "missed"])
        with freeze_time("2026-08-01 12:00:00"):
            self.assertEqual(self._target(date_from=date(2026, 8, 1)).course, "on_course")

    def test_a_team_without_members_has_its_target(self):
        empty = self.env["crm.team"].create({"name": "Empty", "company_id": self.company.id})
        target = self._target(team_id=empty.id)
        self.assertEqual((target.actual, target.attainment, target.course), (0, 0, "behind"))
        self.assertEqual((target.run_rate, target.expected_at_end, target.required_rate), (0, 0, 83.33))

    def test_off_course_is_found(self):
        self._order(9)
        good, bad = self._target(team_id=self.team.id), self._target(team_id=self.other_team.id)
        found = self.target.search([("course", "in", ["behind", "missed"]), ("id", "in", (good | bad).ids)])
        self.assertEqual(found, bad)

    def test_a_tree_of_two_hundred_takes_twelve_queries(self):
        whole = self._target()
        users = self.env["res.users"].create(
            [{"name": f"P{number}", "login": f"target_{number}"} for number in range(66)]
        )
        metrics = ("ordered", "invoiced", "collected")
        wholes = {"ordered": whole, **{metric: self._target(metric=metric) for metric in metrics[1:]}}
        self.target.create(
            [
                {
                    "metric": metric,
                    "date_from": JUNE,
                    "amount": 10,
                    "parent_id": wholes[metric].id,
                    "team_id": self.team.id,
                    "user_id": user.id,
                }
                for metric in metrics
                for user in users
            ]
        )
        targets = self.target.search([("date_from", "=", JUNE), ("company_id", "=", self.company.id)])
        self.assertGreater(len(targets), 200)
        self.env.flush_all()
        self.env.invalidate_all()
        names = ["actual", "attainment", "gap", "run_rate", "expected_at_end", "course", "child_gap", "amount_note"]
        with self.assertQueryCount(12):
            targets.read(names)

    # === Whole and parts === #

    def test_the_gap_to_the_whole_is_said_while_typing(self):
        whole = self._target(1000, team_id=self.team.id)
        part = self._person(whole, self.member, 400)
        self.assertIn("600.00 of", part.gap_notice)
        self.assertEqual(whole.child_gap, 600)
        with Form(part) as form:
            form.amount = 1200
            self.assertIn("want", form.gap_notice)
            self.assertIn("200.00 more", form.gap_notice)
            form.amount = 1000
            self.assertFalse(form.gap_notice)

    def test_a_whole_with_parts_stays(self):
        whole = self._target(team_id=self.team.id)
        part = self._person(whole, self.member, 5)
        with self.assertRaisesRegex(UserError, "Delete the parts first"):
            whole.unlink()
        (whole | part).unlink()

    # === Closed periods === #

    def _close(self, **values):
        target = self._target(date_from=date(2026, 5, 1), **values)
        target.action_close()
        return target

    def test_a_closed_target_says_what_it_said(self):
        order = self._order(3, day=date(2026, 5, 10))
        target = self._close()
        self.assertEqual((target.closed_by_id, target.actual), (self.env.user, 300))
        order._action_cancel()
        self.env.invalidate_all()
        self.assertEqual((target.actual, target.attainment, target.course), (300, 30, "missed"))
        for values in ({"amount": 5}, {"team_id": self.team.id}, {"date_from": date(2026, 4, 1)}):
            with self.assertRaisesRegex(UserError, "Reopen them first"):
                target.write(values)
        with self.assertRaisesRegex(UserError, "Reopen them first"):
            target.unlink()
        wizard = self.env["sales.target.reopen"].create({"target_ids": target.ids, "reason": "wrong month"})
        wizard.action_apply()
        self.assertEqual((target.actual, target.state), (0, "open"))
        self.assertIn("wrong month", target.message_ids[0].body)

    def test_what_a_closed_target_says_is_written_by_closing_only(self):
        open_, closed = self._target(date_from=date(2026, 4, 1)), self._close()
        for values in ({"state": "open"}, {"closed_actual": 9e6}, {"closed_tax": "included"}):
            for target in (open_, closed):
                with self.assertRaisesRegex(AccessError, "cannot be written"):
                    target.write(values)
        for values in ({"state": "closed"}, {"closed_actual": 9e6}):
            with self.assertRaisesRegex(AccessError, "cannot be written"):
                self._target(date_from=date(2026, 3, 1), **values)

    def test_a_closed_target_says_how_tax_was_counted_then(self):
        target = self._close()
        self.company.sales_amount_tax = "included"
        self.assertEqual(target.amount_note, "excl. tax")
        target._reopen("with tax")
        self.assertEqual(target.amount_note, "incl. tax")

    def test_a_period_that_is_not_over_stays_open(self):
        with self.assertRaisesRegex(UserError, "not over"):
            self._target().action_close()

    def test_a_refund_after_the_closing_counts_when_it_is_posted(self):
        invoice = self._order(3, day=date(2026, 5, 10))._create_invoices()
        invoice.invoice_date = date(2026, 5, 12)
        invoice.action_post()
        self.assertFalse(invoice.sales_counted_on)
        may = self._close(metric="invoiced")
        refund = invoice._reverse_moves([{"invoice_date": date(2026, 5, 20), "date": date(2026, 5, 20)}])
        refund.invoice_line_ids.quantity = 1
        refund.action_post()
        self.assertEqual(refund.sales_counted_on, date(2026, 6, 12))
        june = self._target(metric="invoiced")
        self.assertEqual((may.actual, june.actual), (300, -100))
        year = self._target(metric="invoiced", period_kind="year")
        self.assertEqual(year.actual, 200)
        # What was told with its own period is not told again.
        invoice.button_draft()
        invoice.action_post()
        self.assertFalse(invoice.sales_counted_on)

    def test_companies_without_targets_post_as_ever(self):
        self._close(metric="invoiced")
        self.company.sales_target_enabled = False
        invoice = self._order(3, day=date(2026, 5, 10))._create_invoices()
        invoice.invoice_date = date(2026, 5, 12)
        invoice.action_post()
        self.assertFalse(invoice.sales_counted_on)

    # === Core's figure === #

    def test_the_card_of_a_team_shows_the_month_only_where_wanted(self):
        self._target(500, metric="invoiced", team_id=self.team.id)
        self.assertFalse(self.team.invoiced_target)
        self.company.sales_target_mirror = True
        later = self._target(700, metric="invoiced", team_id=self.team.id, date_from=date(2026, 7, 1))
        self.assertFalse(self.team.invoiced_target)
        self.target._cron_mirror()
        self.assertEqual(self.team.invoiced_target, 500)
        with freeze_time("2026-07-01 08:00:00"):
            self.target._cron_mirror()
        self.assertEqual(self.team.invoiced_target, later.amount)

    # === Rights === #

    def test_everybody_sees_their_own_and_leaders_divide(self):
        whole = self._target(1000, team_id=self.team.id)
        mine = self._person(whole, self.salesperson, 600, user=self.leader)
        other = self._target(team_id=self.other_team.id)
        targets = whole | mine | other
        seen = {
            role: self.target.with_user(self.users_by_role[role]).search([("id", "in", targets.ids)])
            for role in ("salesperson", "member", "leader", "manager")
        }
        self.assertEqual(
            seen, {"salesperson": mine, "member": whole | mine, "leader": whole | mine, "manager": targets}
        )
        mine.with_user(self.leader).amount = 500
        for user, record in ((self.leader, whole), (self.leader, other), (self.member, mine), (self.salesperson, mine)):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                record.with_user(user).amount = 1
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self._target(user=self.leader, team_id=self.team.id, date_from=date(2026, 8, 1))
        for role in ("finance", "portal"):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                self.target.with_user(self.users_by_role[role]).search([])

    def test_a_person_sees_the_whole_of_their_own_result(self):
        deal = self._create_deals(user_id=self.manager.id, team_id=self.other_team.id)
        deal.credit_ids = [Command.create({"user_id": self.salesperson.id, "share": 40})]
        self._order(5, user_id=self.manager.id, team_id=self.other_team.id, opportunity_id=deal.id)
        target = self._target(user_id=self.salesperson.id).with_user(self.salesperson)
        rows = self.env["sales.result"].with_user(self.salesperson).search(target.action_open_results()["domain"])
        self.assertEqual((target.actual, sum(rows.mapped("amount"))), (200, 200))

    def test_another_company_counts_its_own(self):
        branch = self.env["res.company"].create({"name": "Branch"})
        self._order(5)
        target = self._target(company_id=branch.id)
        self.assertEqual((target.actual, self._target().actual), (0, 500))
