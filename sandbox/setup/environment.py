"""The door: `prepare` sets up what is missing and gives a running environment."""

import json
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from . import lock, odoo_source, paths, postgres, python_env, system
from .console import SandboxError, format_bytes

# Whatever listens is for this machine alone.
HOST = "127.0.0.1"
# What an environment takes from nothing, with two template databases; measured, rounded up.
NEEDED_FROM_NOTHING = 4_000_000_000
NEEDED_WARM = 500_000_000


@dataclass(frozen=True)
class Environment:
    """A Python with Odoo's requirements, an Odoo, a running PostgreSQL and a data folder, ready to be used together."""

    python: str
    odoo: odoo_source.OdooSource
    server: postgres.Server
    data_dir: str
    #: packages of tools that are not installed and could not be
    missing_tools: tuple = ()

    @property
    def variables(self):
        """Environment variables for a program of this environment."""
        inherited = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
        return {
            **inherited,
            **self.server.variables,
            "PATH": os.pathsep.join([os.path.dirname(self.python), os.environ.get("PATH", os.defpath)]),
            "PYTHONPATH": self.odoo.import_path,
            # A configuration file of this machine's user must not steer the sandbox.
            "ODOO_RC": os.devnull,
            # Chromium and wkhtmltopdf choose the forms of Chinese characters by it.
            "FC_LANG": "zh-cn",
        }

    @property
    def options(self):
        """Odoo's options for the server, data folder and addons, for any of its commands."""
        return [
            f"--db_host={self.server.host}",
            f"--db_port={self.server.port}",
            f"--db_user={self.server.user}",
            f"--data-dir={self.data_dir}",
            f"--http-interface={HOST}",
            f"--addons-path={','.join((*self.odoo.addons_paths, str(paths.ROOT)))}",
        ]

    def odoo_command(self, *arguments):
        """Return the command line of Odoo with these arguments; a subcommand comes first."""
        subcommand = [arguments[0]] if arguments and not str(arguments[0]).startswith("-") else []
        return [self.python, "-m", "odoo", *subcommand, *self.options, *map(str, arguments[len(subcommand):])]

    def database(self, name):
        """Return the full name of one of the sandbox's databases."""
        return f"{self.server.prefix}_{name}"

    def to_json(self):
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text):
        """Return the environment that a parent process passed on, as the tests of the sandbox get it."""
        values = json.loads(text)
        source = values["odoo"] | {"addons_paths": tuple(values["odoo"]["addons_paths"])}
        return cls(**values | {
            "odoo": odoo_source.OdooSource(**source),
            "server": postgres.Server(**values["server"]),
            "missing_tools": tuple(values["missing_tools"]),
        })


@contextmanager
def prepare(odoo=None, tools=system.FOR_RUNNING):
    """Set up what is missing and give the running environment; the server stops when its last user leaves.

    :param str odoo: a checkout of Odoo to use instead of what would be found
    :param tools: programs that the system should bring
    """
    python_env.check_python()
    check_space()
    with lock.exclusive("setup", "setting up", wait=True):
        source = odoo_source.find(odoo)
        python = python_env.environment("python", python_env.REQUIREMENTS, "Installing Odoo's Python requirements")
        missing = system.ensure(tools)
        system.report(missing)
    with postgres.serving() as server:
        yield Environment(
            python=str(python),
            odoo=source,
            server=server,
            data_dir=str(paths.ensure(paths.CACHE / "data")),
            missing_tools=tuple(tool.package for tool in missing),
        )


def check_space():
    """Refuse to begin what would fill the disk half-way."""
    paths.ensure(paths.CACHE)
    is_warm = (paths.CACHE / "python" / "sandbox-key").exists()
    needed = NEEDED_WARM if is_warm else NEEDED_FROM_NOTHING
    free = free_space(paths.CACHE)
    if free < needed:
        raise SandboxError(
            f"{format_bytes(free)} are free on the disk of {paths.CACHE}; this needs {format_bytes(needed)}.",
            "Free some space and start again.",
        )


def free_space(folder):
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize
