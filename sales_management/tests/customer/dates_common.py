"""Customers with owners, and the daily jobs run at a moment."""

from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import new_test_user

#: A morning in Europe; in Shanghai it is the evening, in Los Angeles the night before.
MORNING = "2026-03-04 07:00:00"
TODAY = date(2026, 3, 4)


class DatesMixin:
    @classmethod
    def _set_up_customers(cls):
        cls.env.company.sales_customer_enabled = True
        cls.env.company.partner_id.tz = "Europe/Berlin"
        cls.env.registry.clear_cache()
        cls.weber = cls.env["res.partner"].create(
            {
                "name": "Weber GmbH",
                "is_company": True,
                "user_id": cls.salesperson.id,
                "child_ids": [Command.create({"name": "Anna Weber", "email": "anna@weber.example"})],
            }
        )
        cls.anna = cls.weber.child_ids

    @classmethod
    def _open_company(cls, name, zone):
        company = cls.env["res.company"].create({"name": name, "sales_customer_enabled": True})
        company.partner_id.tz = zone
        cls.env.registry.clear_cache()
        user = new_test_user(
            cls.env,
            f"sm_{name.lower()}",
            "sales_team.group_sale_salesman",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        return company, user

    @classmethod
    def _hide(cls, *customers):
        """Let no salesperson see some customers."""
        cls.env["ir.rule"].create(
            {
                "name": "Hidden",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "domain_force": [("commercial_partner_id", "not in", [customer.id for customer in customers])],
                "groups": [Command.link(cls.env.ref("sales_team.group_sale_salesman").id)],
            }
        )
        cls.env["ir.rule"].create(
            {
                "name": "All",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "domain_force": [(1, "=", 1)],
                "groups": [Command.link(cls.env.ref("sales_team.group_sale_manager").id)],
            }
        )

    def _run(self, name, moment=MORNING):
        """Run a job as its cron does."""
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(f"sales_management.ir_cron_follow_{name}").method_direct_trigger()
        self.env.invalidate_all()

    def _get_activities(self, partner=None):
        return self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", (partner or self.anna).id)]
        )
