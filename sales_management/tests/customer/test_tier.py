"""Tiers of customers: who sets them, whose they are, and that contacts follow their company."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.common import DealCommon


@tagged("post_install", "-at_install", "customer")
class TestTier(DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key, cls.small = cls.env["sales.customer.tier"].create(
            [{"name": "Key account", "code": "K"}, {"name": "Small", "code": "S", "is_default": True}]
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Weber GmbH", "is_company": True, "child_ids": [Command.create({"name": "Anna Weber"})]}
        )

    def test_contacts_follow_their_company(self):
        self.customer.write({"customer_tier_id": self.key.id, "company_size": "medium"})
        contact = self.customer.child_ids
        self.assertEqual((contact.customer_tier_id, contact.company_size), (self.key, "medium"))

    def test_salespeople_give_tiers_and_managers_make_them(self):
        self.customer.with_user(self.manager).customer_tier_id = self.small
        self.assertEqual(self.customer.with_user(self.salesperson).customer_tier_id.name, "Small")
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self.key.with_user(self.salesperson).name = "Mine"
        self.key.with_user(self.manager).name = "Best"
        self.assertEqual(self.key.name, "Best")

    def test_one_tier_is_for_everybody_else(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.key.is_default = True
            self.env.flush_all()

    def test_code_is_known_once(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.small.code = "K"
            self.env.flush_all()

    def test_page_is_there_where_customers_are_switched_on(self):
        def is_shown():
            arch = self.env["res.partner"].with_user(self.salesperson).get_view(view_type="form")["arch"]
            return 'name="sales_customer"' in arch

        self.assertFalse(is_shown())
        self.env.company.sales_customer_enabled = True
        self.assertTrue(is_shown())
