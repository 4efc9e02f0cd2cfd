from collections import defaultdict

from odoo import api, models

from odoo.addons.sales_management.tools.promise import PromiseSource

from .sales_promise_engine_lead import Plan, Wish


class SalesPromiseEngine(models.AbstractModel):
    """What is made, and what is sold as a kit: by bills of materials, where there are any."""

    _inherit = "sales.promise.engine"

    # === Kits === #

    @api.model
    def _explode_kits(self, pairs):
        if not pairs or "mrp.bom" not in self.env:
            return {}
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
        """:param dict[Wish, Way] ways: of what is made
        :rtype: dict[Wish, Plan]
        """
        bills, parts = self._get_bills(ways), {}
        for wish in bills:
            product = self.env["product.product"].browse(wish.product)
            parts[wish] = self._get_components(bills[wish], product, wish.quantity)
        pairs = {(product.id, wish.warehouse) for wish, own in parts.items() for product, _quantity in own}
        kits, plans = self._get_kits(pairs) if pairs else {}, {}
        pairs |= {(part, pair[1]) for pair, own in kits.items() for part, _quantity in own}
        stockless = self._get_stockless(pairs) if pairs else set()
        for wish, bill in bills.items():
            takes = defaultdict(float)
            for product, quantity in parts[wish]:
                for part, factor in kits.get((product.id, wish.warehouse), [(product.id, 1)]):
                    takes[part] += quantity * factor
            plans[wish] = Plan(
                PromiseSource("make", bill.product_tmpl_id.display_name, id=bill.id),
                prepare=bill.days_to_prepare_mo,
                days=bill.produce_delay + ways[wish].days + ways[wish].prepare_days,
                pace="promise_production_days",
                takes=tuple(
                    Wish(part, wish.warehouse, quantity)
                    for part, quantity in takes.items()
                    if quantity > 0 and (part, wish.warehouse) not in stockless
                ),
            )
        return plans

    @api.model
    def _get_bills(self, ways):
        """Bills of materials by what is made, in one query for each operation type.

        :rtype: dict[Wish, mrp.bom]
        """
        if "mrp.bom" not in self.env:
            return {}
        by_operation, bills = defaultdict(list), {}
        for wish, way in ways.items():
            by_operation[way.operation, way.company].append(wish)
        for (operation_id, company_id), wishes in by_operation.items():
            products = self.env["product.product"].browse({wish.product for wish in wishes})
            operation = self.env["stock.picking.type"].browse(operation_id)
            found = self.env["mrp.bom"]._bom_find(products, picking_type=operation, company_id=company_id)
            for wish in wishes:
                if bill := found[products.browse(wish.product)]:
                    bills[wish] = bill
        return bills
