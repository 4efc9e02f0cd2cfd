from odoo.tests import tagged

from odoo.addons.sales_management.tests.common import DealDocumentCommon


@tagged("post_install", "-at_install", "process")
class TestDealMerge(DealDocumentCommon):
    def test_numbers_of_merged_deals_stay_findable(self):
        deals = self._create_deals(3)
        numbers = deals.mapped("deal_number")
        merged = deals.with_user(self.manager).merge_opportunity()
        self.assertIn(merged.deal_number, numbers)
        formerly = sorted(set(numbers) - {merged.deal_number})
        self.assertEqual(merged.former_deal_numbers, ", ".join(formerly))
        for number in numbers:
            found = self.env["crm.lead"].name_search(number)
            self.assertEqual([record_id for record_id, _name in found], merged.ids)

    def test_merging_again_keeps_the_older_numbers(self):
        deals = self._create_deals(3)
        numbers = set(deals.mapped("deal_number"))
        once = deals[:2].merge_opportunity()
        twice = (once | deals[2]).merge_opportunity()
        self.assertEqual({twice.deal_number, *twice.former_deal_numbers.split(", ")}, numbers)

    def test_merging_leads_makes_no_number(self):
        merged = self._create_deals(2, type="lead").merge_opportunity()
        self.assertFalse(merged.deal_number)
        self.assertFalse(merged.former_deal_numbers)

    def test_merging_a_lead_with_a_deal_keeps_the_number(self):
        deal = self._create_deals()
        number = deal.deal_number
        merged = (self._create_deals(type="lead") | deal).merge_opportunity()
        self.assertEqual(merged.deal_number, number)
        self.assertFalse(merged.former_deal_numbers)

    def test_salesperson_may_merge(self):
        deals = self._create_deals(2).with_user(self.salesperson)
        merged = deals.merge_opportunity()
        self.assertTrue(merged.former_deal_numbers)

    def test_documents_follow_the_merged_deal(self):
        deals = self._create_deals(2)
        orders = self.env["sale.order"].union(*(self._confirm_order(deal) for deal in deals))
        invoices = orders._create_invoices()
        opening = self.env["account.move"].union(*(self._create_opening_invoice(deal) for deal in deals))
        merged = deals.merge_opportunity()
        for documents, field in ((orders, "deal_number"), (orders.picking_ids, "deal_number")):
            self.assertEqual(set(documents.mapped(field)), {merged.deal_number})
        for documents in (invoices, opening):
            self.assertEqual(set(documents.mapped("deal_numbers")), {merged.deal_number})
            self.assertEqual(documents.deal_ids, merged)

    def test_merging_over_companies_takes_hand_named_invoices_along(self):
        other = self.env["res.company"].create({"name": "Other"})
        deal, foreign = self._create_deals(2, user_id=False, team_id=False)
        deal.company_id = self.env.company
        foreign.write({"company_id": other.id, "probability": 90})
        invoice = self._create_opening_invoice(deal)
        merged = (foreign | deal).merge_opportunity()
        self.assertEqual(merged, foreign)
        self.assertEqual(invoice.deal_numbers, merged.deal_number)

    def test_salesperson_merges_deals_of_invoices_that_are_hidden(self):
        deals = self._create_deals(2)
        invoices = self.env["account.move"].union(*(self._create_opening_invoice(deal) for deal in deals))
        invoices.invoice_user_id = self.manager
        merged = deals.with_user(self.salesperson).merge_opportunity()
        self.assertEqual(set(invoices.mapped("deal_numbers")), {merged.deal_number})

    def test_former_number_finds_the_documents(self):
        deals = self._create_deals(2)
        orders = self.env["sale.order"].union(*(self._confirm_order(deal) for deal in deals))
        invoice = orders._create_invoices()
        merged = deals.merge_opportunity()
        for documents in (orders, orders.picking_ids, invoice):
            found = documents.search(
                [("any_deal_number", "ilike", merged.former_deal_numbers), ("id", "in", documents.ids)]
            )
            self.assertEqual(found, documents)

    def _create_opening_invoice(self, deal):
        return self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.customer.id, "deal_numbers": deal.deal_number}
        )
