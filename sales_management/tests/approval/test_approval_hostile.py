from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.exceptions import BlockedError

from ..common import DealDocumentCommon
from .common import ApprovalMixin


@tagged("post_install", "-at_install", "approval", "access")
class TestApprovalHostile(ApprovalMixin, DealDocumentCommon):
    """Ways around the question that a rule asks, as a salesperson tries them over RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._switch_approval_on()
        cls.rule.write({"has_discount_max": True, "discount_max": 10.0})
        cls.bolt.standard_price = 6.0

    @classmethod
    def _create_confirmed(cls, **values):
        order = cls._create_quotation(**values)
        order.action_confirm()
        cls.env.flush_all()
        return order

    def _assert_to_submit(self, order):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(order._filter_released())
        with self.assertRaises(UserError):
            order.action_confirm()

    # === Confirmed orders === #

    def test_order_of_a_new_line_comes_from_the_context(self):
        order = self._create_confirmed()
        lines = self.env["sale.order.line"].with_user(self.salesperson).with_context(default_order_id=order.id)
        with self.assertRaises(BlockedError):
            lines.create({"product_id": self.bolt.id, "price_unit": 1.0})

    def test_a_line_brings_another_line_along(self):
        order = self._create_confirmed()
        harmless = {"order_id": order.id, "product_id": self.bolt.id}
        with self.assertRaises(BlockedError):
            self.env["sale.order.line"].with_user(self.salesperson).create(
                {**harmless, "price_unit": 1.0, "linked_line_ids": [Command.create(harmless)]}
            )

    def test_an_extra_that_was_delivered_gets_another_price(self):
        order = self._create_confirmed()
        line = self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": self.bolt.id, "product_uom_qty": 0, "qty_delivered": 3}
        )
        with self.assertRaises(BlockedError):
            line.with_user(self.salesperson).price_unit = 1.0

    def test_a_rebate_that_is_called_an_expense(self):
        order = self._create_confirmed()
        for kind in ({"is_expense": True}, {"qty_delivered": 1}):
            with self.assertRaises(BlockedError):
                self.env["sale.order.line"].with_user(self.salesperson).create(
                    {
                        "order_id": order.id,
                        "product_id": self.bolt.id,
                        "product_uom_qty": 0,
                        "price_unit": -40.0,
                        **kind,
                    }
                )

    def test_the_customer_of_an_approved_order_is_another(self):
        order = self._create_quotation()
        order.order_line.discount = 20.0
        order.action_request_approval()
        self._get_request(order).with_user(self.director).action_approve()
        order.action_confirm()
        other = self.env["res.partner"].create({"name": "Another"})
        with self.assertRaises(BlockedError):
            order.partner_id = other

    def test_a_cancelled_order_stays_as_it_is(self):
        order = self._create_quotation()
        order._action_cancel()
        for attempt in (
            lambda: order.order_line.write({"discount": 50.0}),
            lambda: order.write({"order_line": [Command.create({"product_id": self.bolt.id, "price_unit": 1.0})]}),
            lambda: order.order_line.copy({"order_id": order.id, "price_unit": 1.0}),
            lambda: order.write({"payment_term_id": self.env.ref("account.account_payment_term_30days").id}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        with self.assertRaises(UserError), self.cr.savepoint():
            order.write({"state": "sale", "order_line": [Command.update(order.order_line.id, {"discount": 50.0})]})
            self.env.flush_all()
        order.action_draft()
        order.order_line.discount = 50.0
        self._assert_to_submit(order)

    def test_an_order_is_confirmed_where_nobody_asks(self):
        other = self.env["res.company"].create({"name": "Without approval"})
        self.salesperson.company_ids += other
        warehouses = self.env["stock.warehouse"].search([("company_id", "in", (other | self.env.company).ids)])
        elsewhere, here = (
            {
                "company_id": company.id,
                "warehouse_id": warehouses.filtered(lambda found, company=company: found.company_id == company)[:1].id,
            }
            for company in (other, self.env.company)
        )
        orders = self.env["sale.order"].with_user(self.salesperson)
        order = orders.with_context(allowed_company_ids=(other | self.env.company).ids).create(
            {
                "partner_id": self.customer.id,
                "user_id": self.salesperson.id,
                "order_line": [Command.create({"product_id": self.bolt.id, "discount": 90.0, "tax_ids": False})],
                **elsewhere,
            }
        )
        order.action_confirm()
        with self.assertRaises(BlockedError):
            order.write(here)

    # === Columns that the code fills === #

    def test_amounts_are_nobodys_to_write(self):
        self.rule.write({"has_discount_max": False, "has_amount_min": True, "amount_min": 40.0})
        order = self._create_quotation(order_line=[Command.create({"product_id": self.bolt.id, "product_uom_qty": 50})])
        for vals in ({"amount_untaxed": 1.0}, {"currency_rate": 1e6}, {"amount_total": 1.0}):
            with self.subTest(vals), self.assertRaises(UserError), self.cr.savepoint():
                order.write(vals)
        with self.assertRaises(UserError), self.cr.savepoint():
            order.order_line.write({"price_subtotal": 1.0})
        forged = order.with_context(default_amount_untaxed=1.0, default_currency_rate=1e6).copy()
        self._assert_to_submit(forged)

    def test_margins_are_nobodys_to_write(self):
        self.rule.write({"has_discount_max": False, "has_margin_min": True, "margin_min": 50.0})
        order = self._create_quotation()
        for vals in ({"margin": 49.0}, {"margin_percent": 1.0}):
            with self.subTest(vals), self.assertRaises(UserError), self.cr.savepoint():
                order.write(vals)
        self._assert_to_submit(order)

    def test_a_lower_cost_that_somebody_types(self):
        self.rule.write({"has_discount_max": False, "has_line_margin_min": True, "line_margin_min": 50.0})
        order = self._create_quotation()
        order.order_line.purchase_price = 0.01
        self._assert_to_submit(order)
        self.rule.write({"has_line_margin_min": False, "has_margin_min": True, "margin_min": 50.0})
        self._assert_to_submit(order)

    def test_the_date_of_a_quotation_is_when_its_price_was_lower(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Sale of last year",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "fixed",
                            "fixed_price": 1.0,
                            "date_start": "2020-01-01 00:00:00",
                            "date_end": "2020-02-01 00:00:00",
                        }
                    )
                ],
            }
        )
        order = self._create_quotation(pricelist_id=pricelist.id)
        order.write({"date_order": "2020-01-15 12:00:00"})
        order.order_line.price_unit = 1.0
        self._assert_to_submit(order)

    def test_validity_is_counted_from_a_date_in_the_future(self):
        self.rule.write({"has_discount_max": False, "has_validity_days_max": True, "validity_days_max": 60})
        today = fields.Date.today()
        order = self._create_quotation(
            validity_date=fields.Date.add(today, days=500), date_order=fields.Date.add(today, days=490)
        )
        self._assert_to_submit(order)

    def test_words_beside_what_was_approved(self):
        order = self._create_quotation()
        order.order_line.discount = 20.0
        order.action_request_approval()
        self._get_request(order).with_user(self.director).action_approve()
        self.assertTrue(order._filter_released())
        order.order_line = [
            Command.create({"product_id": self.bolt.id, "product_uom_qty": 0, "is_expense": True, "name": "50 % off"})
        ]
        self._assert_to_submit(order)

    # === Delegations === #

    def test_nobody_makes_himself_a_delegate(self):
        own = self.env["sales.approval.delegation"].with_user(self.salesperson)
        delegation = own.create({"delegate_id": self.member.id, "date_to": "2999-01-01"})
        with self.assertRaises(AccessError):
            delegation.write({"user_id": self.director.id, "delegate_id": self.salesperson.id})
        with self.assertRaises(AccessError):
            own.with_context(default_user_id=self.director.id).create(
                {"delegate_id": self.salesperson.id, "date_to": "2999-01-01"}
            )

    def test_whoever_stands_in_gives_nothing_on(self):
        self.env["sales.approval.delegation"].create(
            {"user_id": self.director.id, "delegate_id": self.controller.id, "date_to": "2999-01-01"}
        )
        order = self._create_quotation()
        order.order_line.discount = 20.0
        order.action_request_approval()
        friend = self._create_approver("friend")
        with self.assertRaises(UserError):
            self._get_request(order).with_user(self.controller).action_delegate(friend.id)
        self._get_request(order).with_user(self.director).action_delegate(friend.id)
        other = self._create_approver("other")
        with self.assertRaises(UserError):
            self._get_request(order).with_user(friend).action_delegate(other.id)

    # === Requests === #

    def test_what_was_measured_is_read_by_nobody(self):
        order = self._create_quotation()
        order.order_line.discount = 20.0
        order.action_request_approval()
        for user in (self.salesperson, self.director, self.manager):
            with self.assertRaises(AccessError):
                self._get_request(order).with_user(user).read(["measures"])

    def test_prices_of_others_are_not_shown_by_the_dialog(self):
        order = self._create_quotation()
        order.order_line.discount = 20.0
        order.action_request_approval()
        values = {"mode": "approve", "request_ids": [Command.set(self._get_request(order).ids)]}
        answer = self.env["sales.approval.answer"].with_user(self.salesperson).create(values)
        line = answer.line_ids.create({"answer_id": answer.id, "order_line_ref": order.order_line.id})
        self.assertEqual((line.name, line.cost, line.asked_price), ("", 0.0, 0.0))

    def test_what_a_change_would_do_is_said_in_full(self):
        order = self._create_confirmed()
        term = self.env["account.payment.term"].create(
            {
                "name": "In a year",
                "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 365})],
            }
        )
        request = order._request_change(
            {"payment_term_id": term.id, "order_line": [[1, order.order_line.id, {"discount": 20.0}]]}, "Please"
        )
        self.assertIn("In a year", request.sudo().change_text)
