"""Right Now: today's money by the clock of the company, and who has not moved."""

from datetime import datetime

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.common import DealDocumentCommon

NOW = "2026-06-12 12:00:00"
NOTE = "Called"


@tagged("post_install", "-at_install", "reporting")
@freeze_time(NOW)
class TestRightNow(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.sales_reporting_enabled = True
        cls.company.partner_id.tz = "UTC"
        cls.bolt.write({"list_price": 100, "taxes_id": [Command.clear()]})
        cls.right_now = cls.env["sales.right.now"]

    def _order(self, quantity, moment, **values):
        values = {"user_id": self.salesperson.id, "team_id": self.team.id, **values}
        order = self._confirm_order(quantity=quantity, **values)
        order.date_order = moment
        return order

    def _read(self, user=None):
        data = self.right_now.with_user(user or self.manager).get_right_now()
        return data, {figure["code"]: figure for figure in data["figures"]}

    def _move(self, user, moment):
        self._create_deals(user_id=user.id).with_user(user).message_post(body=NOTE)
        self.env.flush_all()
        self.env.cr.execute("UPDATE mail_message SET date = %s WHERE id = (SELECT max(id) FROM mail_message)", [moment])

    def test_today_stands_beside_the_days_before(self):
        self._order(3, datetime(2026, 6, 12, 1))
        self._order(2, datetime(2026, 6, 12, 2))
        self._order(4, datetime(2026, 6, 11, 23))
        self._order(50, datetime(2026, 6, 7, 23))
        data, figures = self._read()
        ordered = figures["ordered"]
        self.assertEqual((data["date"], data["is_working"], data["tax"]), ("2026-06-12", True, "excl. tax"))
        self.assertEqual((ordered["today"], ordered["count"], ordered["yesterday"]), (500, 2, 400))
        # The seventh is a Sunday: its order belongs to no working day.
        self.assertEqual(ordered["average"], 20)
        rows = self.env["sales.result"].search(ordered["domain"])
        self.assertEqual(sum(rows.mapped("amount")), 500)

    def test_the_clock_is_the_companys(self):
        self._order(3, datetime(2026, 6, 12, 3))
        self.company.partner_id.tz = "America/Los_Angeles"
        self.env.invalidate_all()
        data, figures = self._read()
        ordered = figures["ordered"]
        self.assertEqual((data["date"], ordered["today"], ordered["yesterday"]), ("2026-06-12", 0, 300))

    def test_who_has_not_moved_today_is_shown_longest_first(self):
        for member in (self.salesperson, self.member):
            self._move(member, datetime(2026, 6, 1))
        self._move(self.member, datetime(2026, 6, 10))
        names = [person["name"] for person in self._read(self.leader)[0]["people"]]
        self.assertEqual(names, [self.salesperson.name, self.member.name])
        self._move(self.salesperson, datetime(2026, 6, 12, 0, 5))
        [person] = self._read(self.leader)[0]["people"]
        self.assertEqual((person["id"], person["last"]), (self.member.id, "2026-06-10 00:00:00"))
        self._order(1, datetime(2026, 6, 12, 9), user_id=self.member.id)
        self.assertFalse(self._read(self.leader)[0]["people"])

    def _get_still(self, user=None):
        return {person["id"] for person in self._read(user or self.leader)[0]["people"]}

    def test_nobody_is_blamed_for_a_day_off(self):
        self.assertEqual(self._get_still(), {self.salesperson.id, self.member.id})
        resource = (
            self.env["resource.resource"]
            .sudo()
            .create({"name": "Member", "user_id": self.member.id, "company_id": self.company.id})
        )
        leave = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .create(
                {
                    "resource_id": resource.id,
                    "calendar_id": resource.calendar_id.id,
                    "date_from": "2026-06-11 08:00:00",
                    "date_to": "2026-06-12 17:00:00",
                }
            )
        )
        self.assertEqual(self._get_still(), {self.salesperson.id})
        leave.date_to = "2026-06-11 17:00:00"
        self.assertEqual(self._get_still(), {self.salesperson.id, self.member.id})
        free = self.env["resource.calendar"].sudo().create({"name": "Fridays Off", "tz": "UTC", "company_id": False})
        free.attendance_ids.filtered(lambda attendance: attendance.dayofweek == "4").unlink()
        resource.calendar_id = free
        self.assertEqual(self._get_still(), {self.salesperson.id})
        self.env["sales.calendar.exception"].sudo().create({"date": "2026-06-12", "name": "Anniversary"})
        self.assertFalse(self._get_still())

    def test_everybody_sees_what_is_theirs(self):
        self._order(3, datetime(2026, 6, 12, 1))
        self._order(4, datetime(2026, 6, 12, 1), user_id=self.manager.id, team_id=self.other_team.id)
        seen = {
            role: self._read(self.users_by_role[role])[1]["ordered"]["today"]
            for role in ("salesperson", "leader", "manager")
        }
        self.assertEqual(seen, {"salesperson": 300, "leader": 300, "manager": 700})
        self.assertFalse(self._read(self.salesperson)[0]["people"])
        self.assertFalse(self._read(self.member)[0]["people"])

    def test_a_company_without_anything_has_a_screen(self):
        other = self.env["res.company"].create({"name": "New"})
        self.manager.company_ids += other
        right_now = self.right_now.with_user(self.manager).with_company(other)
        figures = right_now.get_right_now()["figures"]
        self.assertEqual([figure["today"] for figure in figures], [0, 0, 0])

    def test_as_many_queries_for_many_people_and_orders(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._read(self.leader)
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        users = self.env["res.users"].create(
            [{"name": f"P{number}", "login": f"sm_now_{number}"} for number in range(8)]
        )
        self.env["crm.team.member"].create([{"crm_team_id": self.team.id, "user_id": user.id} for user in users])
        for user in users:
            self._order(1, datetime(2026, 6, 12, 1), user_id=user.id)
        # What new users make the server forget is read again once.
        count()
        self.assertLessEqual(count(), few)

    def test_it_is_read_from_a_replica(self):
        self._order(3, datetime(2026, 6, 12, 1))
        self.env.flush_all()
        self.env.cr.execute("SET TRANSACTION READ ONLY")
        self.assertTrue(self._read(self.leader)[0]["people"])
