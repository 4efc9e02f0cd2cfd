"""Which rules ask for the approval of many quotations: ours against the tier validation of the OCA, in one process.

    python -m benchmarks.compare_approval --ours DATABASE --oca DATABASE -- <options of Odoo>

Two databases without documents, the one with this addon, the other with `sale_tier_validation` (wheels
`odoo-addon-base_tier_validation` and `odoo-addon-sale_tier_validation` of 19.0), both on the addons path. The
same quotations and rules are made in each, and rolled back: on amount, margin and discount. Ours tells the
effective discount from the price list; theirs can look at the *Discount* column alone. Each run begins with
empty caches of records.
"""

import argparse
import gc
import json
import platform
import statistics
import sys
import time
from pathlib import Path

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tools import config

RESULTS = Path(__file__).parent / "results" / "approval"
RULES, ORDERS, LINES, REPEAT = 20, 500, 4, 9


def make_orders(env):
    partners = env["res.partner"].create([{"name": f"Customer {number}"} for number in range(50)])
    products = env["product.product"].create(
        [
            {"name": f"Product {number}", "type": "consu", "list_price": 50 + number, "standard_price": 30 + number}
            for number in range(40)
        ]
    )
    return env["sale.order"].create(
        [
            {
                "partner_id": partners[number % 50].id,
                "payment_term_id": env.ref("account.account_payment_term_30days").id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": products[(number * LINES + line) % 40].id,
                            "product_uom_qty": 1 + (number + line) % 17,
                            "discount": (number * 7 + line) % 25,
                        }
                    )
                    for line in range(LINES)
                ],
            }
            for number in range(ORDERS)
        ]
    )


def make_our_rules(env):
    env.company.sales_approval_enabled = True
    conditions = [
        lambda step: {"amount_min": 500 * (1 + step)},
        lambda step: {"margin_min": 10 + 5 * step},
        lambda step: {"discount_max": 4 + 4 * step},
        lambda step: {"amount_min": 300 * (1 + step), "discount_max": 10},
    ]
    for number in range(RULES):
        env["sales.approval.rule"].create(
            {
                "name": f"Rule {number}",
                "enforcement": "warn",
                **conditions[number % 4](number // 4),
            }
        )


def make_their_rules(env):
    domains = [
        lambda step: [("amount_untaxed", ">=", 500 * (1 + step))],
        lambda step: [("margin_percent", "<", (10 + 5 * step) / 100)],
        lambda step: [("order_line.discount", ">", 4 + 4 * step)],
        lambda step: [("amount_untaxed", ">=", 300 * (1 + step)), ("order_line.discount", ">", 10)],
    ]
    if "margin_percent" not in env["sale.order"]._fields:
        domains[1] = lambda step: [("amount_total", "<", 700 * (1 + step))]
    for number in range(RULES):
        env["tier.definition"].create(
            {
                "name": f"Rule {number}",
                "model_id": env["ir.model"]._get_id("sale.order"),
                "reviewer_id": env.ref("base.user_admin").id,
                "definition_domain": repr(domains[number % 4](number // 4)),
            }
        )


def ask_ours(orders):
    matching = orders.env["sales.approval.rule"]._get_matching_rules(orders)
    return sum(bool(rules) for rules in matching.values())


def ask_theirs(orders):
    return len(orders.filtered("need_validation"))


class Side:
    """One of the two databases, with its rules and quotations made and not committed."""

    def __init__(self, database, prepare, ask):
        self.ask = ask
        self.seconds, self.queries, self.asked = [], [], 0
        self.cr = Registry(database).cursor()
        self.env = api.Environment(self.cr, SUPERUSER_ID, {})
        prepare(self.env)
        self.orders = make_orders(self.env)
        self.env.flush_all()

    def run(self):
        self.env.invalidate_all()
        gc.collect()
        gc.disable()
        before, started = self.cr.sql_log_count, time.perf_counter()
        self.asked = self.ask(self.orders)
        self.seconds.append(time.perf_counter() - started)
        self.queries.append(self.cr.sql_log_count - before)
        gc.enable()

    def close(self):
        self.cr.rollback()
        self.env.registry.reset_changes()
        self.cr.close()
        # The first run warms what a server has warm.
        return {
            "seconds": statistics.median(self.seconds[1:]),
            "queries": min(self.queries[1:]),
            "asked": self.asked,
        }


def write(results):
    ours, theirs = results["ours"], results["oca"]
    ratio = ours["seconds"] / theirs["seconds"]
    lines = [
        "# Approval",
        "",
        f"Which of {RULES} rules ask for {ORDERS} quotations of {LINES} lines; medians of {REPEAT} runs by turns, "
        f"one process, Python {platform.python_version()}.",
        "",
        "| | ms | Queries | Quotations asked for |",
        "| --- | ---: | ---: | ---: |",
        f"| ours | {ours['seconds'] * 1000:.0f} | {ours['queries']} | {ours['asked']} |",
        f"| tier validation of the OCA | {theirs['seconds'] * 1000:.0f} | {theirs['queries']} | {theirs['asked']} |",
        "",
        f"Ratio {ratio:.2f}; it is to stay under 0.20, and our queries at most 15.",
        "",
    ]
    RESULTS.with_suffix(".md").write_text("\n".join(lines))
    RESULTS.with_suffix(".json").write_text(json.dumps({**results, "ratio": ratio}, indent=1) + "\n")
    print("\n".join(lines))
    return 0 if ratio <= 0.2 and ours["queries"] <= 15 else 1


def main(arguments):
    parser = argparse.ArgumentParser(prog="benchmarks.compare_approval")
    parser.add_argument("--ours", required=True)
    parser.add_argument("--oca", required=True)
    split = arguments.index("--") if "--" in arguments else len(arguments)
    options = parser.parse_args(arguments[:split])
    config.parse_config([*arguments[split + 1 :], "--no-http", "--max-cron-threads=0", "--log-level=warn"])
    sides = {
        "ours": Side(options.ours, make_our_rules, ask_ours),
        "oca": Side(options.oca, make_their_rules, ask_theirs),
    }
    # By turns, so that a busy machine is busy for both.
    for _run in range(REPEAT + 1):
        for side in sides.values():
            side.run()
    results = {name: side.close() for name, side in sides.items()}
    return write(results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
