from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.sales_management.tests.quotation.test_quotation_deal import QuotationDealCommon


@tagged("post_install", "-at_install", "quotation")
class TestLastPrice(QuotationDealCommon):
    """What a customer was offered for a product before, and what became of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.foreign = cls.env["res.currency"].create(
            {"name": "XXT", "symbol": "T", "rate_ids": [Command.create({"rate": 2.0, "name": "2000-01-01"})]}
        )
        cls.pricelist = cls.env["product.pricelist"].create({"name": "Foreign", "currency_id": cls.foreign.id})

    def _offer(self, price, state="sent", age=0, line=None, **values):
        """A document of some age in months, with one line."""
        values = {"user_id": self.salesperson.id, "team_id": self.team.id, **values}
        order = self._create_order(
            order_line=[
                Command.create(
                    {
                        "product_id": self.bolt.id,
                        "product_uom_qty": 5,
                        "price_unit": price,
                        "tax_ids": [],
                        **(line or {}),
                    }
                )
            ],
            **values,
        )
        if state == "sale":
            order.action_confirm()
        elif state != "draft":
            order.state = state
        order.date_order = fields.Datetime.now() - relativedelta(
            months=age, minutes=len(self.env["sale.order"].search([]))
        )
        return order

    def _ask(self, user=None, product=None, unit=None, **values):
        orders = self.env["sale.order"].with_user(user or self.salesperson)
        values = {"partner_id": self.customer.id, **values}
        [answer] = orders.get_last_prices(products=[[(product or self.bolt).id, (unit or self.unit).id]], **values)
        return answer

    def _get_prices(self, **values):
        return [(found["price"], found["outcome"]) for found in self._ask(**values)["last"]]

    def test_last_three_and_lowest(self):
        self._offer(6.0, "sale", age=14)
        self._offer(7.0, "sale", age=11)
        self._offer(9.0, "cancel", age=3)
        self._offer(8.0, "sale", age=2)
        self._offer(5.0, "sent", age=1)
        self._offer(1.0, "draft")
        answer = self._ask()
        self.assertEqual(
            [(found["price"], found["outcome"], found["quantity"]) for found in answer["last"]],
            [(5.0, "open", 5), (8.0, "won", 5), (9.0, "lost", 5)],
        )
        self.assertEqual(answer["lowest"]["price"], 7.0)
        self.assertRegex(answer["text"], r"^Last: 5\.00 open .* · 8\.00 won .* · 9\.00 lost .* 7\.00 \(excl\. tax\)$")

    def test_what_counts_as_lost(self):
        deal = self._create_deals(partner_id=self.customer.id)
        self._offer(3.0, opportunity_id=deal.id, age=3)
        deal.action_set_lost()
        self._offer(4.0, validity_date=fields.Date.subtract(fields.Date.today(), days=1), age=2)
        self._offer(5.0, validity_date=fields.Date.today(), age=1)
        self.assertEqual(self._get_prices(), [(5.0, "open"), (4.0, "lost"), (3.0, "lost")])

    def test_net_price_without_taxes(self):
        tax = self.env["account.tax"].create(
            {
                "name": "VAT",
                "amount": 25,
                "price_include_override": "tax_included",
                "country_id": self.company.country_id.id,
            }
        )
        self._offer(12.5, line={"tax_ids": [Command.set(tax.ids)], "discount": 10})
        self.assertEqual(self._get_prices(), [(9.0, "open")])

    def test_all_contacts_of_the_customer_and_nobody_else(self):
        contact = self.env["res.partner"].create({"name": "Wang", "parent_id": self.customer.id})
        self._offer(3.0, partner_id=contact.id)
        self._offer(4.0, partner_id=self.partner_a.id)
        self.assertEqual(self._get_prices(), [(3.0, "open")])
        self.assertEqual(self._get_prices(partner_id=contact.id), [(3.0, "open")])

    def test_replaced_revisions_and_the_quotation_itself_are_left_out(self):
        old = self._offer(3.0, "cancel")
        old.sudo().is_current_revision = False
        current = self._offer(4.0)
        self.assertEqual(self._get_prices(order_id=current.id), [])
        self.assertEqual(self._get_prices(), [(4.0, "open")])

    # === Units and currencies === #

    def test_units_are_converted(self):
        self._offer(24.0, line={"product_uom_id": self.dozen.id})
        [found] = self._ask()["last"]
        self.assertEqual((found["price"], found["quantity"]), (2.0, 60))
        [found] = self._ask(unit=self.dozen)["last"]
        self.assertEqual((found["price"], found["quantity"]), (24.0, 5))
        self.assertFalse(self._ask(unit=self.env.ref("uom.product_uom_kgm"))["last"])

    def test_currencies_are_converted_and_marked(self):
        self._offer(10.0, "sale", pricelist_id=self.pricelist.id)
        answer = self._ask()
        self.assertEqual([(found["price"], found["is_converted"]) for found in answer["last"]], [(5.0, True)])
        self.assertIn("≈ 5.00", answer["text"])
        [found] = self._ask(currency_id=self.foreign.id)["last"]
        self.assertEqual((found["price"], found["is_converted"]), (10.0, False))

    # === Who sees what === #

    def test_by_role(self):
        self._offer(3.0, age=3)
        self._offer(4.0, user_id=self.member.id, age=2)
        self._offer(5.0, user_id=self.manager.id, team_id=self.other_team.id, age=1)
        self.assertEqual([price for price, _outcome in self._get_prices()], [3.0])
        self.assertEqual([price for price, _outcome in self._get_prices(user=self.member)], [4.0, 3.0])
        self.assertEqual([price for price, _outcome in self._get_prices(user=self.manager)], [5.0, 4.0, 3.0])
        for role in ("portal", "stock"):
            orders = self.env["sale.order"].with_user(self.users_by_role[role])
            self.assertEqual(orders.get_last_prices(self.customer.id, [[self.bolt.id, self.unit.id]]), [])

    def test_other_companies_prices_are_theirs(self):
        other = self.env["res.company"].create({"name": "Ningbo Nuts"})
        self._offer(3.0)
        self.manager.company_ids |= other
        orders = self.env["sale.order"].with_user(self.manager)
        products = [[self.bolt.id, self.unit.id]]
        here = orders.with_context(allowed_company_ids=self.company.ids)
        self.assertFalse(here.get_last_prices(self.customer.id, products, company_id=other.id))
        both = orders.with_context(allowed_company_ids=[self.company.id, other.id])
        [answer] = both.get_last_prices(self.customer.id, products, company_id=other.id)
        self.assertFalse(answer["last"])

    # === At the line === #

    def test_line_that_is_not_saved(self):
        self._offer(3.0, "sale")
        with Form(self.env["sale.order"].with_user(self.salesperson)) as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.product_id = self.bolt
                self.assertRegex(line.last_price_text, r"3\.00 won")

    def test_two_queries_for_two_hundred_lines(self):
        self._offer(3.0, "sale")
        products = self.env["product.product"].create([{"name": f"Part {number}"} for number in range(200)])
        order = self._create_order(
            user_id=self.salesperson.id,
            order_line=[Command.create({"product_id": product.id}) for product in products | self.bolt],
        ).with_user(self.salesperson)
        questions = [line._prepare_price_question() for line in order.order_line]
        order.order_line.mapped("last_price_text")
        self.env.flush_all()
        with self.assertQueryCount(2):
            answers = order._get_last_prices(questions)
        self.assertEqual(sum(bool(answer["last"]) for answer in answers.values()), 1)

    def test_switched_off_costs_nothing(self):
        self._offer(3.0, "sale")
        order = self._create_order()
        self.company.sales_quotation_enabled = False
        order.order_line.mapped("last_price_text")
        order.order_line.invalidate_recordset(["last_price_text"], flush=False)
        with self.assertQueryCount(0):
            self.assertFalse(order.order_line.last_price_text)
