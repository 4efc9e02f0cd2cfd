"""What is on the way, where Odoo buys and makes: vendors, bills of materials, receipts to come, one in ten overdue."""

from odoo import Command

from .multiply import Tree

#: Orders to vendors, at factor 1, each of 15 lines; and products that are made instead of bought, one in five.
PURCHASES = 2_000
LINES = 15
MADE = 5
QUANTITY = 10


def has_supply(env):
    return "purchase.order" in env and "mrp.bom" in env


def prepare_products(env, products):
    """Let the prototypes be bought, before they are copied."""
    products.route_ids = [Command.set(env.ref("purchase_stock.route_warehouse0_buy").ids)]


def copy_supply(dataset):
    vendor = dataset.env["res.partner"].create({"name": "Vendor", "is_company": True, "supplier_rank": 1})
    _copy_vendors(dataset, vendor)
    _copy_bills(dataset)
    _copy_purchases(dataset, vendor)
    dataset.say("supply")


def _copy_vendors(dataset, vendor):
    """Every product has a price of the vendor, one in three a longer lead time from 100 pieces on."""
    product = dataset.prototypes.products[0]
    values = {"partner_id": vendor.id, "product_tmpl_id": product.product_tmpl_id.id, "price": 50}
    usual, large = dataset.env["product.supplierinfo"].create(
        [{**values, "delay": 10}, {**values, "delay": 25, "min_qty": 100, "sequence": 0}]
    )
    first = _get_first_template(dataset)
    dataset.plan("vendor_plan", dataset.size["products"], delay=f"3 + {dataset.dice(25)}")
    # Of a product with one variant, Odoo names that as well.
    first_product = dataset.first_product
    replace = {
        "product.template": {product.product_tmpl_id.id: f"{first} + g.i"},
        "product.product": {product.id: f"{first_product} + g.i"},
    }
    Tree(dataset.env, "vendor_plan", [usual]).copy({"product.supplierinfo": {"delay": "g.delay"}}, replace)
    dataset.plan("large_plan", dataset.size["products"] // 3, delay=f"20 + {dataset.dice(25)}")
    replace = {
        "product.template": {product.product_tmpl_id.id: f"{first} + 3 * g.i"},
        "product.product": {product.id: f"{first_product} + 3 * g.i"},
    }
    Tree(dataset.env, "large_plan", [large]).copy({"product.supplierinfo": {"delay": "g.delay"}}, replace)


def _copy_bills(dataset):
    """One product in five is made of its two neighbours. Its route follows by SQL, as the routes of a copy do."""
    product, *components = dataset.prototypes.products[:3]
    bill = dataset.env["mrp.bom"].create(
        {
            "product_tmpl_id": product.product_tmpl_id.id,
            "produce_delay": 4,
            "bom_line_ids": [Command.create({"product_id": one.id, "product_qty": 2}) for one in components],
        }
    )
    count = dataset.size["products"]
    first, first_template = dataset.first_product, _get_first_template(dataset)
    dataset.plan("bill_plan", count // MADE)
    replace = {
        "product.template": {product.product_tmpl_id.id: f"{first_template} + {MADE} * g.i"},
        "product.product": {
            one.id: f"{first} + ({MADE} * g.i + {position}) % {count}"
            for position, one in enumerate(components, start=1)
        },
    }
    Tree(dataset.env, "bill_plan", [bill, bill.bom_line_ids]).copy({}, replace)
    make = dataset.env.ref("mrp.route_warehouse0_manufacture").id
    dataset.cr.execute(
        f"UPDATE stock_route_product SET route_id = {make} WHERE product_id IN"
        f" (SELECT {first_template} + {MADE} * i FROM bill_plan)"
    )


def _copy_purchases(dataset, vendor):
    products = dataset.prototypes.products
    order = dataset.env["purchase.order"].create(
        {
            "partner_id": vendor.id,
            "order_line": [
                Command.create({"product_id": product.id, "product_qty": QUANTITY, "price_unit": 50})
                for product in products[:LINES]
            ],
        }
    )
    order.button_confirm()
    pickings = order.picking_ids
    count = max(5, round(PURCHASES * dataset.factor))
    # Negative days are days to come: within two months, and a tenth of them overdue by less than a week.
    dataset.plan(
        "purchase_plan", count, days=f"{dataset.dice(66)} - 60", product=dataset.dice(dataset.size["products"])
    )
    total = dataset.size["products"]
    replace = {
        "product.product": {
            product.id: f"{dataset.first_product} + (g.product + {position}) % {total}"
            for position, product in enumerate(products)
        }
    }
    moves = pickings.move_ids
    records = [order, order.order_line, order.reference_ids, pickings, moves, moves.move_line_ids]
    tree = Tree(dataset.env, "purchase_plan", records)
    number = "'P' || pg_temp.pad(1000 + g.i)"
    receipt = "'WH/IN/' || pg_temp.pad(1000 + g.i)"
    tree.copy(
        {
            "purchase.order": {"name": number},
            "stock.reference": {"name": number},
            "stock.picking": {"name": receipt, "origin": number},
            "stock.move": {"reference": receipt, "origin": number},
        },
        replace,
    )


def _get_first_template(dataset):
    product = dataset.env["product.product"].browse(dataset.first_product)
    return product.product_tmpl_id.id
