"""A customer at a glance: what each role sees of it, in which company, and what it costs."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.common import DealDocumentCommon


@tagged("post_install", "-at_install", "customer")
class TestPanel(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_customer_enabled = True
        cls.customer = cls.env["res.partner"].create(
            {"name": "Weber GmbH", "is_company": True, "child_ids": [Command.create({"name": "Anna Weber"})]}
        )
        cls.contact = cls.customer.child_ids
        cls.nut = cls.env["product.product"].create({"name": "Nut", "type": "consu", "list_price": 10})

    def _create_orders(self, count=1, **values):
        defaults = {"partner_id": self.contact.id, "user_id": self.salesperson.id, "team_id": self.team.id}
        line = Command.create({"product_id": self.nut.id, "product_uom_qty": 5, "price_unit": 10, "tax_ids": False})
        return self.env["sale.order"].create([{**defaults, "order_line": [line], **values} for _n in range(count)])

    def _get_rows(self, user=None, customer=None):
        customer = (customer or self.customer).with_user(user or self.manager)
        customer.invalidate_recordset(["customer_panel"])
        return {row["code"]: row["figure"] for row in customer.customer_panel or []}

    # === Figures === #

    def test_what_runs_is_counted_with_what_it_is_worth(self):
        self._create_deals(2, partner_id=self.contact.id, expected_revenue=500)
        self._create_deals(1, partner_id=self.contact.id, expected_revenue=500, active=False)
        self._create_orders(2)
        self._create_orders().action_confirm()
        rows = self._get_rows()
        self.assertEqual((rows["quotations"], rows["orders"]), ("2", "1"))
        self.assertTrue(rows["deals"].startswith("2 · "))
        self.assertIn("1,000", rows["deals"])

    def test_what_is_late_and_owed(self):
        order = self._create_orders(commitment_date=fields.Datetime.now() + timedelta(days=1))
        order.order_line.product_id.is_storable = True
        order.action_confirm()
        self.assertNotIn("late", self._get_rows())
        order.picking_ids.write({"scheduled_date": fields.Datetime.now() - timedelta(days=2)})
        self.assertEqual(self._get_rows()["late"], "1")
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.contact.id,
                "invoice_date": fields.Date.today() - timedelta(days=60),
                "invoice_date_due": fields.Date.today() - timedelta(days=30),
                "invoice_line_ids": [Command.create({"product_id": self.nut.id, "price_unit": 70, "tax_ids": False})],
            }
        )
        self.assertNotIn("overdue", self._get_rows())
        invoice.action_post()
        self.assertIn("70", self._get_rows()["overdue"])

    def test_nothing_runs(self):
        self.assertEqual(self._get_rows(), {"next_action": "No next step"})
        self.assertFalse(self.contact.customer_panel)

    def test_switched_off_there_is_none(self):
        self.env.company.sales_customer_enabled = False
        self._create_orders()
        self.assertFalse(self.customer.customer_panel)

    # === Access === #

    def test_everybody_sees_what_they_may(self):
        self._create_deals(1, partner_id=self.contact.id)
        self._create_deals(2, partner_id=self.contact.id, user_id=self.manager.id, team_id=self.other_team.id)
        self._create_orders()
        self.assertEqual(self._get_rows(self.salesperson)["deals"][0], "1")
        self.assertEqual(self._get_rows(self.manager)["deals"][0], "3")
        self.assertNotIn("deals", self._get_rows(self.finance))
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self.customer.with_user(self.users_by_role["portal"]).read(["customer_panel"])

    def test_other_companies_are_left_out(self):
        other = self.env["res.company"].create({"name": "Other", "sales_customer_enabled": True})
        self._create_orders()
        self.manager.company_ids |= other
        customer = self.customer.with_user(self.manager).with_company(other)
        self.assertEqual([row["code"] for row in customer.customer_panel], ["next_action"])

    # === Ways === #

    def test_row_opens_what_it_counts(self):
        order = self._create_orders()
        action = self.customer.with_user(self.salesperson).action_open_customer_panel("quotations")
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), order)
        self.assertIn("Weber GmbH", action["name"])
        self.assertFalse(self.customer.action_open_customer_panel("nonsense"))

    # === Cost === #

    def test_long_history_costs_no_more(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            # As the web client asks, in its time zone.
            self.customer.with_user(self.manager).with_context(tz="UTC").read(["customer_panel"])
            return self.env.cr.sql_log_count - before

        tier = self.env["sales.customer.tier"].create({"name": "Key", "contact_days": 30})
        kind = self.env["sales.certificate.type"].create({"name": "Licence"})
        self.customer.customer_tier_id = tier
        self.customer._touch_contacts(fields.Datetime.now() - timedelta(days=40))
        self.env["sales.customer.certificate"].create(
            {"partner_id": self.customer.id, "type_id": kind.id, "valid_to": fields.Date.today()}
        )
        deal = self._create_deals(1, partner_id=self.contact.id)
        self._create_orders(2)
        count()
        few = count()
        self._create_orders(40)
        self.assertEqual(count(), few)
        self.assertLessEqual(few, 12)
        deal.activity_schedule("mail.mail_activity_data_todo", user_id=self.manager.id)
        self.assertLessEqual(count(), 12)
