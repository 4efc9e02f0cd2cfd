from odoo.fields import Command
from odoo.tests import tagged

from .rules_common import RulesCommon


@tagged("post_install", "-at_install")
class TestApprovalPerformance(RulesCommon):
    """Twenty rules over many quotations are decided in a constant number of queries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.group_pricelist
        cls.pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Dealers",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 5, "min_quantity": 10}),
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": cls.plain.id,
                            "compute_price": "fixed",
                            "fixed_price": 97,
                        }
                    ),
                ],
            }
        )
        cls.rules = cls.Rule
        for number in range(20):
            condition = [
                {"discount_max": number},
                {"margin_min": number},
                {"payment_days_max": number},
                {"amount_min": number * 100, "team_ids": [Command.set(cls.team.ids)]},
                {"domain": "[('state', '=', 'draft')]", "discount_max": 50},
            ][number % 5]
            cls.rules += cls._create_rule(name=f"Rule {number}", **condition)
        cls._create_quotations()

    @classmethod
    def _create_quotations(cls):
        lines = [
            {"product_id": product.id, "product_uom_qty": quantity, "discount": 12}
            for product in (cls.plain, cls.included)
            for quantity in (1, 20)
        ]
        term = cls.env.ref("account.account_payment_term_30days")
        cls.orders = cls.env["sale.order"].union(
            *(
                cls._create_quotation(*lines, pricelist_id=cls.pricelist.id, payment_term_id=term.id)
                for _number in range(40)
            )
        )

    def _count_queries(self, orders):
        self.env.flush_all()
        self.Rule._get_matching_rules(orders[:1])
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        matching = self.Rule._get_matching_rules(orders)
        self.assertTrue(all(matching.values()))
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_quotations(self):
        few, many = self._count_queries(self.orders[:2]), self._count_queries(self.orders)
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, 15)
