"""Bad input of customers: clear where it is refused, and harmless otherwise."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.sales_management.tests.common import DealCommon


@tagged("post_install", "-at_install", "customer")
class TestCustomerInput(DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.write({"sales_customer_enabled": True, "customer_duplicate_mode": "block"})
        cls.groups = cls.env["sales.customer.duplicate"]

    def _create(self, **values):
        return self.env["res.partner"].with_user(self.salesperson).create({"is_company": True, **values})

    def test_a_hundred_contacts_with_one_mail_address(self):
        """What many share tells nothing: nobody is refused, warned or listed for it."""
        self.company.customer_duplicate_mode = "off"
        firms = self.env["res.partner"].create(
            [{"name": f"Unlike {n} {'x' * n}", "email": "office@many.de", "is_company": True} for n in range(100)]
        )
        self.company.customer_duplicate_mode = "block"
        firms._keep_keys()
        another = self._create(name="Another", email="office@many.de")
        self.assertFalse(another.duplicate_warning)
        self.groups._cron_scan()
        self.assertFalse(self.groups.search([("partner_ids", "in", another.ids)]))
        contacts = [Command.create({"name": f"Contact {n}", "email": "office@own.de"}) for n in range(100)]
        self.assertFalse(self._create(name="Own", child_ids=contacts).child_ids[0].duplicate_warning)

    def test_names_that_are_empty_after_normalising(self):
        for name in ("（）", "…", "-", "。，", "🏭"):
            with self.subTest(name):
                first, second = self._create(name=name), self._create(name=name)
                self.assertFalse((first | second).mapped("duplicate_warning") != [False, False])
                self.assertFalse(self.env["sales.customer.key"].search([("partner_id", "in", (first | second).ids)]))
        self.groups._cron_scan()

    def test_phone_numbers_of_every_shape(self):
        shapes = ("0", "+", "000000", "abc", "1" * 200, "110", "+49 (0) 30 / 90 18-20 Durchwahl 5", "电话", "\u200b")
        for number, phone in enumerate(shapes):
            with self.subTest(phone[:20]):
                self._create(name=f"Shape{number}", phone=phone)

    def test_cyclic_hierarchy(self):
        """The ORM refuses one; what was written past it neither hangs nor merges anything."""
        first = self.env["res.partner"].create({"name": "First", "is_company": True})
        second = self.env["res.partner"].create({"name": "Second", "is_company": True, "parent_id": first.id})
        with self.assertRaises(UserError):
            first.parent_id = second
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE res_partner SET parent_id = %s WHERE id = %s", second.id, first.id))
        self.env.invalidate_all()
        self.assertEqual(first._get_merge_parents(), first | second)
        self.groups._cron_scan()
        self.env["sales.customer.value"]._compute_company(self.company)
        self.assertFalse(first.get_smart_fill({"name": "Third", "id": first.id})["finds"])
        self.assertIn(
            "own company", self.env["sales.customer.merge"].create({"partner_ids": (first | second).ids}).blockers
        )

    def test_rule_of_a_tier_that_fits_nobody(self):
        customer = self.env["res.partner"].create({"name": "Weber", "is_company": True, "customer_rank": 1})
        tier = self.env["sales.customer.tier"].create({"name": "Giants", "rule_revenue": 1e15})
        self.env["sales.customer.value"]._compute_company(self.company)
        self.assertFalse(self.env["res.partner"].search([("customer_tier_id", "=", tier.id)]))
        self.assertFalse(customer.customer_tier_id)
