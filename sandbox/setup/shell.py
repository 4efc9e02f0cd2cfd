"""./sandbox/shell: Odoo's Python shell on the database that ./sandbox/run serves."""

import argparse
import signal
import subprocess

from . import environment, server


def main(arguments):
    parser = argparse.ArgumentParser(
        prog="./sandbox/shell",
        description="Open Odoo's shell (with `env`) on the database of ./sandbox/run, also while that is serving.",
        epilog="Further arguments go to `odoo shell`. A script on standard input is run: ./sandbox/shell < script.py",
    )
    parser.add_argument("--no-demo", action="store_true", help="the database of ./sandbox/run --no-demo")
    parser.add_argument("--odoo", metavar="PATH", help="a checkout of Odoo 19.0 to use")
    options, further = parser.parse_known_args(arguments)
    with environment.prepare(options.odoo) as env:
        name = server.database(env, with_demo=not options.no_demo, reset=False)
        # Ctrl-C belongs to the shell, which shares our terminal; ignored outright, the shell would inherit that.
        signal.signal(signal.SIGINT, lambda *_arguments: None)
        command = env.odoo_command("shell", f"--database={name}", "--no-http", "--log-level=warn", *further)
        return subprocess.call(command, env=env.variables)
