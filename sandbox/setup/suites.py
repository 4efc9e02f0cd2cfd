"""./sandbox/test: everything that must hold, or the part of it that was asked for."""

import argparse
import os
import shutil

from . import console, core, databases, environment, linters, lock, paths, process, system
from .console import SandboxError, format_seconds, say

DESCRIPTION = """\
Set up what is missing, install the addon into a copy of a cached template database, run the linters and all tests.
Further arguments go to pytest, and then the linters are left out:

  ./sandbox/test                                    everything
  ./sandbox/test -k deal_number                     what pytest selects
  ./sandbox/test sales_management/tests/process     one capability
  ./sandbox/test --lint --fix                       the linters alone, mending what they can
  ./sandbox/test --core                             Odoo's own suites with and without the addon, compared by test
  ./sandbox/test --full                             everything, with more trials, and again beside companion modules"""
# Install-time noise of core that has nothing to do with the addon would be listed here, with its reason.
HARMLESS = ()
# pytest's exit status when nothing was selected.
NO_TESTS = 5
# What the long form does by itself, beside more companions.
COMPANIONS = "sandbox/tests/test_companions.py"
# Two at a time share a core well, for a test waits for PostgreSQL and the browser; more of them need the memory.
MOST_WORKERS = 4


def parse(arguments):
    """Return our options and the arguments that are pytest's."""
    parser = argparse.ArgumentParser(
        prog="./sandbox/test",
        description=DESCRIPTION,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--lint", action="store_true", help="run the linters alone")
    parser.add_argument("--fix", action="store_true", help="let the linters mend what they can")
    parser.add_argument("--core", action="store_true", help="compare Odoo's own suites with and without the addon")
    parser.add_argument("--modules", metavar="NAMES", help="the modules for --core, separated by commas")
    parser.add_argument("--full", action="store_true", help="the long form, before a release")
    parser.add_argument("--odoo", metavar="PATH", help="a checkout of Odoo 19.0 to use")
    options, further = parser.parse_known_args(arguments)
    if options.modules and not options.core:
        parser.error("--modules belongs to --core")
    if (options.core or options.lint) and further:
        parser.error(f"not understood beside --core or --lint: {' '.join(further)}")
    return options, further


def main(arguments):
    options, further = parse(arguments)
    databases.require_addon()
    total = console.Step("")
    with lock.exclusive("test", "./sandbox/test"):
        if options.lint:
            status = lint(options.fix)
        else:
            with environment.prepare(options.odoo, system.FOR_TESTING) as env:
                if options.core:
                    modules = options.modules.split(",") if options.modules else core.MODULES
                    status = core.compare(env, modules)
                else:
                    status = check(env, options, further)
    if options.lint or options.core:
        # Where tests ran, pytest's summary has the last word.
        say(f"\n{'Passed' if status == 0 else 'Failed'} after {format_seconds(total.elapsed)}.")
    return status


def lint(fix=False):
    with lock.exclusive("setup", "./sandbox/test", wait=True):
        say("Linters")
        failed = linters.run(fix)
    if failed:
        say(f"  Complaints of {', '.join(failed)}; some are mended by: ./sandbox/test --lint --fix")
    return 1 if failed else 0


def check(env, options, further):
    """Run linters (when nothing was selected) and tests; the tests run even if a linter complains."""
    linted = 0 if further else lint(options.fix)
    database = env.database("test")
    tested = test(env, database, databases.TESTS, further, full=options.full)
    if options.full and not further:
        say("\nBeside the companion modules")
        beside = test(env, database, databases.COMPANIONS, ["-m", "companions"], full=True)
        tested = tested or (0 if beside == NO_TESTS else beside)
    if linted:
        say("The linters had complaints, see above.")
    return tested or linted


def test(env, database, template, arguments, full=False):
    """Run pytest on a copy of a template with the addon installed; return its exit status."""
    source = databases.template(env, template)
    databases.clone(env, source, database)
    try:
        install_addon(env, database)
        say("")
        return pytest(env, database, source, arguments, full)
    finally:
        for name in [*worker_databases(database), database]:
            databases.drop(env, name)


def install_addon(env, database):
    """Install the addon and refuse any warning: on a finished template, whatever is logged is about the addon."""
    log = databases.install(env, database, [paths.ADDON], "Installing the addon")
    complaints = [
        line
        for line in databases.errors_in(log, ("WARNING", "ERROR", "CRITICAL"))
        if not any(text in line for text in HARMLESS)
    ]
    if complaints:
        raise process.failed("Installing the addon logged warnings", complaints, log)


def workers(arguments):
    """Return pytest's options for running everything in several processes, each with a copy of the database.

    Whoever selects tests waits for few of them, and wants to see them in order. The copies are made by PostgreSQL's own
    programs, which not every machine has.
    """
    count = min(os.cpu_count() or 1, MOST_WORKERS)
    if arguments or count < 2 or not (shutil.which("createdb") and shutil.which("dropdb")):
        return []
    return [f"--numprocesses={count}", "--dist=loadfile"]


def worker_databases(database):
    """Return the names that the copies of a database get, to drop those of a run that was killed."""
    return [f"{database}-gw{number}" for number in range(MOST_WORKERS)]


def pytest(env, database, template, arguments, full):
    """Run pytest with the terminal to itself."""
    command = [
        env.python,
        "-m",
        "pytest",
        f"--odoo-database={database}",
        "--odoo-http",
        "--odoo-log-level=warn",
        *(f"--odoo-extra={option.removeprefix('--')}" for option in env.options),
        f"--odoo-extra=db-filter=^{database}$",
        *workers(arguments),
        *([f"--deselect={COMPANIONS}"] if full and not arguments else []),
        *arguments,
    ]
    variables = {
        **env.variables,
        "SANDBOX_ENVIRONMENT": env.to_json(),
        "SANDBOX_TEMPLATE": template,
        "SANDBOX_FULL": "1" if full else "",
        # Ordinary users may lack a tool; in CI and as root it is there, so a skip hides something.
        "SANDBOX_MISSING_TOOLS": "" if os.environ.get("CI") else ",".join(env.missing_tools),
    }
    running = process.start(command, cwd=paths.ROOT, env=variables)
    try:
        status = running.wait()
    finally:
        process.stop(running)
    if status < 0:
        raise SandboxError(f"pytest was killed by signal {-status}.")
    return status
