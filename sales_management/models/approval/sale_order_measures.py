from odoo import api, fields, models
from odoo.tools import html2plaintext

from odoo.addons.sales_management.tools.discount import get_discount, get_highest_line_discount, get_margin

#: What is read of lines: all of their columns would take three times as long.
LINE_COLUMNS = (
    "order_id",
    "company_id",
    "currency_id",
    "display_type",
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "price_unit",
    "discount",
    "price_subtotal",
    "purchase_price",
    "product_cost",
    "combo_item_id",
    "linked_line_id",
    "is_downpayment",
    "is_expense",
    "is_delivery",
    "qty_delivered",
)


class SaleOrder(models.Model):
    """What rules measure of quotations."""

    _inherit = "sale.order"

    def _get_approval_measures(self):
        """What rules measure, in a number of queries that does not grow with the quotations.

        To override: add to ``super()``'s what your conditions need; values that JSON can hold.

        :return: measures by name, per quotation
        :rtype: dict[sale.order, dict]
        """
        return self._get_measures()

    @api.model
    def _get_measure_methods(self):
        """Methods that measure quotations, and the names of what they measure. To override: add yours. They get a
        dictionary that keeps what one of them read for the others.

        :rtype: dict[str, tuple[str]]
        """
        return {
            "_measure_amount": ("amount",),
            "_measure_discount": ("discount", "line_discount"),
            "_measure_margin": ("margin", "line_margin"),
            "_measure_payment_days": ("payment_days",),
            "_measure_validity": ("validity_days",),
            "_measure_floor": ("floor_line_ids", "floor_count"),
            "_measure_categories": ("category_ids",),
            "_measure_overdue": ("overdue",),
            "_measure_promise": ("is_before_promise",),
            "_measure_terms": ("changed_terms",),
        }

    def _get_measures(self, names=None):
        """Some of what rules measure.

        :param set | None names: what is needed, none for all
        :rtype: dict[sale.order, dict]
        """
        result = {order: {} for order in self}
        # sudo: a rule measures the same, whoever asks.
        orders, memo = self.sudo(), {}
        for method, measured in self._get_measure_methods().items():
            if orders and (names is None or not names.isdisjoint(measured)):
                for order, values in getattr(orders, method)(memo).items():
                    result[order].update(values)
        return result

    # === Amounts === #

    def _measure_amount(self, memo):
        """Amount without tax in the currency of the company at the rate of the document; none where the currency has
        no rate at all, for core takes one for it then."""
        rated = self._get_rated_currencies()
        result = {}
        for order in self:
            company_currency = order.company_id.currency_id
            is_known = order.currency_id in rated | company_currency and order.currency_rate
            result[order] = {"amount": round(order.amount_untaxed / order.currency_rate, 4) if is_known else None}
        return result

    def _get_rated_currencies(self):
        """:return: currencies of these quotations that have a rate, where they differ from those of the companies"""
        foreign = self.filtered(lambda order: order.currency_id != order.company_id.currency_id)
        if not foreign:
            return self.env["res.currency"]
        domain = [
            ("currency_id", "in", foreign.currency_id.ids),
            ("company_id", "in", [False, *foreign.company_id.root_id.ids]),
        ]
        # sudo: rates are the same for everybody.
        groups = self.env["res.currency.rate"].sudo()._read_group(domain, ["currency_id"])
        return self.env["res.currency"].union(*(currency for (currency,) in groups))

    def _measure_discount(self, memo):
        result = {}
        for order, offered in self._get_offers(memo).items():
            found = offered.values()
            sold = [prices for quantity, prices in found if quantity]
            lines = [prices for _quantity, prices in found]
            # What takes something off as often as somebody adds or delivers it takes off all.
            is_open = any(prices.net < 0 for quantity, prices in found if not quantity)
            highest = 100.0 if is_open else get_highest_line_discount(lines)
            result[order] = {"discount": get_discount(sold), "line_discount": highest}
        return result

    def _get_offers(self, memo):
        """:return: quantity and prices of the lines of these quotations, as :meth:`_get_offered_lines` gives them
        :rtype: dict[sale.order, dict]
        """
        if "offers" not in memo:
            measured = self._get_measured_lines(memo)
            lines = self.env["sale.order.line"].union(*measured.values())
            offered = lines._price_offered_lines() if lines else {}
            memo["offers"] = {order: {line: offered[line] for line in measured[order]} for order in self}
        return memo["offers"]

    def _get_price_terms(self, book):
        """:return: what list prices of this quotation depend on, beside the lines"""
        return (
            self.company_id.id,
            self.pricelist_id._ids,
            self.currency_id.id,
            self.fiscal_position_id.id,
            self._get_price_moment() if book.is_dated else None,
        )

    def _get_price_moment(self):
        """:return: moment whose list prices hold: the date of this quotation, which anybody may write, but none before
            it was there, and none to come
        """
        now = fields.Datetime.now()
        return min(max(self.date_order or now, self.create_date or self.date_order or now), now)

    def _get_measured_lines(self, memo):
        """Lines that are offered, read at once where they have not been yet.

        :rtype: dict[sale.order, sale.order.line]
        """
        if "lines" in memo:
            return memo["lines"]
        Line = self.env["sale.order.line"]
        missing = self.filtered(lambda order: order.id and "order_line" not in order._cache)
        if missing:
            columns = [name for name in LINE_COLUMNS if name in Line._fields]
            # In the order of each quotation; that of core's joins them, which is slow where the planner knows neither.
            rows = Line.search_fetch([("order_id", "in", missing.ids)], columns, order="sequence, id")
            found = rows.grouped("order_id")
            lines = [found.get(order, Line)._ids for order in missing]
            missing._fields["order_line"]._insert_cache(missing, lines)
        memo["lines"] = {order: order.order_line._filter_offered() for order in self}
        return memo["lines"]

    def _measure_margin(self, memo):
        result = {}
        measured = self._get_measured_lines(memo)
        for order in self:
            lines = measured[order]
            margins = [
                get_margin(net, line._get_measured_cost() * quantity)
                for line in lines
                for quantity, net in [line._get_net_amount()]
                if net >= 0
            ]
            typed = sum((line._get_measured_cost() - line.purchase_price) * line.product_uom_qty for line in lines)
            cost = order.amount_untaxed - order.margin + typed
            result[order] = {
                "margin": get_margin(order.amount_untaxed, cost),
                "line_margin": min(margins, default=None),
            }
        return result

    # === Terms === #

    def _get_order_days(self):
        """:return: date of each of these quotations in the time zone of its company
        :rtype: dict[sale.order, date]
        """
        result = {}
        for company, orders in self.grouped("company_id").items():
            zoned = self.with_context(tz=company._get_sales_zone().zone)
            for order in orders:
                # One to come would make every validity short.
                moment = min(order.date_order or fields.Datetime.now(), fields.Datetime.now())
                result[order] = fields.Datetime.context_timestamp(zoned, moment).date()
        return result

    def _measure_payment_days(self, memo):
        """Days until the last part is due when the invoice is made on the date of the quotation."""
        days = self._get_order_days()
        known = {}
        parts = self.env["account.payment.term.line"].search_fetch(
            [("payment_id", "in", self.payment_term_id.ids)],
            ["payment_id", "nb_days", "delay_type", "days_next_month"],
        )
        for order in self:
            key = (order.payment_term_id, days[order])
            if key not in known:
                own = parts.filtered(lambda part, term=order.payment_term_id: part.payment_id == term)
                due = [part._get_due_date(days[order]) for part in own]
                known[key] = max(((date - days[order]).days for date in due), default=0)
        return {order: {"payment_days": known[order.payment_term_id, days[order]]} for order in self}

    def _measure_validity(self, memo):
        """Days that it is valid for; none when it has no end."""
        days = self._get_order_days()
        return {
            order: {"validity_days": (order.validity_date - days[order]).days if order.validity_date else None}
            for order in self
        }

    def _measure_terms(self, memo):
        """Names of the terms that are others than those that a new quotation for this customer gets."""
        known = {}
        result = {}
        for order in self:
            key = (order.company_id, order.partner_id, order.sale_order_template_id)
            if key not in known:
                known[key] = order._get_usual_terms()
            usual = known[key]
            result[order] = {
                "changed_terms": [name for name, term in order._get_terms().items() if usual.get(name, term) != term]
            }
        return result

    def _get_terms(self):
        """Terms by the name of their field, as values that can be compared."""
        terms = {
            "payment_term_id": self.payment_term_id.id,
            # Discounts are measured against it, so that another one is a discount that they do not show.
            "pricelist_id": self.pricelist_id.id,
            "note": html2plaintext(self.note or "").split(),
        }
        if "incoterm" in self._fields:
            terms["incoterm"] = self.incoterm.id
        return terms

    def _get_usual_terms(self):
        """Terms that core proposes for a new quotation of the same customer, company and template."""
        order = self.with_company(self.company_id)
        new = order.new(
            {
                "company_id": order.company_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_template_id": order.sale_order_template_id.id,
            }
        )
        terms = new._get_terms()
        terms["payment_term_id"] = order.partner_id.property_payment_term_id.id
        if "incoterm" in terms:
            terms["incoterm"] = order.company_id.incoterm_id.id
        return terms

    # === Customer === #

    def _measure_overdue(self, memo):
        """What the customer owes this company from posted invoices past their due date, in its currency; of invoices
        that are due in parts, the parts that are."""
        Policy = self.env["sales.policy"]
        domain = fields.Domain.OR(
            fields.Domain("company_id", "=", company.id)
            & fields.Domain("date_maturity", "<", Policy._get_today(company.id))
            & fields.Domain("partner_id", "in", orders.partner_id.commercial_partner_id.ids)
            for company, orders in self.grouped("company_id").items()
        )
        domain &= fields.Domain("parent_state", "=", "posted") & fields.Domain("reconciled", "=", False)
        domain &= fields.Domain("account_type", "=", "asset_receivable") & fields.Domain("amount_residual", ">", 0)
        domain &= fields.Domain("move_id.move_type", "in", ("out_invoice", "out_receipt"))
        groups = self.env["account.move.line"]._read_group(
            domain, ["company_id", "partner_id"], ["amount_residual:sum"]
        )
        owed = {(company, partner): amount for company, partner, amount in groups}
        return {
            order: {"overdue": owed.get((order.company_id, order.partner_id.commercial_partner_id), 0.0)}
            for order in self
        }

    # === Products === #

    def _measure_categories(self, memo):
        """Categories of the products, and those above them."""
        result = {}
        for order, lines in self._get_measured_lines(memo).items():
            paths = lines.product_id.categ_id.mapped("parent_path")
            ids = {int(part) for path in paths for part in (path or "").split("/") if part}
            result[order] = {"category_ids": sorted(ids)}
        return result

    def _measure_promise(self, memo):
        early = self._get_orders_before_promise()
        return {order: {"is_before_promise": order in early} for order in self}

    def _get_orders_before_promise(self):
        """Quotations whose delivery date is earlier than the earliest that can be promised.

        To override: add those that your capability knows of, in a number of queries that does not grow with them. Until
        one does, there are none.

        :rtype: sale.order
        """
        return self.browse()
