"""What every test starts from: roles, a team, and factories with sensible defaults."""

from odoo import fields
from odoo.tests import new_test_user
from odoo.tests.common import TransactionCase

from odoo.addons.sale.tests.common import TestSaleCommon

#: Login and groups per role of the design's table of users.
ROLES = {
    "salesperson": "sales_team.group_sale_salesman",
    "member": "sales_management.group_team",
    "leader": "sales_management.group_team",
    "manager": "sales_team.group_sale_manager",
    "finance": "account.group_account_invoice",
    "stock": "stock.group_stock_user",
    "portal": "base.group_portal",
}


class RolesMixin:
    """Users per role, and a team that ``leader`` leads and ``salesperson`` and ``member`` belong to."""

    @classmethod
    def _create_roles(cls):
        cls.users_by_role = {
            role: new_test_user(cls.env, f"sm_{role}", groups, name=role.capitalize(), company_id=cls.env.company.id)
            for role, groups in ROLES.items()
        }
        cls.salesperson = cls.users_by_role["salesperson"]
        cls.member = cls.users_by_role["member"]
        cls.leader = cls.users_by_role["leader"]
        cls.manager = cls.users_by_role["manager"]
        cls.finance = cls.users_by_role["finance"]
        cls.team = cls.env["crm.team"].create({"name": "East", "user_id": cls.leader.id, "company_id": False})
        cls.env["crm.team.member"].create(
            [{"crm_team_id": cls.team.id, "user_id": user.id} for user in (cls.salesperson, cls.member)]
        )
        cls.other_team = cls.env["crm.team"].create({"name": "Export", "company_id": False})

    @classmethod
    def _create_deals(cls, count=1, **values):
        defaults = {"type": "opportunity", "user_id": cls.salesperson.id, "team_id": cls.team.id}
        return cls.env["crm.lead"].create(
            [{"name": f"Deal {position}", **defaults, **values} for position in range(1, count + 1)]
        )

    @staticmethod
    def _counter(number):
        """Counter of a number such as D2026-00042."""
        return int(number.rpartition("-")[2])


class ChineseMixin:
    """For tours that are walked in Chinese too."""

    @classmethod
    def _speak_chinese(cls, users):
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"]._load_module_terms(["sales_management"], ["zh_CN"], overwrite=True)
        users.sudo().lang = "zh_CN"


class DealCommon(RolesMixin, TransactionCase):
    """For tests of deals alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_roles()
        cls.year = fields.Datetime.now().year


class DealDocumentCommon(RolesMixin, TestSaleCommon):
    """For tests of the documents of a deal: with a chart of accounts and products."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_roles()
        cls.customer = cls.env["res.partner"].create({"name": "Hangzhou Bolt"})
        cls.bolt = cls.env["product.product"].create(
            {"name": "Bolt", "type": "consu", "is_storable": True, "list_price": 10.0, "invoice_policy": "order"}
        )

    @classmethod
    def _create_order(cls, deal=None, quantity=5, **values):
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "opportunity_id": deal.id if deal else False,
                "order_line": [fields.Command.create({"product_id": cls.bolt.id, "product_uom_qty": quantity})],
                **values,
            }
        )

    @classmethod
    def _confirm_order(cls, deal=None, **values):
        order = cls._create_order(deal, **values)
        order.action_confirm()
        return order
