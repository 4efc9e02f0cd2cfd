"""Quotations for products that need a certificate: warned about, stopped, and what asking costs."""

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.sales_management.exceptions import BlockedError
from odoo.addons.sales_management.tests.common import DealDocumentCommon
from odoo.addons.sales_management.tests.customer.dates_common import DatesMixin


@tagged("post_install", "-at_install", "customer")
class TestCertificateGate(DatesMixin, DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_customers()
        cls.customer = cls.weber
        top, cls.category = cls.env["product.category"].create([{"name": "Chilled"}, {"name": "Vaccines"}])
        cls.category.parent_id = top
        cls.vaccine = cls.env["product.product"].create({"name": "Vaccine", "categ_id": cls.category.id})
        cls.licence, cls.cold_chain = cls.env["sales.certificate.type"].create(
            [
                {"name": "Licence", "product_tmpl_ids": cls.bolt.product_tmpl_id.ids},
                {"name": "Cold chain", "categ_ids": top.ids},
            ]
        )

    def _set_levels(self, sending, confirmation, types=None):
        (types or self.licence | self.cold_chain).write({"sending_level": sending, "confirmation_level": confirmation})

    def _quote(self, products=None, **values):
        lines = [Command.create({"product_id": product.id}) for product in products or self.bolt | self.vaccine]
        return self._create_order(order_line=lines, user_id=self.salesperson.id, **values)

    def _certify(self, type_, partner=None, **values):
        return (
            self.env["sales.customer.certificate"]
            .sudo()
            .create({"partner_id": (partner or self.weber).id, "type_id": type_.id, **values})
        )

    # === Warning === #

    def test_form_says_what_is_missing_and_what_to_do(self):
        order = self._quote()
        licence, cold_chain = order.with_user(self.salesperson).certificate_warning.split("\n")
        self.assertEqual(
            licence, "Bolt: Weber GmbH needs a valid Licence, and none is on file. Ask the customer for it, and add it."
        )
        self.assertIn("Vaccine: Weber GmbH needs a valid Cold chain", cold_chain)
        self._certify(self.licence)
        self._certify(self.cold_chain, valid_to="2026-01-01")
        order.invalidate_recordset()
        self.assertIn("expired on 01/01/2026", order.certificate_warning)
        self.assertNotIn("Licence", order.certificate_warning)

    def test_form_warns_while_lines_are_typed(self):
        with Form(self.env["sale.order"].with_user(self.manager)) as form:
            form.partner_id = self.anna
            self.assertFalse(form.certificate_warning)
            with form.order_line.new() as line:
                line.product_id = self.vaccine
            self.assertIn("Cold chain", form.certificate_warning)

    def test_each_reason_has_its_words(self):
        order = self._quote(self.bolt)
        self.licence.needs_verification = True
        cases = (
            ({"valid_from": "2099-01-01", "verified_at": fields.Datetime.now()}, "begins on"),
            ({}, "was not verified"),
            ({"refused_at": fields.Datetime.now(), "number": "X9"}, "refused X9"),
        )
        for values, words in cases:
            with self.subTest(words), self.env.cr.savepoint():
                certificate = self._certify(self.licence, **values)
                order.invalidate_recordset()
                self.assertIn(words, order.certificate_warning)
                certificate.unlink()

    def test_only_warned_about_it_goes_on(self):
        self._set_levels("warn", "warn")
        order = self._quote()
        self.assertTrue(order.is_released)
        order.action_quotation_sent()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_nothing_is_said_twice(self):
        """Where the status line of the quotation tells it, the yellow line keeps to what that does not."""
        self._set_levels("warn", "warn", self.licence)
        self._set_levels("off", "block", self.cold_chain)
        self.env.company.sales_quotation_enabled = True
        order = self._quote()
        self.assertIn("Licence", order.release_line["warnings"][0])
        self.assertNotIn("Licence", order.certificate_warning)
        self.assertIn("Cold chain", order.certificate_warning)

    def test_many_products_are_counted(self):
        products = self.env["product.product"].create(
            [{"name": f"Vaccine {position}", "categ_id": self.category.id} for position in range(5)]
        )
        self.assertIn("Vaccine 2, and 2 more", self._quote(products).certificate_warning)

    # === Block === #

    def test_blocked_it_does_not_leave(self):
        self._set_levels("block", "off")
        order = self._quote().with_user(self.salesperson)
        self.assertIn("Licence", order.action_quotation_sent()["params"]["message"])
        self.assertEqual(order.state, "draft")
        for attempt in (lambda: order.write({"state": "sent"}), order.action_confirm, order._check_released):
            with self.subTest(attempt), self.assertRaises(BlockedError) as caught, self.env.cr.savepoint():
                attempt()
            self.assertIn("Licence", str(caught.exception), "All that is missing is said at once.")
            self.assertIn("Cold chain", str(caught.exception))
            self.assertEqual(caught.exception.args[1]["res_model"], "sales.customer.certificate")
        for type_ in self.licence | self.cold_chain:
            self._certify(type_, partner=self.anna)
        order.invalidate_recordset()
        order.action_quotation_sent()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_blocked_at_the_confirmation_it_may_be_sent(self):
        self._set_levels("off", "block")
        order = self._quote()
        order.action_quotation_sent()
        with self.assertRaises(BlockedError), self.env.cr.savepoint():
            order.action_confirm()
        with self.assertRaises(BlockedError), self.env.cr.savepoint():
            order.write({"state": "sale"})
        with self.assertRaises(BlockedError), self.env.cr.savepoint():
            self._quote(state="sale")

    def test_batch_is_refused_for_all_at_once(self):
        self._set_levels("off", "block")
        orders = self._quote() | self._quote(self.vaccine)
        with self.assertRaises(BlockedError) as caught:
            orders.action_confirm()
        for order in orders:
            self.assertIn(order.name, str(caught.exception))

    def test_customers_are_not_told_why(self):
        self._set_levels("block", "block")
        portal = self.users_by_role["portal"]
        portal.partner_id.parent_id = self.weber
        order = self._quote(partner_id=portal.partner_id.id)
        with self.assertRaises(BlockedError) as caught:
            order.with_user(portal)._check_released()
        self.assertNotIn("Licence", str(caught.exception))

    def test_order_stays_one(self):
        order = self._quote()
        order.action_confirm()
        self._set_levels("block", "block")
        self.assertTrue(order.is_released)

    def test_day_is_that_of_the_company(self):
        self._set_levels("block", "block", self.licence)
        self._certify(self.licence, valid_to="2026-03-04")
        order = self._quote(self.bolt)
        # Half past eleven at night in Berlin, and half past midnight.
        for moment, is_released in (("2026-03-04 22:30:00", True), ("2026-03-04 23:30:00", False)):
            with self.subTest(moment), freeze_time(moment):
                order.invalidate_recordset()
                self.assertEqual(order.is_released, is_released)
        self.env.company.partner_id.tz = "America/Los_Angeles"
        self.env.registry.clear_cache()
        with freeze_time("2026-03-04 23:30:00"):
            order.invalidate_recordset()
            self.assertTrue(order.is_released)

    def test_type_of_another_company_asks_nothing_here(self):
        company, _user = self._open_company("Shanghai", "Asia/Shanghai")
        (self.licence | self.cold_chain).company_id = company
        self._set_levels("block", "block")
        order = self._quote()
        self.assertFalse(order.certificate_warning)
        order._check_confirmable()

    def test_branch_is_asked_what_its_company_asks(self):
        self._set_levels("block", "block", self.licence)
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.env.company.id, "sales_customer_enabled": True}
        )
        self.licence.company_id = self.env.company
        order = self._quote(self.bolt)
        self.env.cr.execute("UPDATE sale_order SET company_id = %s WHERE id = %s", [branch.id, order.id])
        order.invalidate_recordset()
        with self.assertRaises(BlockedError):
            order._check_released()

    # === Costs === #

    def _count_queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        return self.env.cr.sql_log_count - before

    def test_asking_costs_the_same_for_many(self):
        costs = []
        # What is asked once for all is asked before.
        self._quote()._get_missing_certificates()
        for count in (1, 30):
            partners = self.env["res.partner"].create([{"name": f"Customer {index}"} for index in range(count)])
            orders = self.env["sale.order"].union(*(self._quote(partner_id=partner.id) for partner in partners))
            costs.append(self._count_queries(orders._get_missing_certificates))
        self.assertLessEqual(costs[1], costs[0])

    def test_nothing_is_asked_where_nobody_needs_any(self):
        order = self._quote()
        for change in ("types", "switch"):
            if change == "types":
                self._set_levels("off", "off")
            else:
                self._set_levels("block", "block")
                self.env.company.sales_customer_enabled = False
            self.env["sales.certificate.type"]._get_needs()
            self.env.flush_all()
            self.assertFalse(order._is_release_asked())
            with self.subTest(change), self.assertQueryCount(0):
                self.assertFalse(order._get_missing_certificates())
                order._check_confirmable()
