"""Quotations that wait for an approver, and what he sees of them."""

from odoo.fields import Command

from odoo.addons.sales_management.tests.common import DealDocumentCommon

from .common import ApprovalMixin


class ApproverCommon(ApprovalMixin, DealDocumentCommon):
    """A rule on discount and margin that asks the leader first, then finance, who have no right on quotations."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_approval_enabled = True
        cls.env["sales.approval.rule"].search([("id", "!=", False)]).active = False
        cls.bolt.write({"name": "M8 bolt", "standard_price": 5.0, "taxes_id": [Command.clear()]})
        cls.rule = cls.env["sales.approval.rule"].create(
            {
                "name": "Discounts",
                "enforcement": "block",
                "active_from": "2020-01-01",
                "has_discount_max": True,
                "discount_max": 10,
                "step_ids": [
                    Command.create({"approver_kind": "team_leader", "sequence": 10, "deadline_hours": 8}),
                    Command.create(
                        {
                            "approver_kind": "user",
                            "user_ids": [Command.set(cls.finance.ids)],
                            "sequence": 20,
                            "deadline_hours": 8,
                        }
                    ),
                ],
            }
        )
        cls.deal = cls._create_deals(partner_id=cls.customer.id)

    @classmethod
    def _create_discounted(cls, price=8.0, quantity=100, **values):
        return cls._create_quotation(
            deal=cls.deal,
            order_line=[Command.create({"product_id": cls.bolt.id, "product_uom_qty": quantity, "price_unit": price})],
            **values,
        )

    @classmethod
    def _ask(cls, order=None, comment=None):
        """:return: the pending request for a quotation, a new one without any"""
        order = order or cls._create_discounted()
        order.action_request_approval(comment)
        cls.env.invalidate_all()
        return cls._get_request(order)

    def _get_waiting(self, user):
        return self.env["sales.approval.request"].with_user(user).search([("is_waiting_for_me", "=", True)]).sudo()

    def _get_activities(self, request):
        return self.env["mail.activity"].sudo().search([("res_model", "=", request._name), ("res_id", "=", request.id)])

    def _get_told(self, kind):
        return self.env["sales.notice"].sudo().search([("kind_id.code", "=", kind)], order="id").mapped("user_id.name")
