"""Scorecards: their values against SQL, weights, publishing, rank, and who sees what."""

from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.sales_management.tests.common import DealCommon
from odoo.addons.sales_management.tools.sales_period import get_period

MAY = date(2026, 5, 1)
NOTE = "Called"


@tagged("post_install", "-at_install", "target")
@freeze_time("2026-06-12 12:00:00")
class TestScorecard(DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.write({"sales_target_enabled": True, "sales_month_start": 1})
        cls.company.partner_id.tz = "UTC"
        cls.card = cls.env["sales.scorecard"]
        cls.indicator = cls.env["sales.scorecard.indicator"]
        cls.indicator.search([]).active = False
        cls.env["crm.team.member"].search([("crm_team_id", "!=", cls.team.id)]).unlink()

    def _indicator(self, source, weight, wanted=100, **values):
        return self.indicator.create({"name": source, "source": source, "weight": weight, "wanted": wanted, **values})

    def _make(self, kind="month", day=MAY):
        return {card.user_id: card for card in self.card._make(self.company, kind, day)}

    def _close(self, won, count=1, **values):
        deals = self._create_deals(count, company_id=self.company.id, **values)
        for deal in deals:
            deal.action_set_won() if won else deal.action_set_lost()
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET date_closed = '2026-05-10' WHERE id = ANY(%s)", [deals.ids])
        self.env.invalidate_all()

    # === Values === #

    def test_points_run_with_what_is_wanted_and_make_the_result(self):
        self._indicator("win_rate", 60, wanted=50)
        self._indicator("attainment_won_deals", 40)
        self._close(True)
        self._close(False, 3)
        self.env["sales.target"].create(
            {"metric": "won_deals", "date_from": MAY, "amount": 4, "user_id": self.salesperson.id}
        )
        cards = self._make()
        lines = {line.source: line for line in cards[self.salesperson].line_ids}
        self.assertEqual((lines["win_rate"].value, lines["win_rate"].points), (25, 50))
        self.assertEqual((lines["attainment_won_deals"].value, lines["attainment_won_deals"].points), (25, 25))
        self.assertEqual(cards[self.salesperson].total, 40)
        self.assertEqual(sum(line.contribution for line in lines.values()), 40)
        # Nothing was closed, nothing is wanted of them: nothing is known.
        self.assertEqual((cards[self.member].total, cards[self.member].completeness), (0, 0))

    def test_data_is_complete_by_the_weights_of_its_fields(self):
        indicator = self._indicator("data_completeness", 100)
        names = (("res.partner", "phone", 3), ("crm.lead", "date_deadline", 1))
        indicator.data_field_ids = [
            (0, 0, {"field_id": self.env["ir.model.fields"]._get(model, name).id, "weight": weight})
            for model, name, weight in names
        ]
        self.env["res.partner"].create(
            [
                {"name": "A", "is_company": True, "user_id": self.member.id, "phone": "123"},
                {"name": "B", "is_company": True, "user_id": self.member.id},
            ]
        )
        self._create_deals(2, user_id=self.member.id, date_deadline=False)
        [(filled, all_)] = self.env.execute_query(
            SQL(
                "SELECT 3 * count(phone), 3 * count(*) FROM res_partner WHERE user_id = %s AND is_company",
                self.member.id,
            )
        )
        cards = self._make()
        self.assertAlmostEqual(cards[self.member].line_ids.value, 100 * filled / (all_ + 2))
        self.assertFalse(cards[self.salesperson].line_ids.has_value)

    def test_only_stored_fields_of_customers_and_deals_are_counted(self):
        indicator = self._indicator("data_completeness", 100)
        field = self.env["ir.model.fields"]._get("sale.order", "client_order_ref")
        with self.assertRaisesRegex(ValidationError, "Only stored fields"):
            indicator.data_field_ids = [(0, 0, {"field_id": field.id})]

    def test_system_use_is_of_the_working_days(self):
        self._indicator("system_use", 100)
        deal = self._create_deals(user_id=self.member.id)
        for day in (4, 4, 5, 9):
            # The ninth is a Saturday.
            deal.with_user(self.member).message_post(body=NOTE, message_type="comment")
            self.env.flush_all()
            moment = datetime(2026, 5, day, 10)
            self.env.cr.execute(
                "UPDATE mail_message SET date = %s WHERE id = (SELECT max(id) FROM mail_message)", [moment]
            )
        cards = self._make()
        # Twenty-one working days of May.
        self.assertAlmostEqual(cards[self.member].line_ids.value, 100 * 2 / 21, 2)
        self.assertEqual(cards[self.salesperson].line_ids.value, 0)

    def test_as_many_queries_for_many_people(self):
        indicators = self.indicator.with_context(active_test=False).search([("data_field_ids", "!=", False)])
        indicators.active = True
        indicators |= self._indicator("win_rate", 40) | self._indicator("system_use", 45)
        period = get_period("month", MAY)
        values = self.env["sales.scorecard.value"]

        def count(users):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            values._get_values(indicators, self.company, period, users)
            return self.env.cr.sql_log_count - before

        users = self.env["res.users"].create(
            [{"name": f"P{number}", "login": f"sm_card_{number}"} for number in range(9)]
        )
        count(users)
        self.assertEqual(count(users), count(users[:1]))

    # === Weights === #

    def test_weights_make_a_hundred(self):
        self._indicator("win_rate", 60)
        with self.assertRaisesRegex(ValidationError, "make 60 %"):
            self._make()
        self._indicator("system_use", 40)
        self.assertTrue(self._make())

    # === Publishing === #

    def test_what_is_published_stays(self):
        self._indicator("win_rate", 100, wanted=50)
        self._close(True)
        card = self._make()[self.salesperson]
        again = self._make()[self.salesperson]
        self.assertFalse(card.exists())
        again.action_publish()
        self.assertIn(self.salesperson.partner_id, again.message_ids.notified_partner_ids)
        self.assertNotIn(self.salesperson, self._make())
        with self.assertRaisesRegex(UserError, "Reopen them first"):
            again.total = 3
        with self.assertRaisesRegex(UserError, "Reopen them first"):
            again.unlink()
        self.env["sales.scorecard.reopen"].create({"scorecard_ids": again.ids, "reason": "wrong"}).action_apply()
        self.assertIn("wrong", again.message_ids[0].body)
        self.assertIn(self.salesperson, self._make())

    def test_nobody_to_judge_is_said(self):
        self._indicator("win_rate", 100)
        self.env["crm.team.member"].search([]).unlink()
        with self.assertRaisesRegex(UserError, "nobody to make a scorecard for"):
            self._make()

    # === Sources === #

    def test_each_value_opens_what_it_is_read_from(self):
        for source, weight in (("win_rate", 25), ("attainment_ordered", 25), ("system_use", 25)):
            self._indicator(source, weight)
        self._indicator("data_completeness", 25)
        self._close(True, 2)
        card = self._make()[self.salesperson]
        for line in card.line_ids:
            action = line.action_open_source()
            found = self.env[action["res_model"]].with_context(**action["context"]).search(action["domain"])
            self.assertEqual(len(found) == 2, line.source == "win_rate", line.source)

    # === Rights === #

    def test_people_see_their_own_once_published_and_their_rank_where_wanted(self):
        self._indicator("win_rate", 100, wanted=50)
        self._close(True)
        self._close(False, user_id=self.member.id)
        cards = self._make()
        mine, theirs = cards[self.salesperson], cards[self.member]
        self.assertFalse(self.card.with_user(self.salesperson).search([("id", "in", (mine | theirs).ids)]))
        (mine | theirs).action_publish()
        seen = self.card.with_user(self.salesperson).search([("id", "in", (mine | theirs).ids)])
        self.assertEqual((seen, seen.rank), (mine, 0))
        self.company.sales_scorecard_ranking = True
        self.env.invalidate_all()
        self.assertEqual((seen.rank, theirs.with_user(self.member).rank), (1, 2))
        seen = self.card.with_user(self.leader).search([("id", "in", (mine | theirs).ids)])
        self.assertEqual(seen, mine | theirs)
        self.assertEqual(theirs.with_user(self.leader).rank, 2)
        for user in (self.salesperson, self.leader):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                mine.with_user(user).action_publish()
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            theirs.with_user(self.salesperson).line_ids.read(["value"])
