"""What each role can do with figures, next steps and suggestions over real RPC."""

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, REFUSED, AccessCommon


@tagged("post_install", "-at_install", "access", "customer")
class TestValueAccess(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_customer_enabled = True
        cls.pump, cls.seal, cls.bolt = cls.env["product.product"].create(
            [{"name": name, "type": "consu"} for name in ("Pump", "Seal", "Bolt")]
        )
        for products in (*[cls.pump + cls.seal] * 3, *[cls.bolt] * 3):
            lines = [Command.create({"product_id": product.id}) for product in products]
            cls.env["sale.order"].create({"partner_id": cls.customer.id, "order_line": lines}).action_confirm()
        cls.env["sales.product.pair"].sudo()._compute_company(cls.env.company)
        cls.env["sales.customer.value"]._compute_company(cls.env.company)

    def _ask(self, user, **arguments):
        arguments = {"product_ids": self.pump.ids, "company_id": self.env.company.id, **arguments}
        return self._call(user, "sales.product.pair", "suggest_products", **arguments)

    def test_figures_are_not_forged(self):
        values = {
            "customer_health": "good",
            "customer_health_score": 100,
            "customer_health_detail": [],
            "churn_state": "active",
            "abc_class": "a",
            "rfm_segment": "champions",
            "customer_revenue": 1e9,
            "rfm_computed_at": fields.Datetime.to_string(fields.Datetime.now()),
        }
        for user in (self.salesperson, self.manager):
            for name, value in values.items():
                vals = {name: value}
                self._assert_refused(REFUSED, user, "res.partner", "write", ids=self.customer.ids, vals=vals)
                vals = {"name": "New", **vals}
                self._assert_refused(REFUSED, user, "res.partner", "create", vals_list=[vals])

    def test_next_step_of_a_deal_is_told_to_who_sees_the_deal(self):
        for deal in self.all_deals:
            deal.activity_schedule(
                "mail.mail_activity_data_todo",
                fields.Date.today(),
                summary=f"Step of {deal.user_id.name}",
                user_id=deal.user_id.id,
            )
        for deal in self.all_deals - self.foreign_deal:
            deal.activity_ids.date_deadline = fields.Date.add(fields.Date.today(), days=3)
        own = {"ids": self.customer.ids, "fields": ["next_action"]}
        [read] = self._call(self.stranger, "res.partner", "read", **own)
        self.assertEqual(read["next_action"], "Step of Stranger · Deal of Stranger")
        [read] = self._call(self.salesperson, "res.partner", "read", **own)
        self.assertEqual(read["next_action"], "Step of Salesperson · Deal of Salesperson")
        [read] = self._call(self.manager, "res.partner", "read", **own)
        self.assertIn("Stranger", read["next_action"])
        [read] = self._call(self.stock, "res.partner", "read", **own)
        self.assertNotIn("Deal of", read["next_action"])
        self._assert_refused(FORBIDDEN, self.portal, "res.partner", "read", **own)

    def test_suggestions_by_role(self):
        for user in (self.salesperson, self.leader, self.manager):
            self.assertEqual([row["id"] for row in self._ask(user)], self.seal.ids)
        # The lines of a quotation that one does not see tell nothing.
        order = self.orders[self.foreign_deal]
        self.assertEqual([row["id"] for row in self._ask(self.salesperson, order_id=order.id)], self.seal.ids)
        arguments = {"product_ids": self.pump.ids, "company_id": self.env.company.id}
        for user in (self.stock, self.portal):
            self._assert_refused(FORBIDDEN, user, "sales.product.pair", "suggest_products", **arguments)
        arguments["product_ids"] = "all"
        self._assert_refused(REFUSED, self.salesperson, "sales.product.pair", "suggest_products", **arguments)

    def test_pairs_are_computed_by_managers_and_written_by_nobody(self):
        pair = self.env["sales.product.pair"].search([("product_id", "=", self.pump.id)])
        model = "sales.product.pair"
        self._assert_refused(FORBIDDEN, self.salesperson, model, "action_compute_pairs", context={"lang": "en_US"})
        self._call(self.manager, model, "action_compute_pairs", context={"lang": "en_US"})
        values = {"product_id": self.pump.id, "other_id": self.bolt.id, "company_id": self.env.company.id}
        for user in (self.salesperson, self.manager):
            self._assert_refused(FORBIDDEN, user, model, "create", vals_list=[values])
            self._assert_refused(FORBIDDEN, user, model, "write", ids=pair.ids, vals={"pair_count": 99})
            self._assert_refused(FORBIDDEN, user, model, "unlink", ids=pair.ids)
