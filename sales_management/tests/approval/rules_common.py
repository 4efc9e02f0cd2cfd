"""What tests of measures and rules start from: approval switched on, and products whose price list is known."""

from odoo.fields import Command

from odoo.addons.sales_management.tests.common import DealDocumentCommon


class RulesCommon(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.sales_approval_enabled = True
        cls.group_pricelist = cls.env.ref("product.group_product_pricelist")
        cls.tax_excluded = cls.env["account.tax"].create({"name": "13 %", "amount": 13, "type_tax_use": "sale"})
        cls.tax_included = cls.env["account.tax"].create(
            {"name": "13 % included", "amount": 13, "type_tax_use": "sale", "price_include_override": "tax_included"}
        )
        cls.plain = cls._create_sellable("Plain", cls.tax_excluded)
        cls.included = cls._create_sellable("Included", cls.tax_included)
        cls.rebate = cls._create_sellable("Rebate", cls.tax_excluded, list_price=0, type="service")
        cls.Rule = cls.env["sales.approval.rule"]

    @classmethod
    def _create_sellable(cls, name, taxes, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "list_price": 100.0,
                "standard_price": 60.0,
                "taxes_id": [Command.set(taxes.ids)],
                **values,
            }
        )

    @classmethod
    def _create_quotation(cls, *lines, **values):
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "team_id": cls.team.id,
                "order_line": [Command.create({"product_uom_qty": 1, **line}) for line in lines],
                **values,
            }
        )

    @classmethod
    def _create_rule(cls, **values):
        steps = [Command.create({"approver_kind": "team_leader"})]
        return cls.Rule.create({"name": "Rule", "enforcement": "block", "step_ids": steps, **values})

    def _measure(self, order):
        self.env.flush_all()
        return order._get_approval_measures()[order]
