"""Splitting targets, copying them to the next year, bringing them from a spreadsheet, handing them over."""

from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.common import DealDocumentCommon


@tagged("post_install", "-at_install", "target")
class TestTargetSplit(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.write({"sales_target_enabled": True, "sales_month_start": 1})
        cls.company.partner_id.tz = "UTC"
        cls.bolt.write({"list_price": 100, "taxes_id": [Command.clear()]})
        cls.target = cls.env["sales.target"]
        cls.year = cls._target(cls, 1000, period_kind="year", date_from=date(2027, 1, 1))

    def _target(self, amount=1000, user=None, **values):
        targets = self.target.with_user(user) if user else self.target
        return targets.create({"metric": "ordered", "date_from": date(2027, 6, 1), "amount": amount, **values})

    def _order(self, quantity, day, **values):
        values = {"user_id": self.salesperson.id, "team_id": self.team.id, **values}
        order = self._confirm_order(quantity=quantity, **values)
        order.date_order = datetime.combine(day, datetime.min.time())

    def _split(self, target, kind, method="equal", user=None):
        wizard = self.env["sales.target.split"].with_user(user or self.env.user)
        return wizard.create({"target_id": target.id, "kind": kind, "method": method})

    # === Splitting === #

    def test_months_make_the_year_to_the_cent(self):
        split = self._split(self.year, "month")
        self.assertEqual(len(split.line_ids), 12)
        self.assertEqual(split.line_ids.mapped("amount")[:5], [83.34, 83.34, 83.34, 83.34, 83.33])
        self.assertEqual(split.rest, 0)
        split.action_apply()
        self.assertEqual(len(self.year.child_ids), 12)
        self.assertEqual(round(sum(self.year.child_ids.mapped("amount")), 2), 1000)
        self.assertEqual(self.year.child_gap, 0)
        self.assertEqual(self.year.child_ids.sorted("date_from")[-1].date_to, date(2027, 12, 31))

    def test_months_follow_the_season_of_the_years_before(self):
        self._order(1, date(2026, 2, 3))
        self._order(3, date(2026, 7, 3))
        self._order(6, date(2025, 2, 3))
        self._order(2, date(2025, 8, 3))
        split = self._split(self.year, "quarter", "season")
        self.assertEqual(split.line_ids.mapped("amount"), [500, 0, 500, 0])

    def test_people_by_what_they_brought_and_who_is_new_by_the_mean(self):
        third = new_test_user(self.env, "sm_third", "sales_team.group_sale_salesman")
        self.env["crm.team.member"].create({"crm_team_id": self.team.id, "user_id": third.id})
        self._order(1, date(2026, 6, 3))
        self._order(3, date(2026, 6, 3), user_id=self.member.id)
        target = self._target(1200, team_id=self.team.id)
        split = self._split(target, "person", "last_year")
        amounts = {line.user_id: line.amount for line in split.line_ids}
        self.assertEqual(amounts, {self.salesperson: 200, self.member: 600, third: 400})
        split.action_apply()
        self.assertEqual(set(target.child_ids.user_id), set(amounts))
        self.assertEqual(target.child_ids.team_id, self.team)

    def test_weights_and_amounts_can_be_changed_and_the_rest_is_said(self):
        target = self._target(1000, team_id=self.team.id)
        wizard = Form(self.env["sales.target.split"].with_context(default_target_id=target.id))
        wizard.kind, wizard.method = "person", "weight"
        with wizard.line_ids.edit(0) as line:
            line.weight = 3
        self.assertEqual([line["amount"] for line in wizard.line_ids._records], [750, 250])
        with wizard.line_ids.edit(1) as line:
            line.amount = 100
        self.assertEqual(wizard.rest, 150)
        wizard.save().action_apply()
        self.assertEqual(sorted(target.child_ids.mapped("amount")), [100, 750])
        self.assertEqual(target.child_gap, 150)

    def test_what_is_there_already_is_kept_unless_chosen(self):
        target = self._target(1000, team_id=self.team.id)
        kept = self._target(700, parent_id=target.id, team_id=self.team.id, user_id=self.member.id)
        split = self._split(target, "person")
        amounts = {line.user_id: line.amount for line in split.line_ids}
        self.assertEqual(amounts, {self.salesperson: 300, self.member: 700})
        split.line_ids.filtered("existing_id").is_kept = False
        split._onchange_line_ids()
        self.assertEqual(split.line_ids.mapped("amount"), [500, 500])
        split.action_apply()
        self.assertEqual((kept.amount, len(target.child_ids)), (500, 2))

    def test_counts_are_split_into_whole_ones(self):
        target = self._target(10, metric="won_deals", period_kind="quarter", date_from=date(2027, 4, 1))
        split = self._split(target, "month")
        self.assertEqual(split.line_ids.mapped("amount"), [4, 3, 3])

    def test_categories_and_regions(self):
        fasteners = self.env["product.category"].create({"name": "Fasteners"})
        self.bolt.categ_id = self.env["product.category"].create({"name": "Bolts", "parent_id": fasteners.id})
        zhejiang = self.env.ref("base.state_cn_ZJ")
        self.customer.write({"country_id": zhejiang.country_id.id, "state_id": zhejiang.id})
        self._order(4, date(2026, 6, 3))
        target = self._target(1000)
        by_category = {line.categ_id: line.amount for line in self._split(target, "category", "last_year").line_ids}
        self.assertEqual(by_category[fasteners], 1000)
        split = self._split(target, "region", "last_year")
        self.assertEqual((split.line_ids.state_id, split.line_ids.amount), (zhejiang, 1000))
        split.action_apply()
        self.assertEqual(target.child_ids.country_id, zhejiang.country_id)

    def test_what_cannot_be_split_says_why(self):
        empty = self.env["crm.team"].create({"name": "Empty"})
        month = self._target(team_id=empty.id)
        for target, kind, message in (
            (month, "person", "has no members"),
            (self._target(), "person", "is of no team"),
            (month, "month", "no shorter periods"),
            (month, "region", "nothing by which"),
        ):
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                self._split(target, kind).line_ids.mapped("amount")
        closed = self._target(date_from=date(2025, 1, 1), team_id=self.team.id)
        closed.action_close()
        with self.assertRaisesRegex(UserError, "Reopen them first"):
            closed.action_open_split()

    def test_a_leader_divides_the_target_of_the_team_only(self):
        mine, other = self._target(team_id=self.team.id), self._target(team_id=self.other_team.id)
        self._split(mine, "person", user=self.leader).action_apply()
        self.assertEqual(len(mine.child_ids), 2)
        self.other_team.member_ids = self.manager
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self._split(other, "person", user=self.leader).action_apply()
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self._split(mine, "person", user=self.salesperson)

    # === The next year === #

    def test_a_tree_comes_again_in_its_proportions(self):
        self._split(self.year, "quarter").action_apply()
        self.year.child_ids[0].amount = 333.33
        quarter = self.year.child_ids[1]
        self._split(quarter, "month").action_apply()
        wizard = self.env["sales.target.copy"].create({"target_ids": self.year.ids, "growth": 10})
        wizard.action_apply()
        new = self.target.search([("date_from", "=", date(2028, 1, 1)), ("period_kind", "=", "year")])
        self.assertEqual(new.amount, 1100)
        self.assertEqual(new.child_gap, round(self.year.child_gap * 1.1, 2))
        months = new.child_ids.child_ids
        self.assertEqual(len(months), 3)
        self.assertEqual(sum(months.mapped("amount")), months.parent_id.amount)
        with self.assertRaisesRegex(UserError, "there already"):
            wizard.action_apply()
        months[0].unlink()
        action = wizard.action_apply()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(len(new.child_ids.child_ids), 3)

    def test_the_next_year_begins_from_what_was_reached(self):
        self._order(8, date(2026, 6, 3))
        target = self._target(5, date_from=date(2026, 6, 1))
        self.env["sales.target.copy"].create({"target_ids": target.ids, "base": "actual", "growth": 25}).action_apply()
        again = self.target.search([("date_from", "=", date(2027, 6, 1)), ("metric", "=", "ordered")])
        self.assertEqual(again.amount, 1000)

    # === From a spreadsheet === #

    def test_targets_come_from_a_spreadsheet_and_find_their_wholes(self):
        names = ["metric", "period_kind", "date_from", "team_id", "user_id", "amount"]
        rows = [
            ["Ordered", "Quarter", "2027-04-20", "East", "", "900"],
            ["Ordered", "Month", "2027-05-01", "East", "", "300"],
            ["Ordered", "Month", "2027-05-01", "East", self.member.login, "100"],
            ["Invoiced", "Month", "2027-05-01", "", "", "50"],
        ]
        result = self.target.load(names, rows)
        self.assertFalse(result["messages"])
        quarter, month, person, invoiced = targets = self.target.browse(result["ids"])
        self.assertEqual(quarter.date_from, date(2027, 4, 1))
        targets.action_find_wholes()
        self.assertEqual(quarter.parent_id, self.year)
        self.assertEqual(month.parent_id, quarter)
        self.assertEqual(person.parent_id, month)
        self.assertFalse(invoiced.parent_id)
        [template] = self.target.get_import_templates()
        self.assertTrue(template["template"].endswith("sales_targets.xlsx"))

    def test_a_row_that_is_wrong_says_which(self):
        names = ["metric", "period_kind", "date_from", "amount"]
        rows = [["Ordered", "Month", "2027-05-01", "1"], ["Sold", "Month", "2027-08-01", "1"]]
        result = self.target.load(names, rows)
        self.assertFalse(result["ids"])
        self.assertEqual(result["messages"][0]["rows"], {"from": 1, "to": 1})

    # === Handing over === #

    def test_targets_to_come_go_along(self):
        coming = self._target(300, user_id=self.salesperson.id, team_id=self.team.id)
        both = self._target(100, user_id=self.salesperson.id)
        theirs = self._target(50, user_id=self.member.id)
        past = self._target(70, user_id=self.salesperson.id, date_from=date(2025, 1, 1))
        sources = self.env["sales.handover"]._get_handover_sources(self.salesperson, self.company)
        [source] = [source for source in sources if source.code == "target"]
        self.assertEqual(source.records, coming | both)
        source.hand_over(source.records, self.member, "left")
        self.assertEqual((coming.user_id, theirs.amount, past.user_id), (self.member, 150, self.salesperson))
        self.assertFalse(both.exists())
