"""What tests of handovers start from: three salespeople, the first of whom leaves."""

from odoo import Command
from odoo.tests.common import new_test_user

from odoo.addons.sales_management.tests.common import DealDocumentCommon


class HandoverCommon(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.sales_customer_enabled = True
        cls.anna = cls._create_seller("anna")
        cls.ben = cls._create_seller("ben")
        cls.cara = cls._create_seller("cara")
        cls.team_ben = cls.env["crm.team"].create({"name": "Ben's", "member_ids": [Command.link(cls.ben.id)]})
        cls.handovers = cls.env["sales.customer.handover"]

    @classmethod
    def _create_seller(cls, name, groups="sales_team.group_sale_salesman", **values):
        return new_test_user(
            cls.env, f"sm_{name}", groups, name=name.capitalize(), **{"company_id": cls.env.company.id, **values}
        )

    @classmethod
    def _create_customers(cls, count, user=None, **values):
        """Customers with a contact, a deal, a quotation and a call to make each."""
        user = user or cls.anna
        customers = cls.env["res.partner"].create(
            [
                {
                    "name": f"Firm {n}",
                    "is_company": True,
                    "customer_rank": 1,
                    "user_id": user.id,
                    "child_ids": [Command.create({"name": f"Person {n}", "user_id": user.id})],
                    **values,
                }
                for n in range(count)
            ]
        )
        for customer in customers:
            deal = cls._create_deals(name=f"Deal of {customer.name}", partner_id=customer.id, user_id=user.id)
            cls._create_order(deal, partner_id=customer.id, user_id=user.id)
            deal.activity_schedule("mail.mail_activity_data_call", user_id=user.id)
        return customers

    def _plan(self, *successors, user=None, **values):
        manager = values.pop("manager", self.manager)
        return (
            self.env["sales.customer.handover.plan"]
            .with_user(manager)
            .create(
                {
                    "user_id": (user or self.anna).id,
                    "successor_ids": [Command.set([successor.id for successor in successors])],
                    "reason": "Leaves",
                    **values,
                }
            )
        )

    def _hand_over(self, *successors, **values):
        plan = self._plan(*successors, **values)
        plan.action_preview()
        action = plan.action_hand_over()
        return self.handovers.browse(action["res_id"])

    def _assert_whole(self, customer, owner):
        """A customer and all that belongs to it has one owner."""
        deal = self.env["crm.lead"].search([("partner_id", "=", customer.id)])
        orders = self.env["sale.order"].search([("partner_id", "=", customer.id)])
        found = (customer | customer.child_ids).user_id | deal.user_id | orders.user_id | deal.activity_ids.user_id
        self.assertEqual(found, owner)
