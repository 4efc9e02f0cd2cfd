"""The Odoo process of `./sandbox/bench`: makes the data set, installs into it, measures.

Odoo's own options (server, addons path) follow after `--`.
"""

import argparse
import logging
import sys
from contextlib import closing

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

from . import bench_install, check, harness, promise_history, report
from .dataset import Dataset


def generate(options):
    """Fill the native database."""
    registry = Registry(options.native)
    with closing(registry.cursor()) as cr:
        env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
        dataset = Dataset(env, options.factor)
        dataset.generate()
        cr.commit()
        env["crm.lead"]._cron_update_automated_probabilities()
        cr.commit()
        dataset.say("probabilities")
        # Statistics, and visibility of the rows: left to chance, they would change in the middle of measuring.
        cr._cnx.autocommit = True
        cr.execute("VACUUM ANALYZE")
        dataset.say("vacuum")
        cr._cnx.autocommit = False
        check.check(env)
        dataset.say("checked")
    return 0


def install(options):
    """Install the addon into the copy, and keep how long that took."""
    seconds = bench_install.install(options.ours)
    with closing(Registry(options.ours).cursor()) as cr:
        report.write_installation(seconds, report.get_facts(cr, options.factor))
    for part, value in seconds.items():
        print(f"  {part:<30} {value:8.1f} s")
    return 0


def run(options):
    """Measure, print and keep; the exit status tells whether every number of queries was within its budget."""
    benchmarks = [one for one in harness.collect(options.only) if one.group not in options.skip]
    if not benchmarks:
        groups = sorted({one.group for one in harness.BENCHMARKS})
        print(f"No benchmark is called {' or '.join(options.only)}; there are: {', '.join(groups)}, install.")
        return 2
    whole = {one.group for one in harness.BENCHMARKS} - {
        one.group for one in harness.BENCHMARKS if one not in benchmarks
    }
    native, ours = harness.Side("native", options.native), harness.Side("ours", options.ours)
    with closing(ours.registry.cursor()) as cr:
        facts = report.get_facts(cr, options.factor)
    print(report.describe_facts(facts), "\n", report.format_line(report.HEADER), sep="\n", flush=True)
    results = []
    for one in benchmarks:
        for size in one.sizes:
            result = harness.measure(one, size, native, ours, options.repeat)
            print(report.format_line(report.get_row(result)), flush=True)
            for query in result.extra:
                print(f"    only ours: {report.shorten(query)}", flush=True)
            results.append(result)
    for group in sorted(whole & {result.group for result in results}):
        notes = harness.describe_quality(group, ours)
        print(*notes, sep="\n", flush=True)
        report.write(group, [result for result in results if result.group == group], facts, options.repeat, notes)
    over = [result for result in results if not result.is_within_budget]
    for result in over:
        print(f"over its budget of queries: {result.title} ({result.size})")
    return 1 if over else 0


def history(options):
    """Measure whether a long history slows promises down, in throw-away copies."""
    medians = promise_history.measure_history(options.ours)
    for size, seconds in medians.items():
        print(f"  {size:>10,} done moves {report.milliseconds(seconds):>9} ms", flush=True)
    small, large = medians.values()
    print(f"  ratio {large / small:.3f}, at most {promise_history.LIMIT:.2f}")
    return 0 if large / small < promise_history.LIMIT else 1


COMMANDS = {"generate": generate, "install": install, "run": run, "history": history}


def main(arguments):
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--native")
    parser.add_argument("--ours")
    parser.add_argument("--factor", type=float, default=0.1)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--skip", action="append", default=[])
    split = arguments.index("--") if "--" in arguments else len(arguments)
    options = parser.parse_args(arguments[:split])
    config.parse_config([*arguments[split + 1 :], "--no-http", "--max-cron-threads=0", "--log-level=warn"])
    logging.getLogger("benchmarks").setLevel(logging.INFO)
    return COMMANDS[options.command](options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
