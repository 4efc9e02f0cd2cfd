"""Whose a customer is: claimed, given back, changed by others; and what nobody can do past that."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.sales_management.tests.customer.common_pool import PoolCommon


@tagged("post_install", "-at_install", "customer")
class TestPool(PoolCommon):
    # === Claimed and Given Back === #

    def test_customer_is_given_back_and_claimed(self):
        self.assertEqual(self.bolt.pool_state, "owned")
        contact = self.env["res.partner"].create({"name": "Eva", "parent_id": self.bolt.id})
        self.assertEqual(contact.user_id, self.anna)
        self._pool(self.bolt)
        self.assertEqual(self.bolt.pool_state, "pool")
        self.assertFalse(self.bolt.user_id | contact.user_id)
        self.assertTrue(self.bolt.pooled_at)
        self._claim(contact)
        self.assertEqual(self.bolt.user_id | contact.user_id, self.ben)
        self.assertEqual(self.bolt.pool_state, "protected")
        self.assertGreater(self.bolt.protected_until, fields.Datetime.now() + timedelta(days=29))
        released, claimed = self._assert_kinds(self.bolt, "released", "claimed")
        self.assertEqual((released.former_id, released.user_id, released.reason), (self.anna, self.anna, "No need"))
        self.assertEqual((claimed.owner_id, claimed.user_id), (self.ben, self.ben))
        self.assertEqual((claimed.partner_name, claimed.owner_name), (self.bolt.name, "Member"))

    def test_who_comes_late_is_told_who_has_it(self):
        self._pool(self.bolt)
        self._claim(self.bolt)
        with self.assertRaisesRegex(UserError, "Firm 0 is with Member since"):
            self._claim(self.bolt, self.anna)

    def test_who_had_it_waits(self):
        self._pool(self.bolt)
        with self.assertRaisesRegex(UserError, "was yours until lately"):
            self._claim(self.bolt, self.anna)
        with freeze_time(fields.Datetime.now() + timedelta(days=15)):
            self._claim(self.bolt, self.anna)
        self.assertEqual(self.bolt.user_id, self.anna)

    def test_day_has_so_many_claims(self):
        pooled = self._create_customers(4, user=False)
        self._claim(pooled[:3])
        with self.assertRaisesRegex(UserError, "claim 3 customers and leads a day, and have claimed 3"):
            self._claim(pooled[3])
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            self._claim(pooled[3])

    def test_team_has_its_own_number(self):
        self.team.customer_pool_claims_per_day = 1
        pooled = self._create_customers(2, user=False)
        with self.assertRaisesRegex(UserError, "claim 1 customers"):
            self._claim(pooled)
        self._claim(pooled[0])

    def test_day_begins_by_the_clock_of_the_person(self):
        self.ben.tz = "Asia/Shanghai"
        pooled = self._create_customers(4, user=False)
        with freeze_time("2026-03-02 15:50:00"):
            self._claim(pooled[:3])
        # Ten past midnight in Shanghai.
        with freeze_time("2026-03-02 16:10:00"):
            self._claim(pooled[3])
        days = self.claims.search([("user_id", "=", self.ben.id)]).mapped("claim_day")
        self.assertEqual({str(day) for day in days}, {"2026-03-02", "2026-03-03"})

    def test_tier_protects_for_as_long_as_it_says(self):
        self.bolt.customer_tier_id = self.env["sales.customer.tier"].create({"name": "Key", "pool_protection_days": 90})
        self._pool(self.bolt)
        self._claim(self.bolt)
        self.assertGreater(self.bolt.protected_until, fields.Datetime.now() + timedelta(days=89))

    def test_many_are_claimed_with_few_queries(self):
        self.company.customer_pool_claims_per_day = 0
        few, many = self._create_customers(2, user=False), self._create_customers(40, user=False)
        counts = []
        for customers in (self._create_customers(1, user=False), few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._claim(customers)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 4, counts)

    # === Refused === #

    def test_salesperson_releases_own_only(self):
        with self.assertRaisesRegex(AccessError, "is with Salesperson"):
            self._pool(self.bolt, self.ben)
        self._pool(self.bolt, self.manager)
        self.assertEqual(self.bolt.pool_state, "pool")

    def test_reason_is_needed(self):
        with self.assertRaises(UserError):
            self.bolt.with_user(self.anna).action_release_to_pool("  ")

    def test_released_twice(self):
        self._pool(self.bolt)
        with self.assertRaisesRegex(UserError, "has no owner"):
            self._pool(self.bolt)

    def test_who_does_not_sell_claims_nothing(self):
        pooled = self._create_customers(1, user=False)
        with self.assertRaises(AccessError):
            self._claim(pooled, self.finance)

    def test_vendor_is_not_in_the_pool(self):
        vendor = self.env["res.partner"].create({"name": "Vendor", "is_company": True, "supplier_rank": 1})
        self.assertFalse(vendor.pool_state)
        with self.assertRaisesRegex(UserError, "not in the pool"):
            self._claim(vendor)

    def test_nobody_goes_past_the_pool(self):
        self._pool(self.bolt)
        with self.assertRaisesRegex(UserError, "Claim it there"):
            self.bolt.with_user(self.ben).user_id = self.ben
        with self.assertRaisesRegex(AccessError, "is with Salesperson"):
            self.customers[1].with_user(self.ben).user_id = self.ben
        for name in ("pool_state", "protected_until", "owner_since", "last_contact_at", "pool_warned_at", "pooled_at"):
            value = "owned" if name == "pool_state" else fields.Datetime.now()
            with self.subTest(name), self.assertRaisesRegex(UserError, "filled in automatically"):
                self.bolt.with_user(self.manager).write({name: value})
            with self.subTest(name), self.assertRaisesRegex(UserError, "filled in automatically"):
                self.bolt.with_user(self.manager).create({"name": "New", name: value})
        new = (
            self.bolt.with_user(self.anna)
            .with_context(default_last_contact_at=fields.Datetime.now())
            .create({"name": "New"})
        )
        self.assertFalse(new.last_contact_at)

    # === Changed by Others === #

    def test_owner_that_a_manager_changes_is_followed(self):
        self.bolt.with_user(self.manager).user_id = self.ben
        self.assertEqual(self.bolt.pool_state, "owned")
        self.bolt.with_user(self.manager).user_id = False
        self.assertEqual(self.bolt.pool_state, "pool")
        handed, released = self._assert_kinds(self.bolt, "handed_over", "released")
        self.assertEqual((handed.former_id, handed.owner_id, handed.user_id), (self.anna, self.ben, self.manager))
        self.assertEqual(released.former_id, self.ben)

    def test_new_customer_is_of_its_salesperson(self):
        customer = self.env["res.partner"].with_user(self.anna).create({"name": "New", "user_id": self.anna.id})
        self.assertEqual(customer.pool_state, "owned")
        self.assertTrue(customer.owner_since)
        self._assert_kinds(customer)

    def test_owner_who_is_deleted_leaves_customers_to_the_pool(self):
        user = self.anna.copy({"login": "leaver"})
        customer = self._create_customers(1, user=user)
        user.unlink()
        self._recycle()
        self.env.invalidate_all()
        self.assertEqual(customer.pool_state, "pool")
        self._assert_kinds(customer, "released")

    # === Companies === #

    def test_company_without_a_pool_is_left_alone(self):
        other = self.env["res.company"].create({"name": "Other"})
        customer = self._create_customers(1, company_id=other.id, user=False)
        self.assertFalse(customer.pool_state)
        self.assertFalse(self.env["sales.customer.pool"].search([("partner_id", "=", customer.id)]))

    def test_customer_of_another_company_is_not_claimed(self):
        other = self.env["res.company"].create(
            {"name": "Other", "sales_customer_enabled": True, "customer_pool_enabled": True}
        )
        customer = self._create_customers(1, company_id=other.id, user=False)
        self.assertEqual(customer.pool_state, "pool")
        pool = self.env["sales.customer.pool"].with_user(self.ben)
        self.assertFalse(pool.search([("id", "=", customer.id)]))
        with self.assertRaises(AccessError):
            self._claim(customer)

    # === List === #

    def test_pool_shows_what_one_may_see(self):
        self.bolt.write({"city": "Ulm", "phone": "+49 731 1234", "email": "a@bolt.example"})
        self._pool(self.bolt)
        row = self.env["sales.customer.pool"].with_user(self.ben).search([("partner_id", "=", self.bolt.id)])
        self.assertEqual((row.name, row.city, row.former_name, row.reason), ("Firm 0", "Ulm", "Salesperson", "No need"))
        self.assertTrue({"phone", "email", "street", "website", "vat"}.isdisjoint(row._fields))
        row.action_claim()
        self.assertEqual(self.bolt.user_id, self.ben)

    def test_release_asks_why(self):
        action = self.bolt.with_user(self.anna).action_open_release()
        wizard = self.env[action["res_model"]].with_user(self.anna).with_context(**action["context"])
        wizard.create({"reason": "Moved away"}).action_release()
        self.assertEqual(self._assert_kinds(self.bolt, "released").reason, "Moved away")

    def test_release_of_what_is_hidden_then_leads_back(self):
        self.company.customer_pool_hidden = True
        wizard = self.env["sales.customer.release"].with_user(self.anna)
        action = wizard.create({"partner_ids": self.bolt.ids, "reason": "Moved away"}).action_release()
        self.assertEqual(action["path"], "my-customers")

    def test_customers_without_contact_are_listed(self):
        tier = self.env["sales.customer.tier"].create({"name": "Key", "contact_days": 30})
        self.customers.customer_tier_id = tier
        self._be_in_touch(self.customers[1], 31)
        found = self.env["res.partner"].with_user(self.anna).search([("is_contact_due", "=", True)])
        self.assertEqual(found & self.customers, self.customers[1])
        self.assertEqual(self.customers.mapped("is_contact_due"), [False, True, False])

    # === Off === #

    def test_switched_off_nothing_happens(self):
        self.company.customer_pool_enabled = False
        customer = self._create_customers(1)
        self.assertFalse(customer.pool_state)
        with self.assertRaises(UserError):
            self._claim(customer)
        self.customers[1].with_user(self.ben).user_id = self.ben
        self.assertEqual(self.customers[1].user_id, self.ben)
        self.assertFalse(self.env["sales.customer.pool"].search_count([]))

    def test_switched_on_takes_in_who_is_there(self):
        self.company.customer_pool_enabled = False
        owned, free = self._create_customers(1), self._create_customers(1, user=False)
        address = self.env["res.partner"].create({"name": "Somebody"})
        self.company.customer_pool_enabled = True
        self.assertEqual(owned.pool_state, "owned")
        self.assertEqual(free.pool_state, "pool")
        self.assertFalse(address.pool_state)
        self._assert_kinds(owned)
        self.assertAlmostEqual(self.company.customer_pool_since, fields.Datetime.now(), delta=timedelta(minutes=5))
