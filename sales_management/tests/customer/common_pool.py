"""What tests of the pool start from: two salespeople, a manager, and customers of the first."""

from datetime import timedelta

from odoo import fields

from odoo.addons.sales_management.tests.common import DealCommon


class PoolCommon(DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.anna, cls.ben = cls.salesperson, cls.users_by_role["member"]
        cls.company.write(
            {
                "sales_customer_enabled": True,
                "customer_pool_enabled": True,
                "customer_pool_days": 60,
                "customer_pool_warning_days": 7,
                "customer_pool_protection_days": 30,
                "customer_pool_claims_per_day": 3,
                "customer_pool_cooldown_days": 14,
            }
        )
        # Days count from here.
        cls.company.customer_pool_since = fields.Datetime.now() - timedelta(days=400)
        cls.company.resource_calendar_id.tz = "UTC"
        cls.customers = cls._create_customers(3)
        cls.bolt = cls.customers[0]
        cls.claims = cls.env["sales.customer.claim"]

    @classmethod
    def _create_customers(cls, count, user=None, days=0, **values):
        """Customers of Anna, or of nobody for ``False``, whom somebody was in touch with so many days ago."""
        owner = cls.anna if user is None else user
        values = {"is_company": True, "customer_rank": 1, "user_id": owner and owner.id, **values}
        customers = cls.env["res.partner"].create([{"name": f"Firm {n}", **values} for n in range(count)])
        cls._be_in_touch(customers, days)
        return customers

    @classmethod
    def _be_in_touch(cls, customers, days):
        """Let the last contact, and the owner before it, be so many days ago."""
        moment = fields.Datetime.now() - timedelta(days=days)
        customers.sudo().write({"last_contact_at": moment, "owner_since": moment})

    def _pool(self, customers, user=None):
        customers.with_user(user or self.anna).action_release_to_pool("No need")

    def _claim(self, customers, user=None):
        customers.with_user(user or self.ben).action_claim()

    def _recycle(self):
        with self.enter_registry_test_mode():
            self.env.ref("sales_management.ir_cron_recycle_customers").method_direct_trigger()

    def _assert_kinds(self, customer, *kinds):
        facts = self.claims.search([("partner_id", "=", customer.id)], order="id")
        self.assertEqual(facts.mapped("kind"), list(kinds))
        return facts
