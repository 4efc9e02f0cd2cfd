"""Customers that nobody is in touch with return to the pool: after a warning, and not on the first night."""

from datetime import timedelta
from time import perf_counter

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.sales_management.tests.customer.common_pool import PoolCommon


@tagged("post_install", "-at_install", "customer")
class TestPoolRecycle(PoolCommon):
    def _in(self, days):
        return freeze_time(fields.Datetime.now() + timedelta(days=days))

    def _get_warnings(self, customer):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "=", customer.id),
                ("activity_type_id", "=", self.env.ref("sales_management.mail_activity_type_pool").id),
            ]
        )

    # === Warned and Returned === #

    def test_owner_is_warned_and_customer_returns(self):
        self._be_in_touch(self.bolt, 52)
        self._recycle()
        self.assertFalse(self.bolt.pool_warned_at)
        self._be_in_touch(self.bolt, 53)
        self._recycle()
        self.assertEqual(self._get_warnings(self.bolt).user_id, self.anna)
        self.assertEqual(self.bolt.pool_due_on, fields.Date.today() + timedelta(days=7))
        with self._in(6):
            self._recycle()
            self.assertEqual(self.bolt.user_id, self.anna)
            self.assertEqual(len(self._get_warnings(self.bolt)), 1)
        with self._in(7):
            self._recycle()
        self.assertFalse(self.bolt.user_id)
        self.assertEqual(self.bolt.pool_state, "pool")
        self.assertFalse(self._get_warnings(self.bolt))
        self.assertEqual(self._assert_kinds(self.bolt, "recycled").former_id, self.anna)
        notices = self.env["sales.notice"].search([("res_model", "=", "res.partner"), ("res_id", "=", self.bolt.id)])
        self.assertEqual(notices.user_id, self.anna)

    def test_nobody_is_lost_without_a_warning(self):
        self._be_in_touch(self.bolt, 300)
        self._recycle()
        self.assertEqual(self.bolt.pool_state, "owned")
        with self._in(7):
            self._recycle()
        self.assertEqual(self.bolt.pool_state, "pool")

    def test_nobody_is_lost_on_the_first_night(self):
        self._be_in_touch(self.customers, 300)
        self.company.customer_pool_enabled = False
        self.company.customer_pool_enabled = True
        self._recycle()
        self.assertFalse(self.bolt.pool_warned_at)
        with self._in(52):
            self._recycle()
            self.assertFalse(self.bolt.pool_warned_at)
        with self._in(60):
            self._recycle()
        self.assertTrue(self.bolt.pool_warned_at)
        self.assertEqual(self.bolt.pool_state, "owned")

    def test_contact_after_the_warning_keeps_it(self):
        self._be_in_touch(self.bolt, 53)
        self._recycle()
        warning = self._get_warnings(self.bolt)
        warning.with_user(self.anna).action_feedback()
        self.env.invalidate_all()
        self.assertFalse(self.bolt.pool_warned_at)
        with self._in(7):
            self._recycle()
        self.assertEqual(self.bolt.user_id, self.anna)

    def test_warning_goes_when_somebody_wrote(self):
        self._be_in_touch(self.bolt, 53)
        self._recycle()
        self.bolt._touch_contacts()
        self._recycle()
        self.assertFalse(self._get_warnings(self.bolt))

    def test_claimed_customer_is_protected(self):
        self.company.write({"customer_pool_days": 10, "customer_pool_warning_days": 0})
        self._pool(self.bolt)
        self._claim(self.bolt)
        with self._in(29):
            self._recycle()
            self.assertEqual(self.bolt.pool_state, "protected")
        with self._in(31):
            self._recycle()
        self.assertEqual(self.bolt.pool_state, "pool")

    # === Rules === #

    def test_tier_says_more_than_team_than_company(self):
        tier = self.env["sales.customer.tier"].create({"name": "Key", "pool_days": 20})
        self.team.customer_pool_days = 30
        today = fields.Date.today()
        self.assertEqual(self.bolt.pool_due_on, today + timedelta(days=30))
        self.bolt.customer_tier_id = tier
        self.bolt.invalidate_recordset(["pool_due_on"])
        self.assertEqual(self.bolt.pool_due_on, today + timedelta(days=20))
        tier.pool_never = True
        self.bolt.invalidate_recordset(["pool_due_on"])
        self.assertFalse(self.bolt.pool_due_on)
        foreign = self._create_customers(1, user=self.manager)
        self.assertEqual(foreign.pool_due_on, today + timedelta(days=60))

    def test_default_tier_is_that_of_everybody_else(self):
        self.env["sales.customer.tier"].search([("is_default", "=", True)]).is_default = False
        self.env["sales.customer.tier"].create({"name": "Others", "is_default": True, "pool_days": 15})
        self.bolt.invalidate_recordset(["pool_due_on"])
        self.assertEqual(self.bolt.pool_due_on, fields.Date.today() + timedelta(days=15))

    def test_no_days_no_return(self):
        self.company.customer_pool_days = 0
        self._be_in_touch(self.bolt, 390)
        self._recycle()
        self.assertFalse(self.bolt.pool_warned_at)
        self.assertFalse(self.bolt.pool_due_on)

    def test_day_ends_by_the_clock_of_the_company(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        moment = fields.Datetime.to_datetime("2026-03-01 17:00:00")
        self.company.customer_pool_since = moment - timedelta(days=300)
        # The second of March in Shanghai.
        self.bolt.sudo().write({"last_contact_at": moment, "owner_since": moment})
        self.assertEqual(str(self.bolt.pool_due_on), "2026-05-01")
        with freeze_time("2026-04-23 15:59:00"):
            self._recycle()
            self.assertFalse(self.bolt.pool_warned_at)
        with freeze_time("2026-04-23 16:01:00"):
            self._recycle()
            self.assertTrue(self.bolt.pool_warned_at)

    # === Batches === #

    def test_interrupted_run_goes_on(self):
        self._create_customers(30, days=80)
        self.patch(type(self.env["res.partner"]), "_get_pool_due_ids", self._get_small_batches())
        self._recycle()
        self.assertEqual(self._count_warned(), 30)
        with self._in(8):
            self._recycle()
        self.assertEqual(self.claims.search_count([("kind", "=", "recycled")]), 30)

    def _get_small_batches(self):
        original = type(self.env["res.partner"])._get_pool_due_ids
        return lambda model, step, last, limit=7: original(model, step, last, limit=7)

    def _count_warned(self):
        return self.env["res.partner"].search_count([("pool_warned_at", "!=", False), ("user_id", "=", self.anna.id)])

    def test_batch_costs_a_constant_number_of_queries(self):
        counts = []
        for count in (5, 50):
            customers = self._create_customers(count, days=80)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            customers._recycle()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 6, counts)

    def _insert_customers(self, count):
        """As they are after an import: creating them one by one takes longer than all that is measured here."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO res_partner (name, complete_name, active, is_company, partner_share, type, user_id,
                                         customer_rank, autopost_bills, create_date, last_contact_at)
                SELECT 'Firm ' || n, 'Firm ' || n, TRUE, TRUE, TRUE, 'contact', %(user)s, 1, 'ask', %(then)s, %(then)s
                  FROM generate_series(1, %(count)s) n
                """,
                user=self.anna.id,
                then=fields.Datetime.now() - timedelta(days=80),
                count=count,
            )
        )
        self.env.cr.execute("UPDATE res_partner SET commercial_partner_id = id WHERE commercial_partner_id IS NULL")
        self.env.invalidate_all()
        self.env["res.partner"]._follow_owners()
        self.env.cr.execute("UPDATE res_partner SET owner_since = last_contact_at WHERE pool_state = 'owned'")

    def test_thousands_return_within_a_minute(self):
        self._insert_customers(5000)
        start = perf_counter()
        self._recycle()
        with self._in(8):
            self._recycle()
        taken = perf_counter() - start
        self.assertEqual(self.claims.search_count([("kind", "=", "recycled")]), 5000)
        self.assertLess(taken, 60)
