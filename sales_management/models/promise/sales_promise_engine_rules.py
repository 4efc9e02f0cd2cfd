from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import ormcache


class Way(NamedTuple):
    """How goods come into a warehouse, by the rules of routes.

    :param str action: ``buy``, ``manufacture``, ``move`` from another warehouse, or nothing where no rule says
    :param float days: of the rules on the way, pull and push
    :param float prepare_days: of the rules that bring components to a production
    :param int company: that buys or makes
    :param int operation: operation type of a production
    :param int warehouse: from which it is moved
    :param bool to_order: whether a delivery takes it from there and not from stock
    """

    action: str = ""
    days: float = 0
    prepare_days: float = 0
    company: int = 0
    operation: int = 0
    warehouse: int = 0
    to_order: bool = False


class SalesPromiseEngine(models.AbstractModel):
    """By which rules goods come and go: looked up once for all products with the same routes, and kept."""

    _inherit = "sales.promise.engine"

    # === Asking === #

    @api.model
    def _filter_to_order(self, wares):
        """:return: those that are bought or made to order or shipped by the vendor: stock does not count for them
        :rtype: set[Ware]
        """
        ways = self._get_ways(wares)
        return {ware for ware in wares if ways[ware].to_order}

    @api.model
    def _get_ways(self, wares):
        """How goods come into warehouses; those with the same routes come the same way.

        :param set[Ware] wares: goods
        :rtype: dict[Ware, Way]
        """
        products = self.env["product.product"].browse({ware.product for ware in wares})
        products.fetch(["product_tmpl_id"])
        templates = products.product_tmpl_id
        templates.fetch(["categ_id", "is_storable", "type", "uom_id"])
        sold, made = self._get_bought(templates), self._get_made(templates)
        by_template = {
            template.id: (
                tuple(template.route_ids._ids),
                template.categ_id.id,
                template.id in sold,
                template.id in made,
            )
            for template in templates
        }
        keys = {product.id: by_template[product.product_tmpl_id.id] for product in products}
        # Services are sold from warehouses as well, and have no way.
        goods = {product.id for product in products if product.product_tmpl_id.type == "consu"}
        engine = self.sudo()  # sudo: what is kept serves everybody, whoever asked first
        return {
            ware: engine._find_way((keys[ware.product], ware.warehouse, ware.routes), ware.product)
            if ware.product in goods
            else Way()
            for ware in wares
        }

    # === Looking up === #

    @api.model
    @ormcache("key")
    def _find_way(self, key, product_id):
        """:param tuple key: all that the way depends on; the product is any that has it
        :rtype: Way
        """
        warehouse = self.env["stock.warehouse"].browse(key[1])
        product = self.env["product.product"].with_company(warehouse.company_id).browse(product_id)
        routes = self.env["stock.route"].browse(key[2])
        try:
            out = self._get_rules_out(product, warehouse, routes)
            is_direct = (
                bool(out) and out[-1].action in ("buy", "manufacture") and not self._leaves_stock(out, warehouse)
            )
            rules = out if is_direct else product._get_rules_from_location(warehouse.lot_stock_id, route_ids=routes)
            return self._prepare_way(product, warehouse, rules, is_direct)._replace(
                to_order=is_direct or self._leaves_to_order(out, warehouse)
            )
        except UserError:  # Rules that go round in a circle lead nowhere.
            return Way()

    @api.model
    def _get_rules_out(self, product, warehouse, routes):
        """Rules by which a delivery to a customer is supplied, from its end backwards."""
        location, rules = self.env.ref("stock.stock_location_customers"), self.env["stock.rule"]
        while location:
            values = {"route_ids": routes, "warehouse_id": warehouse, "company_id": warehouse.company_id}
            rule = self.env["stock.rule"]._get_rule(product, location, values)
            if not rule or rule in rules:
                break
            rules |= rule
            if rule.action not in ("pull", "pull_push") or rule.procure_method == "make_to_stock":
                break
            location = rule.location_src_id
            warehouse = location.warehouse_id or warehouse
        return rules

    @api.model
    def _leaves_stock(self, rules, warehouse):
        return any(rule.location_src_id._child_of(warehouse.lot_stock_id) for rule in rules if rule.location_src_id)

    @api.model
    def _leaves_to_order(self, rules, warehouse):
        """Whether what is taken from the shelf has to be brought there first, for this delivery."""
        return any(
            rule.procure_method == "make_to_order"
            and rule.action in ("pull", "pull_push")
            and rule.location_src_id._child_of(warehouse.lot_stock_id)
            for rule in rules
        )

    @api.model
    def _prepare_way(self, product, warehouse, rules, is_direct):
        last = rules[-1:]
        company = last.company_id or warehouse.company_id
        days = sum(rule.delay for rule in rules if rule.action in ("pull", "pull_push"))
        if last.action in ("pull", "pull_push"):
            source = last.location_src_id.warehouse_id
            if last.procure_method != "make_to_stock" or not source or source == warehouse:
                return Way()
            pushed = self._get_push_days(warehouse.reception_route_id)
            return Way("move", days + pushed, warehouse=source.id)
        if last.action == "buy":
            pushed = 0 if is_direct else self._get_push_days(warehouse.reception_route_id)
            return Way("buy", days + pushed, company=company.id)
        if last.action == "manufacture":
            supply_days = self._get_supply_days(product, last, rules)
            return Way("manufacture", days, supply_days, last.company_id.id, last.picking_type_id.id)
        return Way()

    @api.model
    def _get_push_days(self, route):
        return sum(rule.delay for rule in route.rule_ids if rule.action == "push")

    @api.model
    def _get_supply_days(self, product, rule, rules):
        """Days of the steps before a production and after it."""
        warehouse = rule.location_dest_id.warehouse_id
        if warehouse.manufacture_steps in (False, "mrp_one_step"):
            return 0
        before = product._get_rules_from_location(product.property_stock_production, route_ids=warehouse.pbm_route_id)
        pulled = sum(each.delay for each in before - rules if each.action in ("pull", "pull_push"))
        return pulled + self._get_push_days(warehouse.pbm_route_id)
