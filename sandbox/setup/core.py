"""./sandbox/test --core: Odoo's own suites with and without the addon, compared test by test."""

import json
import os
import socket
import time

from . import core_log, databases, paths, process
from .console import SandboxError, say, step
from .environment import HOST

MODULES = (
    "crm", "sale", "sale_crm", "stock", "sale_stock", "sale_management", "sale_margin", "sales_team", "portal", "mail",
    "test_lint",
)
INTENDED = paths.ROOT / "sandbox" / "core_differences.json"
AT_INSTALL = paths.ROOT / "sandbox" / "setup" / "at_install.py"
SIDES = ("without", "with")


def compare(env, modules):
    """Run the suites on two copies of one template, one with the addon, and report what differs.

    :return: 0 when nothing differs but what is listed as intended
    """
    unknown = databases.unknown_modules(env, modules)
    if unknown:
        raise SandboxError(f"Odoo has no module {', '.join(unknown)}.")
    template = databases.template(env, databases.CORE_SUITES)
    names = {side: env.database(f"core_{side}") for side in SIDES}
    try:
        for name in names.values():
            databases.clone(env, template, name)
        databases.install(env, names["with"], [paths.ADDON], "Installing the addon")
        results = run(env, names, ",".join(f"/{module}" for module in modules), "")
        suspects = [test for test in core_log.newly_failing(results) if test.is_method]
        if suspects:
            # Two servers and two browsers share the processor: what fails there is asked once more, alone.
            tags = ",".join(test.tag for test in suspects)
            again = run(env, {"with": names["with"]}, tags, "-again")["with"]
            core_log.excuse_unstable(results["with"], again, suspects)
    finally:
        for name in names.values():
            databases.drop(env, name)
    return report(results)


def run(env, names, tags, suffix):
    """Run both kinds of suites on each of the databases, side by side; return the outcomes by side."""
    results = {side: core_log.Outcomes() for side in names}
    for kind in ("post_install", "at_install"):
        commands = {}
        for side, name in names.items():
            options = [
                f"--database={name}", f"--db-filter=^{name}$", f"--http-port={free_port()}", "--max-cron-threads=0",
                "--log-level=info", f"--test-tags={tags}{',-at_install' if kind == 'post_install' else ''}",
            ]
            commands[side] = (
                env.odoo_command(*options, "--stop-after-init") if kind == "post_install"
                else [env.python, AT_INSTALL, *env.options, *options]
            )
        logs = {side: f"core-{kind}-{side}{suffix}" for side in names}
        together(env, commands, logs, f"Odoo's {kind} tests {' and '.join(names)} the addon{suffix.replace('-', ' ')}")
        for side, log in logs.items():
            results[side].read(process.log_path(log), kind)
    return results


def together(env, commands, logs, title):
    """Run one command per side at the same time, which two processors finish in the time of one."""
    running = {}
    with step(title) as current:
        try:
            for side, command in commands.items():
                with open(process.log_path(logs[side]), "wb") as handle:
                    running[side] = process.start(command, stdout=handle, stderr=handle, env=env.variables)
            while any(started.poll() is None for started in running.values()):
                current.show(_counts(logs))
                time.sleep(2)
        finally:
            for started in running.values():
                process.stop(started)
        for log in logs.values():
            path = process.log_path(log)
            if not core_log.has_finished(path):
                raise process.failed(f"{title}: Odoo broke off", core_log.tail(path), path)
        current.remark = _counts(logs)


def _counts(logs):
    return ", ".join(f"{core_log.count_started(process.log_path(log))} {side}" for side, log in logs.items())


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def report(results):
    """Say what differs and return the exit status."""
    intended = json.loads(INTENDED.read_text(encoding="utf-8")) if os.path.exists(INTENDED) else []
    verdict = core_log.judge(results, intended)
    say("\nOdoo's suites, with the addon against without")
    for side in SIDES:
        say(f"  {side:<8} {results[side].summary()}")
    for title, lines in verdict.remarks:
        say(f"\n  {title}")
        for line in lines:
            say(f"    {line}")
    if verdict.differences:
        say("\n  Differences")
        for line in verdict.differences:
            say(f"    {line}")
        say(f"    What is meant to differ belongs into {INTENDED.relative_to(paths.ROOT)}, with its reason.")
    else:
        say("\n  No difference.")
    return 1 if verdict.differences else 0
