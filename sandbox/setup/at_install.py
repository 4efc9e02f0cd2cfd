"""Runs at_install tests in the full registry. Run by Odoo's Python, with Odoo's own options.

Odoo runs these tests while it loads the module that they belong to, before the modules that extend it: there, they
would never see the addon's code.
"""

import os
import sys
import threading
import time

import odoo.http
import odoo.modules.registry
import odoo.service.server
import odoo.tools
from odoo.tests import loader


def main(arguments):
    odoo.tools.config.parse_config(arguments, setup_logging=True)
    # Set after the command line: as an option it would run the tests while the registry loads.
    database = odoo.tools.config["db_name"][0]
    odoo.service.server.load_server_wide_modules()
    server = odoo.service.server.server = odoo.service.server.ThreadedServer(odoo.http.root)
    threading.current_thread().dbname = database
    tags = odoo.tools.config["test_tags"]
    odoo.tools.config["test_enable"] = False
    registry = odoo.modules.registry.Registry(database)
    odoo.tools.config["test_enable"] = True
    server.http_spawn()
    started = time.monotonic()
    suite = loader.make_suite(sorted(registry._init_modules), "at_install")
    result = loader.run_suite(suite)
    seconds = time.monotonic() - started
    loader._logger.info("%s at_install tests in %.1f s (%s): %s", result.testsRun, seconds, tags, result)
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads of the server and of browsers outlive the tests, and a normal exit would wait for them.
    os._exit(status)
