from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.sales_management.tools.promise import PromiseSource

from .sales_promise_engine_lead import Offer, Plan, Ware


class SalesPromiseEngine(models.AbstractModel):
    """What is made, and what is sold as a kit: by bills of materials, where there are any."""

    _inherit = "sales.promise.engine"

    # === Kits === #

    @api.model
    def _explode_kits(self, pairs):
        by_company, kits = defaultdict(set), {}
        warehouses = self.env["stock.warehouse"].browse({warehouse for _product, warehouse in pairs})
        for product, warehouse in pairs:
            by_company[warehouses.browse(warehouse).company_id].add((product, warehouse))
        for company, own in by_company.items():
            bills = self._get_kit_bills({product for product, _warehouse in own}, company)
            for product, warehouse in own if bills else ():
                components = self._explode_kit(product, bills)
                if components:
                    kits[product, warehouse] = components
        return kits

    @api.model
    def _has_kits(self):
        """Whether anything is sold as a kit, anywhere: most companies have none, and need not look at each product."""
        if "mrp.bom" not in self.env:
            return False
        self.env["mrp.bom"].flush_model(["active", "type"])
        return bool(self.env.execute_query(SQL("SELECT 1 FROM mrp_bom WHERE type = 'phantom' AND active LIMIT 1")))

    @api.model
    def _get_kit_bills(self, product_ids, company):
        """Bills of materials of kits, and of the kits in them, by product.

        :rtype: dict[int, mrp.bom]
        """
        bills, seen, level = {}, set(), self.env["product.product"].browse(product_ids)
        while level:
            seen.update(level.ids)
            found = self.env["mrp.bom"]._bom_find(level, company_id=company.id, bom_type="phantom")
            bills |= {product.id: bill for product, bill in found.items() if bill}
            components = self.env["mrp.bom"].union(*found.values()).bom_line_ids.product_id
            level = components.filtered(lambda product: product.id not in seen)
        return bills

    @api.model
    def _explode_kit(self, product_id, bills):
        """:return: component and quantity per unit; none for what is no kit, or for a kit of nothing"""
        if product_id not in bills:
            return []
        totals = defaultdict(float)

        def add(product, quantity, path):
            bill = bills.get(product.id)
            if not bill or product.id in path:
                # A kit that is part of itself can never be put together, and nobody knows when it comes.
                totals[product.id] += quantity
                return
            for component, needed in self._get_components(bill, product, quantity):
                add(component, needed, {*path, product.id})

        add(self.env["product.product"].browse(product_id), 1, set())
        return [(component, quantity) for component, quantity in totals.items() if quantity > 0]

    @api.model
    def _get_components(self, bill, product, quantity):
        """:return: what goes into so much of a product, in the units of the components
        :rtype: list[tuple[product.product, float]]
        """
        made = bill.product_uom_id._compute_quantity(bill.product_qty, product.uom_id, round=False)
        return [
            (
                line.product_id,
                line.product_uom_id._compute_quantity(line.product_qty, line.product_id.uom_id, round=False)
                * quantity
                / (made or 1),
            )
            for line in bill.bom_line_ids
            # Core reads the variant of each product by itself, also where no line is of a variant only.
            if not line.bom_product_template_attribute_value_ids or not line._skip_bom_line(product)
        ]

    # === Productions === #

    @api.model
    def _get_made(self, templates):
        """:return: ids of the products that some bill of materials makes"""
        if "mrp.bom" not in self.env:
            return set()
        rows = self.env["mrp.bom"]._read_group(
            [("product_tmpl_id", "in", templates.ids), ("type", "=", "normal")], ["product_tmpl_id"]
        )
        return {template.id for (template,) in rows}

    @api.model
    def _plan_productions(self, ways):
        """:param dict[Ware, Way] ways: of what is made
        :rtype: dict[Ware, Offer]
        """
        bills, parts = self._get_bills(ways), {}
        for ware in bills:
            product = self.env["product.product"].browse(ware.product)
            parts[ware] = self._get_components(bills[ware], product, 1)
        pairs = {(product.id, ware.warehouse) for ware, own in parts.items() for product, _quantity in own}
        kits, offers = self._get_kits(pairs) if pairs else {}, {}
        pairs |= {(part, pair[1]) for pair, own in kits.items() for part, _quantity in own}
        stockless = self._get_stockless(pairs) if pairs else set()
        for ware, bill in bills.items():
            takes = defaultdict(float)
            for product, quantity in parts[ware]:
                for part, factor in kits.get((product.id, ware.warehouse), [(product.id, 1)]):
                    takes[part] += quantity * factor
            plan = Plan(
                PromiseSource("make", bill.product_tmpl_id.display_name, id=bill.id),
                prepare=bill.days_to_prepare_mo,
                days=bill.produce_delay + ways[ware].days + ways[ware].prepare_days,
                pace="promise_production_days",
                takes=tuple(
                    (Ware(part, ware.warehouse), quantity)
                    for part, quantity in takes.items()
                    if quantity > 0 and (part, ware.warehouse) not in stockless
                ),
            )
            offers[ware] = Offer((plan,))
        return offers

    @api.model
    def _get_bills(self, ways):
        """Bills of materials by what is made, in one query for each operation type.

        :rtype: dict[Ware, mrp.bom]
        """
        if "mrp.bom" not in self.env:
            return {}
        by_operation, bills = defaultdict(list), {}
        for ware, way in ways.items():
            by_operation[way.operation, way.company].append(ware)
        for (operation_id, company_id), wares in by_operation.items():
            products = self.env["product.product"].browse({ware.product for ware in wares})
            operation = self.env["stock.picking.type"].browse(operation_id)
            found = self.env["mrp.bom"]._bom_find(products, picking_type=operation, company_id=company_id)
            for ware in wares:
                if bill := found[products.browse(ware.product)]:
                    bills[ware] = bill
        return bills
