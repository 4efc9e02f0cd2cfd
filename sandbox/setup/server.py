"""The database that a person clicks through, and the Odoo that serves it."""

import socket
import time
import urllib.error
import urllib.request
from collections import deque

from . import databases, paths, process
from .console import SandboxError, step
from .environment import HOST

START_SECONDS = 120
TAIL_LINES = 15

# Login and password are the same. A database without demo data has the administrator alone.
ROLES = {
    "admin": "administrator",
    "demo_manager": "sales manager",
    "demo_leader": "team leader",
    "demo_sales": "salesperson",
    "demo_engineer": "engineering",
    "demo_planner": "planning and purchases",
    "demo_finance": "finance",
}
# The paths of actions, and what is to be seen there; those that the database lacks are left out.
PAGES = {
    "crm": "the deals, with their numbers",
    "sales": "the quotations; search for a deal number",
    "orders": "the orders",
    "deliveries": "the deliveries, some of them late",
    "customer-invoices": "the invoices, some of them overdue",
    "dashboards": "the dashboards",
}


def check_port(port):
    """Refuse a port that somebody listens on, before anything is set up."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Without it, connections of an Odoo that has just ended would count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise SandboxError(
                f"port {port} cannot be used: {error.strerror}.", f"Choose another: ./sandbox/run --port {port + 1}",
            ) from None


def database(env, with_demo, reset):
    """Return the name of the database to serve: made if it is missing, upgraded if the addon has changed."""
    databases.require_addon()
    wanted = databases.DEMO if with_demo else databases.EMPTY
    name = env.database("demo_company" if with_demo else "empty_company")
    if reset:
        databases.drop(env, name)
    current = {"addon": paths.digest_of_addon(), "odoo": env.odoo.checksum}
    if not databases.exists(env, name):
        _create(env, name, wanted)
    else:
        made = databases.remark(env, name)
        if made.get("odoo") != current["odoo"]:
            databases.install(env, name, ["all"], "Odoo has changed: upgrading the database", upgrade=True)
        elif made.get("addon") != current["addon"]:
            databases.install(env, name, [paths.ADDON], "The addon has changed: upgrading the database", upgrade=True)
        else:
            return name
    databases.set_remark(env, name, current)
    return name


def _create(env, name, wanted):
    building = f"{name}_building"
    databases.clone(env, databases.template(env, wanted), building)
    title = "Installing the addon with its demo company" if wanted.with_demo else "Installing the addon"
    databases.install(env, building, [paths.ADDON], title, with_demo=wanted.with_demo)
    databases.rename(env, building, name)


def set_language(env, name, language):
    """Give all users of a database a language."""
    databases.query(
        env,
        "UPDATE res_partner SET lang = %s WHERE id IN (SELECT partner_id FROM res_users)",
        [language], database=name,
    )


def logins(env, name):
    """Return the roles' logins that a database has."""
    rows = databases.query(
        env, "SELECT login FROM res_users WHERE active AND login = ANY(%s)", [list(ROLES)], database=name,
    )
    found = {login for login, in rows}
    return [login for login in ROLES if login in found]


def pages(env, name):
    """Return the paths worth opening that a database has."""
    rows = databases.query(
        env, "SELECT path FROM ir_actions WHERE path = ANY(%s)", [list(PAGES)], database=name,
    )
    found = {path for path, in rows}
    return [path for path in PAGES if path in found]


class OdooServer:
    """Odoo, serving one database on one port."""

    def __init__(self, env, database, port, *options):
        self.url = f"http://{HOST}:{port}"
        self.log = process.log_path("server")
        self._env = env
        self._command = env.odoo_command(
            f"--database={database}", f"--db-filter=^{database}$", "--no-database-list", f"--http-port={port}",
            *options,
        )
        self._process = None

    def __enter__(self):
        with step("Starting Odoo") as current:
            with open(self.log, "wb") as handle:
                self._process = process.start(
                    self._command, stdout=handle, stderr=handle, env=self._env.variables,
                )
            try:
                self._wait_until_ready(current)
            except BaseException:
                process.stop(self._process)
                raise
        return self

    def __exit__(self, *_error):
        process.stop(self._process)

    def _wait_until_ready(self, current):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise self._ended("Odoo ended while starting")
            try:
                # The login page needs the registry, so a person who opens it right now does not wait.
                with urllib.request.urlopen(f"{self.url}/web/login", timeout=START_SECONDS):
                    return
            except urllib.error.HTTPError as error:
                raise self._ended(f"Odoo answers with {error}") from None
            except OSError:
                current.show("waiting for its answer")
                time.sleep(0.2)
        raise self._ended(f"Odoo did not answer within {START_SECONDS} seconds")

    def _ended(self, what):
        with open(self.log, encoding="utf-8", errors="replace") as lines:
            return process.failed(what, [line.rstrip() for line in deque(lines, TAIL_LINES)], self.log)

    def wait(self):
        """Serve until Odoo ends, which it should not do by itself."""
        self._process.wait()
        raise self._ended("Odoo has ended")
