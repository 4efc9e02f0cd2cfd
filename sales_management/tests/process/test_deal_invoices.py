from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.sales_management.tests.common import DealDocumentCommon
from odoo.addons.sales_management.tools.deal_number import join_numbers


@tagged("post_install", "-at_install", "process")
class TestDealInvoices(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deals = cls._create_deals(3)
        cls.deal = cls.deals[0]

    def _create_opening_invoice(self, user=None, **values):
        return (
            self.env["account.move"]
            .with_user(user or self.finance)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_date": "2026-01-15",
                    "invoice_line_ids": [Command.create({"name": "Opening balance", "price_unit": 100.0})],
                    **values,
                }
            )
        )

    # === From order lines === #

    def test_invoice_carries_the_number(self):
        invoice = self._confirm_order(self.deal)._create_invoices()
        self.assertEqual(invoice.deal_ids, self.deal)
        self.assertEqual(invoice.deal_numbers, self.deal.deal_number)

    def test_invoice_of_several_orders_carries_all_numbers(self):
        orders = self.env["sale.order"].union(*(self._confirm_order(deal) for deal in self.deals))
        invoice = (orders | self._confirm_order(self.deal))._create_invoices()
        self.assertEqual(len(invoice), 1)
        self.assertEqual(invoice.deal_ids, self.deals)
        self.assertEqual(invoice.deal_numbers, ", ".join(sorted(self.deals.mapped("deal_number"))))

    def test_down_payment_and_final_invoice_carry_the_number(self):
        order = self._confirm_order(self.deal)
        invoices = self.env["account.move"]
        for values in ({"advance_payment_method": "percentage", "amount": 30}, {"advance_payment_method": "delivered"}):
            wizard = self.env["sale.advance.payment.inv"].with_context(active_model="sale.order", active_ids=order.ids)
            invoice = wizard.create(values)._create_invoices(order)
            invoice.action_post()
            invoices |= invoice
        self.assertEqual(len(invoices), 2)
        self.assertEqual(invoices.mapped("deal_numbers"), [self.deal.deal_number] * 2)

    def test_refund_carries_the_number(self):
        invoice = self._confirm_order(self.deal)._create_invoices()
        invoice.action_post()
        refund = self._refund(invoice)
        self.assertEqual(refund.move_type, "out_refund")
        self.assertEqual(refund.deal_numbers, self.deal.deal_number)

    def test_invoice_of_a_lost_deal_keeps_the_number(self):
        invoice = self._confirm_order(self.deal)._create_invoices()
        self.deal.action_set_lost()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(invoice.deal_ids, self.deal)
        invoice.invoice_line_ids[0].name = "Touched"
        self.assertEqual(invoice.deal_numbers, self.deal.deal_number)

    def test_posted_invoice_follows_its_order(self):
        order = self._confirm_order(self.deal)
        invoice = order._create_invoices()
        invoice.action_post()
        order.opportunity_id = self.deals[1]
        self.assertEqual(invoice.deal_numbers, self.deals[1].deal_number)

    def test_deals_of_an_invoice_with_order_lines_are_not_chosen_by_hand(self):
        invoice = self._confirm_order(self.deal)._create_invoices()
        with self.assertRaisesRegex(ValidationError, invoice.invoice_origin):
            invoice.with_user(self.finance).deal_numbers = self.deals[1].deal_number
        with self.assertRaisesRegex(ValidationError, invoice.invoice_origin):
            invoice.deal_ids = self.deals[1]

    # === By hand === #

    def test_finance_names_the_deal_of_an_opening_balance(self):
        invoice = self._create_opening_invoice(deal_numbers=self.deal.deal_number)
        self.assertEqual(invoice.sudo().deal_ids, self.deal)
        invoice.deal_numbers = f"{self.deals[2].deal_number}，{self.deals[1].deal_number}"
        self.assertEqual(invoice.sudo().deal_ids, self.deals[1:])
        self.assertEqual(invoice.deal_numbers, ", ".join(self.deals[1:].mapped("deal_number")))
        invoice.deal_numbers = False
        self.assertFalse(invoice.sudo().deal_ids)

    def test_finance_names_the_deal_in_the_form(self):
        form = Form(self.env["account.move"].with_user(self.finance).with_context(default_move_type="out_invoice"))
        form.partner_id = self.customer
        form.deal_numbers = self.deal.deal_number
        with form.invoice_line_ids.new() as line:
            line.name = "Opening balance"
            line.price_unit = 5
        invoice = form.save()
        self.assertEqual(invoice.deal_numbers, self.deal.deal_number)
        with Form(invoice) as form:
            form.ref = "Changed"
        self.assertEqual(invoice.sudo().deal_ids, self.deal)

    def test_finance_has_no_rights_on_deals(self):
        invoice = self._create_opening_invoice(deal_numbers=self.deal.deal_number)
        with self.assertRaises(AccessError):
            _deals = invoice.with_user(self.finance).deal_ids
        with self.assertRaises(AccessError):
            self.deal.with_user(self.finance).read(["name"])
        found = self.env["account.move"].with_user(self.finance).search([("deal_numbers", "=", self.deal.deal_number)])
        self.assertEqual(found, invoice)

    def test_unknown_numbers_are_named_all_at_once(self):
        with self.assertRaisesRegex(ValidationError, "(?s)D1900-1.*D1900-2"):
            self._create_opening_invoice(deal_numbers="D1900-1, D1900-2")

    def test_former_number_finds_the_merged_deal(self):
        merged = self.deals[:2].merge_opportunity()
        invoice = self._create_opening_invoice(deal_numbers=merged.former_deal_numbers)
        self.assertEqual(invoice.deal_numbers, merged.deal_number)

    def test_deals_by_hand_stay_when_lines_change(self):
        invoice = self._create_opening_invoice(deal_numbers=self.deal.deal_number)
        invoice.write({"invoice_line_ids": [Command.create({"name": "More", "price_unit": 1.0})]})
        invoice.action_post()
        self.env.invalidate_all()
        self.assertEqual(invoice.deal_numbers, self.deal.deal_number)

    def test_refund_of_an_opening_balance_names_the_same_deal(self):
        invoice = self._create_opening_invoice(deal_numbers=self.deal.deal_number)
        invoice.action_post()
        self.assertEqual(self._refund(invoice).deal_numbers, self.deal.deal_number)

    def test_copy_names_no_deal(self):
        invoice = self._create_opening_invoice(deal_numbers=self.deal.deal_number)
        self.assertFalse(invoice.copy().deal_numbers)

    def test_bill_has_no_deal(self):
        bill = self.env["account.move"].create({"move_type": "in_invoice", "partner_id": self.customer.id})
        with self.assertRaisesRegex(ValidationError, "no customer invoice"):
            bill.deal_numbers = self.deal.deal_number

    def test_deal_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        partner = self.env["res.partner"].create({"name": "Local", "company_id": other.id})
        deal = self._create_deals(user_id=False, team_id=False, company_id=other.id, partner_id=partner.id)
        with self.assertRaisesRegex(ValidationError, "Other"):
            self._create_opening_invoice(deal_numbers=deal.deal_number)

    def test_deal_of_the_parent_company_is_taken(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.env.company.id})
        deal = self._create_deals(company_id=self.env.company.id)
        invoice = self.env["account.move"].new({"move_type": "out_invoice", "company_id": branch.id})
        self.assertEqual(invoice._get_deal_problems(deal), [])

    def test_deal_that_moved_on_keeps_its_invoices(self):
        deal = self._create_deals(company_id=self.env.company.id)
        invoice = self._create_opening_invoice(deal_numbers=deal.deal_number)
        other = self.env["res.company"].create({"name": "Other"})
        deal.write({"user_id": False, "team_id": False, "company_id": other.id})
        invoice.deal_numbers = f"{deal.deal_number}, {self.deal.deal_number}"
        invoice.action_post()
        self.assertEqual(self._refund(invoice).deal_numbers, invoice.deal_numbers)

    def test_writer_who_sees_some_deals_loses_none(self):
        """What a person's rules hide stays on the invoice, in the relation and in the numbers."""
        clerk = new_test_user(
            self.env, "sm_clerk", "sales_team.group_sale_salesman,account.group_account_invoice", name="Clerk"
        )
        own, added = self._create_deals(2, user_id=clerk.id)
        invoice = self._create_opening_invoice(deal_numbers=f"{self.deal.deal_number}, {own.deal_number}").sudo()
        invoice.invoice_user_id = clerk
        mine = invoice.with_user(clerk)
        self.env.invalidate_all()
        self.assertEqual(mine.deal_ids, own)
        mine.write({"deal_ids": [Command.link(added.id)]})
        numbers = join_numbers((self.deal | own | added).mapped("deal_number"))
        self.assertEqual(invoice.deal_numbers, numbers)
        self.assertEqual(mine.deal_ids, own | added)
        self.env.invalidate_all()
        self.assertEqual(invoice.deal_ids, self.deal | own | added)
        mine.deal_numbers = self.deal.deal_number
        self.env.invalidate_all()
        self.assertEqual(invoice.deal_ids, self.deal)

    def test_deleted_deal_leaves_its_invoices(self):
        invoice = self._create_opening_invoice(deal_numbers=self.deal.deal_number)
        self.deal.unlink()
        self.assertFalse(invoice.deal_numbers)

    def _refund(self, invoice):
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.finance)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        return self.env["account.move"].browse(wizard.refund_moves()["res_id"])
