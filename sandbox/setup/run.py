"""./sandbox/run: from a bare machine to a served Odoo with the addon."""

import argparse

from . import console, environment, lock, server
from .console import format_seconds, say

PORT = 8069
DESCRIPTION = """\
Serve Odoo 19 with the addon and its demo company on this machine. What is missing is set up first: Odoo, its Python
requirements, PostgreSQL, the database. Everything lies under .sandbox/; deleting that folder undoes it.
Ctrl-C stops it."""
EPILOG = """\
environment variables:
  ODOO_PATH         a checkout of Odoo 19.0 to use (as --odoo)
  PGHOST, PGUSER    a PostgreSQL server to use instead of a private one; the role must be a superuser, not postgres

The database stays as it is between starts. After a change of the addon's files, the next start upgrades it."""


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="./sandbox/run", description=DESCRIPTION, epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=PORT, help="port to serve on (%(default)s)")
    parser.add_argument("--reset", action="store_true", help="make the database anew")
    parser.add_argument("--lang", choices=("en_US", "zh_CN"), help="give all users this language")
    parser.add_argument("--no-demo", action="store_true", help="an empty company, in a database of its own")
    parser.add_argument("--odoo", metavar="PATH", help="a checkout of Odoo 19.0 to use")
    options = parser.parse_args(arguments)
    if not 0 < options.port < 65536:
        parser.error(f"argument --port: {options.port} is not a port")
    return options


def main(arguments):
    options = parse(arguments)
    total = console.Step("")
    with lock.exclusive("run", "./sandbox/run"):
        server.check_port(options.port)
        say("Odoo 19 with Sales Management")
        with environment.prepare(options.odoo) as env:
            name = server.database(env, with_demo=not options.no_demo, reset=options.reset)
            if options.lang:
                server.set_language(env, name, options.lang)
            with server.OdooServer(env, name, options.port) as odoo:
                welcome(env, name, odoo.url)
                say(f"\nReady after {format_seconds(total.elapsed)}. Ctrl-C stops it. Log: {odoo.log}")
                odoo.wait()
    return 0


def welcome(env, name, url):
    """Say where Odoo is, who can log in and what to open first."""
    say(f"\n  {url}\n\n  Log in (the password is the login) as")
    for login in server.logins(env, name):
        say(f"    {login:<15} {server.ROLES[login]}")
    say("\n  and open first")
    for path in server.pages(env, name):
        say(f"    {f'{url}/odoo/{path}':<50} {server.PAGES[path]}")
