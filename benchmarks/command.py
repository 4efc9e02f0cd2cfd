"""./sandbox/bench: makes the two databases where they are missing, and runs the benchmarks in them."""

import argparse
from pathlib import Path

from sandbox.setup import databases, environment, lock, paths, process
from sandbox.setup.console import SandboxError, format_bytes, say, step

HERE = Path(__file__).parent
DATASET_FILES = [
    HERE / name
    for name in ("dataset.py", "dataset_orders.py", "dataset_supply.py", "multiply.py", "prototypes.py")
]
INSTALL = "install"
# Modules that are measured in a company that buys and makes in Odoo: on data of their own.
MAKING = ("promise",)
# Of both databases at factor 1, measured, rounded up.
BYTES_OF_FACTOR_1 = 6_000_000_000


def main(arguments):
    options = parse(arguments)
    databases.require_addon()
    with environment.prepare(options.odoo) as env, lock.exclusive("bench", "measuring"):
        status = 0
        if not options.only or set(options.only).difference(MAKING):
            status = measure(env, options, databases.TESTS)
        if not options.only or set(options.only).intersection(MAKING):
            status = measure(env, options, databases.MAKING) or status
        return status


def measure(env, options, template):
    """Make the two databases of a template where they are missing, and measure what belongs to them."""
    native = prepare_native(env, options, template)
    ours = prepare_ours(env, options, native)
    is_making = template is databases.MAKING
    only = [name for name in options.only if name != INSTALL and (name in MAKING) == is_making]
    if options.only and not only:
        return 0
    command = ["run", f"--native={native}", f"--ours={ours}", f"--repeat={options.repeat}"]
    if is_making:
        command += [f"--only={name}" for name in MAKING]
    else:
        command += [f"--only={name}" for name in only] + [f"--skip={name}" for name in MAKING]
    command = odoo_command(env, options, *command)
    return process.run(command, log="bench", on_line=say, check=False, **process_options(env))


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="./sandbox/bench",
        description="Measure Odoo with and without the addon on generated data; the results go to benchmarks/results/.",
    )
    parser.add_argument("--factor", type=float, default=0.1, help="size of the data, 1 is the design's (default 0.1)")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="a module, or part of a title")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="measured runs of each (default 5)")
    parser.add_argument("--reset", action="store_true", help="make the data again")
    parser.add_argument("--odoo", metavar="PATH", help="a checkout of Odoo 19.0 to use")
    options = parser.parse_args(arguments)
    if options.factor <= 0 or options.repeat < 1:
        parser.error("--factor and --repeat must be positive")
    return options


def odoo_command(env, options, *arguments):
    return [env.python, "-m", "benchmarks", *arguments, f"--factor={options.factor}", "--", *env.options]


def process_options(env):
    variables = env.variables
    return {"env": {**variables, "PYTHONPATH": f"{paths.ROOT}:{variables['PYTHONPATH']}"}, "cwd": paths.ROOT}


def prepare_native(env, options, kind):
    """Return the name of the database with the data and without the addon."""
    template = databases.template(env, kind)
    suffix = "" if kind is databases.TESTS else f"_{kind.name}"
    native = env.database(f"bench_{options.factor:g}{suffix}".replace(".", "_"))
    key = paths.digest(template, *DATASET_FILES)
    if not options.reset and databases.remark(env, native).get("key") == key:
        return native
    for name in (native, f"{native}_ours"):
        databases.drop(env, name)
    needed = BYTES_OF_FACTOR_1 * options.factor
    if environment.free_space(paths.CACHE) < needed:
        raise SandboxError(f"The data of factor {options.factor:g} need {format_bytes(needed)}.", "Take a smaller one.")
    building = f"{native}_building"
    databases.clone(env, template, building)
    with step(f"Generating the data of factor {options.factor:g}") as current:
        process.run(
            odoo_command(env, options, "generate", f"--native={building}"),
            log="bench-data",
            on_line=lambda line: current.show(line.rpartition("data set: ")[2]),
            failure="The data could not be generated",
            **process_options(env),
        )
    databases.rename(env, building, native)
    databases.set_remark(env, native, {"key": key})
    return native


def prepare_ours(env, options, native):
    """Return the name of the copy with the addon; installing it is the first measurement."""
    ours = f"{native}_ours"
    key = paths.digest_of_addon()
    if INSTALL not in options.only and databases.remark(env, ours).get("key") == key:
        return ours
    with step("Copying the data"):
        databases.clone(env, native, ours)
    lines = []
    with step("Installing the addon into the copy"):
        process.run(
            odoo_command(env, options, "install", f"--ours={ours}"),
            log="bench-install",
            on_line=lines.append,
            failure="The addon could not be installed",
            **process_options(env),
        )
    say("\n".join(line for line in lines if line.startswith("  ")))
    databases.set_remark(env, ours, {"key": key})
    return ours
