"""Installs the addon into the data set, and says how much of that time its hooks took."""

import time
from contextlib import closing

from odoo import modules
from odoo.modules.registry import Registry

ADDON = "sales_management"
HOOKS = ("pre_init_hook", "post_init_hook")


def install(database):
    """Install the addon and return the seconds: of each hook, and of the whole."""
    seconds = {}
    modules.module.initialize_sys_path()
    addon = __import__(f"odoo.addons.{ADDON}", fromlist=HOOKS)
    for name in HOOKS:
        if hasattr(addon, name):
            setattr(addon, name, _timed(getattr(addon, name), name, seconds))
    # The data set's own registry is loaded first: installing from the Apps menu does not pay for that either.
    Registry(database)
    started = time.perf_counter()
    Registry.new(database, update_module=True, install_modules=(ADDON,))
    seconds["whole installation"] = time.perf_counter() - started
    with closing(Registry(database).cursor()) as cr:
        cr.execute("SELECT state FROM ir_module_module WHERE name = %s", [ADDON])
        assert cr.fetchone() == ("installed",), "the addon was not installed"
    return seconds


def _timed(hook, name, seconds):
    def run(env):
        started = time.perf_counter()
        result = hook(env)
        env.cr.flush()
        seconds[name] = time.perf_counter() - started
        return result

    return run
