from odoo import api, fields, models

from odoo.addons.sales_management.tools.price_book import PriceBook


class ResCurrency(models.Model):
    """Rates that are read once for many documents."""

    _inherit = "res.currency"

    @api.model
    def _get_conversion_rate(self, from_currency, to_currency, company=None, date=None):
        """Take the rates from the price book at hand, which no client can put into a context: it is no JSON."""
        book = from_currency.env.context.get("sales_price_book")
        if isinstance(book, PriceBook) and from_currency != to_currency:
            root = (company or self.env.company).root_id
            day = fields.Date.to_date(date) or fields.Date.context_today(self)
            rates = [book.get_rate(currency.id, root.id, day) for currency in (from_currency, to_currency)]
            return rates[1] / rates[0]
        return super()._get_conversion_rate(from_currency, to_currency, company, date)

    @api.model
    def _get_rate_history(self, currencies, companies):
        """Rates of currencies as companies know them, in one query.

        :return: by currency and main company, the dates from which rates hold, ascending, and the rates; currencies
            without a rate are left out
        :rtype: dict[tuple[int, int], tuple[list, list]]
        """
        # sudo: rates are the same for everybody.
        rates = (
            self.env["res.currency.rate"]
            .sudo()
            .search_fetch(
                [("currency_id", "in", currencies.ids), ("company_id", "in", [False, *companies.root_id.ids])],
                ["currency_id", "company_id", "name", "rate"],
                order="name, id",
            )
        )
        history = {}
        for root in companies.root_id:
            for currency in currencies:
                known = rates.filtered(lambda rate, currency=currency: rate.currency_id == currency)
                # As core does: rates of the company come before those of all.
                known = known.filtered(lambda rate, root=root: rate.company_id == root) or known.filtered(
                    lambda rate: not rate.company_id
                )
                if known:
                    history[currency.id, root.id] = (known.mapped("name"), known.mapped("rate"))
        return history
