from odoo.addons.sales_management.tests.common import DealDocumentCommon
from odoo.addons.sales_management.tools.promise import PromiseRequest, PromiseTerms


class LeadCommon(DealDocumentCommon):
    """A warehouse that works on every day, and goods that it keeps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.write({"sales_promise_enabled": True, "resource_calendar_id": False, "security_lead": 0})
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.engine = cls.env["sales.promise.engine"].sudo()
        cls.nut = cls._make_product("Nut")

    @classmethod
    def _make_product(cls, name, **values):
        return cls.env["product.product"].create({"name": name, "type": "consu", "is_storable": True, **values})

    def _request(self, product, quantity=1, key=None, warehouse=None):
        return PromiseRequest(key or product.id, product.id, (warehouse or self.warehouse).id, quantity)

    def _get_days(self, product, quantity=1, routes=()):
        """Days from today until any quantity can be had, none where nobody knows."""
        request = self._request(product, quantity)
        lead = self.engine._get_leads([request], {request.key: PromiseTerms(routes=tuple(routes))})[request.key]
        return None if lead.day is None else lead.day - self._get_chain().now_day

    def _is_to_order(self, product, routes=()):
        request = self._request(product)
        ware = self.engine._prepare_ware(request, {request.key: PromiseTerms(routes=tuple(routes))})
        return self.engine._filter_to_order({ware}) == {ware}

    def _get_chain(self, warehouse=None):
        warehouse = warehouse or self.warehouse
        return self.engine._get_chains([warehouse.id])[warehouse.id]

    def _put(self, product, quantity, warehouse=None):
        location = (warehouse or self.warehouse).lot_stock_id
        self.env["stock.quant"]._update_available_quantity(product, location, quantity)
