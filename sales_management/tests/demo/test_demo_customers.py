from odoo import fields


class DemoCustomers:
    """What the demo company knows of its customers.

    Mixed into the tests of the demo company, for it takes long to build.
    """

    def test_company_uses_customers(self):
        self.assertTrue(self.company.sales_customer_enabled)
        self.assertTrue(self.company.customer_pool_enabled)
        self.assertEqual(self.company.customer_duplicate_mode, "warn")

    def test_tiers_follow_the_value(self):
        domain = [*self.mine, ("is_company", "=", True), ("rfm_segment", "!=", False)]
        customers = self.env["res.partner"].search(domain)
        tiers = customers.grouped(lambda customer: customer.customer_tier_id.code)
        self.assertEqual(set(tiers), {"key", "regular", "small"})
        self.assertEqual(set(tiers["key"].mapped("abc_class")), {"a"})
        self.assertEqual(set(tiers["regular"].mapped("abc_class")), {"b"})

    def test_pool_has_customers_and_one_that_is_about_to_return(self):
        pooled = self.env["res.partner"].search([*self.mine, ("pool_state", "=", "pool")])
        rows = self.env["sales.demo"]._read_table("customer_pool")
        claims = self.env["sales.customer.claim"].search([("partner_id", "in", pooled.ids)])
        self.assertEqual(sorted(claims.mapped("kind")), sorted(row["kind"] for row in rows))
        self.assertFalse(pooled.user_id)
        self.assertTrue(all(claim.moment < claim.create_date for claim in claims))
        open_deals = [("partner_id", "child_of", pooled.ids), ("won_status", "=", "pending")]
        self.assertFalse(self.env["crm.lead"].search(open_deals))
        warned = self.env["res.partner"].search([*self.mine, ("pool_warned_at", "!=", False)])
        self.assertEqual(len(warned), 1)
        notice = self.env["sales.notice"].search([("res_model", "=", "res.partner"), ("res_id", "=", warned.id)])
        self.assertEqual(notice.user_id, warned.user_id)
        self.assertGreater(warned.pool_due_on, fields.Date.today())

    def test_certificates_of_every_state(self):
        certificates = self.env["sales.customer.certificate"].search(self.mine)
        self.assertEqual(set(certificates.mapped("state")), {"valid", "expiring", "expired", "unverified"})

    def test_key_dates_are_ahead(self):
        dates = self.env["sales.key.date"].search(self.mine)
        self.assertEqual(len(dates), len(self.env["sales.demo"]._read_table("customer_days")))
        self.assertTrue(all(date.next_date > fields.Date.today() for date in dates))

    def test_people_leave_gaps_to_close(self):
        people = self.env["sales.deal.person"].search(self.mine)
        self.assertTrue(people.filtered(lambda person: not person.attitude))
        self.assertTrue(people.filtered(lambda person: person.role == "decider"))

    def test_one_duplicate_is_found(self):
        group = self.env["sales.customer.duplicate"].search([("state", "=", "open")]).filtered(
            lambda group: self.company in group.partner_ids.company_id
        )
        self.assertEqual(len(group), 1)
        self.assertEqual(set(group.partner_ids.user_id.mapped("login")), {"demo_sales", "zhao.ting"})

    def test_leaver_is_listed(self):
        leaver = self.env["sales.leaver"].search([("login", "=", "jiang.bo")])
        self.assertEqual((leaver.customer_count, leaver.deal_count), (2, 0))

    def test_products_are_bought_together(self):
        self.assertTrue(self.env["sales.product.pair"].search(self.mine))
