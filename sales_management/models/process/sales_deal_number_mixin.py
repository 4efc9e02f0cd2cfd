from odoo import fields, models
from odoo.fields import Domain

#: A text that stands in more former numbers than this is no number yet, but the beginning of many.
MOST_DEALS = 20


class SalesDealNumberMixin(models.AbstractModel):
    """Finds documents by any number that their deals have or had."""

    _name = "sales.deal.number.mixin"
    _description = "Deal Number Mixin"

    #: Field of the document that holds the present numbers.
    _deal_number_field = "deal_number"

    any_deal_number = fields.Char(
        string="Deal Number, Also Former",
        compute="_compute_any_deal_number",
        search="_search_any_deal_number",
        help="Number of the deal, or of one that was merged into it: a customer's paper may still carry the old one.",
    )

    def _compute_any_deal_number(self):
        for document in self:
            document.any_deal_number = document[self._deal_number_field]

    def _search_any_deal_number(self, operator, value):
        if operator != "ilike":
            return NotImplemented
        # sudo: that a number was merged into another is no secret, as the numbers themselves are none.
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        merged = leads.search_fetch([("former_deal_numbers", "ilike", value)], ["deal_number"], limit=MOST_DEALS)
        numbers = [value, *filter(None, merged.mapped("deal_number"))]
        return Domain.OR(Domain(self._deal_number_field, "ilike", number) for number in numbers)
