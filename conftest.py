"""What our tests need of pytest beyond pytest-odoo: no skip unseen, companions apart, databases of their own."""

import os
import shutil
from contextlib import contextmanager

import pytest
import pytest_odoo
from hypothesis import HealthCheck, settings

import odoo

from sandbox.setup import databases
from sandbox.setup.environment import Environment

# What a skip must name to be excused where the tool cannot be installed, by Debian package.
EXCUSES = {
    "chromium": ("chrome", "chromium", "browser"),
    "wkhtmltopdf": ("wkhtmltopdf", "pdf"),
    "fonts-noto-cjk": ("font",),
    "fontconfig": ("font",),
    "libreoffice-calc": ("libreoffice",),
}


# How long an example takes says how busy the machine is, and nothing of what is tested.
settings.register_profile("sandbox", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sandbox")


@contextmanager
def own_filestore(original, database):
    """Give a worker's copy of the database a copy of its files, by links, as they are never changed.

    pytest-odoo lets the copies share one folder, where what one database no longer needs is deleted under the other.
    """
    if original == database:
        yield
        return
    folder = odoo.tools.config.filestore(database)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(odoo.tools.config.filestore(original), folder, copy_function=os.link)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def pytest_configure(config):
    pytest_odoo._shared_filestore = own_filestore
    config.addinivalue_line("markers", "companions: needs companion modules; run in databases that have them")


def _is_companion(item):
    tags = getattr(getattr(item, "cls", None), "test_tags", ())
    return "companions" in tags or item.get_closest_marker("companions") is not None


def pytest_collection_modifyitems(config, items):
    """Give tests tagged `companions` the marker; leave them out unless they are asked for by it."""
    for item in items:
        if _is_companion(item):
            item.add_marker(pytest.mark.companions)
    if "companions" in (config.option.markexpr or ""):
        return
    left_out = [item for item in items if _is_companion(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not _is_companion(item)]


def is_excused(reason):
    missing = [name for name in os.environ.get("SANDBOX_MISSING_TOOLS", "").split(",") if name]
    return any(word in reason.lower() for name in missing for word in EXCUSES.get(name, (name,)))


def unexpected_skips(reports):
    """Return `(test, reason)` of the skips that nothing excuses."""
    skips = []
    for report in reports:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not is_excused(reason):
            skips.append((report.nodeid, reason))
    return skips


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    # Under another runner than ./sandbox/test, a skip is what pytest says it is.
    if reporter and exitstatus == 0 and os.environ.get("SANDBOX_ENVIRONMENT"):
        session.config.unexpected_skips = unexpected_skips(reporter.stats.get("skipped", []))
        if session.config.unexpected_skips:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    skips = getattr(config, "unexpected_skips", [])
    if skips:
        terminalreporter.section("skipped without an excuse: the run has failed", red=True)
        for test, reason in skips:
            terminalreporter.line(f"{test}: {reason}")
    missing = os.environ.get("SANDBOX_MISSING_TOOLS")
    if missing and terminalreporter.stats.get("skipped"):
        terminalreporter.section("skipped for want of tools")
        terminalreporter.line(f"An administrator installs them with: apt-get install {missing.replace(',', ' ')}")


@pytest.fixture(scope="session")
def sandbox_env():
    """The environment that the tests run in, for those that start Odoo themselves."""
    passed_on = os.environ.get("SANDBOX_ENVIRONMENT")
    if not passed_on:
        pytest.fail("this test needs ./sandbox/test")
    return Environment.from_json(passed_on)


@pytest.fixture
def make_database(sandbox_env):
    """Return a function that copies a template, without the addon, under a name; dropped after the test."""
    made = []

    def make(name, template=None):
        database = sandbox_env.database(f"test_{name}")
        source = databases.template(sandbox_env, template) if template else os.environ["SANDBOX_TEMPLATE"]
        databases.clone(sandbox_env, source, database)
        made.append(database)
        return database

    yield make
    for database in made:
        databases.drop(sandbox_env, database)
