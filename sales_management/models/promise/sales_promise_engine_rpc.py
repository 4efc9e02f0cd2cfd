import math
from datetime import date as Day
from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.sales_management.tools.promise import PromiseRequest

#: More than anybody sells, and little enough to be exact.
MOST = 10**12


class SalesPromiseEngine(models.AbstractModel):
    """One question at a time, for other systems: the only method of the engine that they reach."""

    _inherit = "sales.promise.engine"

    # === Asking === #

    @api.model
    @api.readonly
    def promise(self, product_id, quantity, warehouse_id=None, date=None):
        """Say when so much of a product can be with a customer, all of it, without breaking a promise made to others.

        Nothing is held or recorded: to hold it, make a quotation and commit to the date.

        :param int product_id: variant
        :param float quantity: in the unit of the product
        :param int | None warehouse_id: where it leaves from, the user's own by default
        :param str | None date: before which the customer does not want it: a day of the warehouse (``2026-12-31``) or a
            moment (``2026-12-31T08:00:00``, in UTC where it names no offset)
        :return: ``date`` (ISO, in UTC; none where nobody knows), ``schedule`` (the parts: ``date``, ``qty``,
            ``source``, ``confidence``), ``confidence`` from ``a``, on hand, to ``e``, a lead time only, ``source`` in
            the language of the user, and ``fence``, from when on anything can be had
        :rtype: dict
        :raise AccessError: unless a salesperson or a stock user asks
        :raise UserError: when the question cannot be answered; says why
        """
        self._check_promise_right()
        product = self._get_asked_product(product_id)
        warehouse = self._get_asked_warehouse(warehouse_id)
        request = PromiseRequest(
            key="rpc",
            product=product.id,
            warehouse=warehouse.id,
            quantity=self._get_asked_quantity(product, quantity),
            requested=self._get_asked_moment(warehouse, date),
        )
        # sudo: a salesperson has no right on stock, and the answer says no more than a date, a number and a source.
        [result] = self.sudo().with_company(warehouse.company_id)._promise([request])
        return self._prepare_promise_answer(result)

    # === Hooks === #

    @api.model
    def _check_promise_right(self):
        """
        :raise AccessError: unless a salesperson or a stock user asks
        """
        user = self.env.user
        if not self.env.su and not (
            user.has_group("sales_team.group_sale_salesman") or user.has_group("stock.group_stock_user")
        ):
            raise AccessError(
                self.env._("Only salespeople and stock users may ask when goods can be delivered. Ask one of them.")
            )

    @api.model
    def _prepare_promise_answer(self, result):
        """
        :param PromiseResult result: answer of the engine
        :return: the same as JSON holds it
        :rtype: dict
        """
        return {
            "date": self._format_moment(result.date),
            "schedule": [
                {
                    "date": self._format_moment(step.date),
                    "qty": step.qty,
                    "source": self._format_source(step.source),
                    "confidence": step.confidence,
                }
                for step in result.steps
            ],
            "confidence": result.confidence,
            "source": self._format_source(result.source),
            "fence": self._format_moment(result.fence),
        }

    # === Arguments === #

    @api.model
    def _get_asked_product(self, product_id):
        self._check_id(product_id, "product_id")
        product = self.env["product.product"].with_context(active_test=False).search([("id", "=", product_id)])
        if not product:
            raise UserError(
                self.env._(
                    "There is no product %(id)s in your companies. Give the id of a product variant (product.product).",
                    id=product_id,
                )
            )
        if not product.active:
            raise UserError(
                self.env._("%(product)s is archived. Ask for another one, or restore it.", product=product.display_name)
            )
        return product

    @api.model
    def _get_asked_warehouse(self, warehouse_id):
        if warehouse_id is None or warehouse_id is False:
            warehouse = self.env.user._get_default_warehouse_id()
            if not warehouse:
                raise UserError(
                    self.env._("%(company)s has no warehouse. Give one.", company=self.env.company.display_name)
                )
            return warehouse
        self._check_id(warehouse_id, "warehouse_id")
        # sudo: a salesperson need not see warehouses, but whoever asks for one of another company hears that.
        warehouse = self.env["stock.warehouse"].sudo().search([("id", "=", warehouse_id)])
        if not warehouse or warehouse.company_id not in self.env.companies:
            raise UserError(
                self.env._(
                    "There is no warehouse %(id)s in your companies. Leave it out for your own, or give another one.",
                    id=warehouse_id,
                )
            )
        return warehouse

    @api.model
    def _get_asked_quantity(self, product, quantity):
        is_number = isinstance(quantity, (int, float)) and not isinstance(quantity, bool) and math.isfinite(quantity)
        if not is_number or quantity > MOST or product.uom_id.compare(quantity, 0) <= 0:
            raise UserError(
                self.env._(
                    "“%(quantity)s” is no quantity that can be delivered. Give a number above 0 and up to %(most)s, "
                    "in %(unit)s.",
                    quantity=quantity,
                    most=f"{MOST:,}",
                    unit=product.uom_id.name,
                )
            )
        return product.uom_id.round(quantity)

    @api.model
    def _get_asked_moment(self, warehouse, date):
        if date is None or date is False or date == "":
            return None
        zone = pytz.timezone(self.sudo()._get_warehouse_zone(warehouse.sudo()))  # sudo: that of an address
        asked = self._parse_moment(date)
        if isinstance(asked, datetime):
            moment = asked.astimezone(pytz.utc).replace(tzinfo=None) if asked.tzinfo else asked
            day = pytz.utc.localize(moment).astimezone(zone).date()
        else:
            day = asked
            moment = zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
        if day < pytz.utc.localize(fields.Datetime.now()).astimezone(zone).date():
            raise UserError(
                self.env._("%(date)s is past. Give today or a later day, or leave the date out.", date=date)
            )
        return moment

    @api.model
    def _parse_moment(self, date):
        """:return: a day, or a moment with or without an offset"""
        if isinstance(date, Day):
            return date
        try:
            text = date.strip()
            parsed = Day.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text.replace("Z", "+00:00"))
        except (AttributeError, ValueError):
            parsed = None
        # Beyond, neither zones nor the ORM count.
        if parsed and 1970 <= parsed.year <= 9000:
            return parsed
        raise UserError(
            self.env._(
                "“%(date)s” is no date. Write it as 2026-12-31, or with a time in UTC as 2026-12-31T08:00:00.",
                date=date,
            )
        )

    @api.model
    def _check_id(self, record_id, name):
        # The database refuses larger ones by an error of its own.
        if not isinstance(record_id, int) or isinstance(record_id, bool) or not 0 < record_id < 2**31:
            raise UserError(
                self.env._("“%(value)s” is no id. Give a whole number as %(name)s.", value=record_id, name=name)
            )

    # === Tools === #

    @api.model
    def _format_moment(self, moment):
        return moment.isoformat() if moment else None

    # === Deleted records === #

    @api.model
    def _drop_deleted(self, requests, terms):
        """:return: requests whose product and warehouse exist; no query for those of documents"""
        free = [request for request in requests if request.key not in terms]
        if not free:
            return requests
        products = set(self.env["product.product"].browse({request.product for request in free}).exists().ids)
        warehouses = set(self.env["stock.warehouse"].browse({request.warehouse for request in free}).exists().ids)
        gone = {
            request.key for request in free if request.product not in products or request.warehouse not in warehouses
        }
        return [request for request in requests if request.key not in gone]
