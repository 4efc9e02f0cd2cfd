"""The addon beside Purchase, Manufacturing and expiry dates, upon which it does not depend."""

import conftest
from sandbox.setup import core, core_log, databases, paths, process, suites

#: The tests tagged `companions`, by Odoo's own runner: pytest's database lacks what they need.
TAGS = f"companions/{paths.ADDON}"
LOG = "companions"


def test_addon_beside_what_buys_and_makes(sandbox_env, make_database):
    name = make_database("companions", databases.MAKING)
    suites.install_addon(sandbox_env, name)
    command = sandbox_env.odoo_command(
        f"--database={name}", f"--db-filter=^{name}$", f"--http-port={core.free_port()}", "--max-cron-threads=0",
        "--log-level=info", f"--test-tags={TAGS}", "--stop-after-init",
    )
    status = process.run(command, log=LOG, check=False, env=sandbox_env.variables)
    log = process.log_path(LOG)
    assert core_log.has_finished(log), core_log.tail(log)
    outcomes = core_log.Outcomes()
    outcomes.read(log, "post_install")
    assert outcomes.started, f"no test is tagged companions: {log}"
    failures = [message for messages in outcomes.failed.values() for message in messages]
    assert not failures, "".join([*(f"{test}\n" for test in outcomes.failed), *failures])
    assert not [test for test, reason in outcomes.skipped.items() if not conftest.is_excused(reason)]
    assert status == 0, databases.errors_in(log)
