"""Databases: templates that are made once, copies of them, and modules installed into copies."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import paths, process, python_env
from .console import SandboxError, step

ADDON_DEPENDENCIES = ("sale_management", "sale_crm", "sale_stock", "sale_margin", "spreadsheet_dashboard")

_QUERY = """
import json, sys, psycopg2
database, query, parameters = json.load(sys.stdin)
connection = psycopg2.connect(dbname=database)
connection.autocommit = True
with connection.cursor() as cursor:
    cursor.execute(query, parameters)
    print(json.dumps(cursor.fetchall() if cursor.description else [], default=str))
"""


@dataclass(frozen=True)
class Template:
    """A database that is expensive to make and cheap to copy."""

    name: str
    modules: tuple = ADDON_DEPENDENCIES
    with_demo: bool = False
    languages: tuple = ()


# English alone: with Chinese loaded, those of core's tests that compare labels fail.
TESTS = Template("tests")
# The demo company buys and makes as well.
DEMO = Template(
    "demo",
    modules=(*ADDON_DEPENDENCIES, "purchase_stock", "sale_purchase_stock", "mrp", "sale_mrp", "purchase_mrp"),
    with_demo=True,
    languages=("zh_CN",),
)
EMPTY = Template("empty", languages=("zh_CN",))
CORE_SUITES = Template("core", modules=(*ADDON_DEPENDENCIES, "test_lint"))
# What buys, makes and expires: beside it, the tests tagged `companions` run every time.
MAKING = Template("making", modules=(
    *ADDON_DEPENDENCIES,
    "purchase_stock", "sale_purchase_stock", "mrp", "sale_mrp", "purchase_mrp", "product_expiry", "stock_dropshipping",
))
COMPANIONS = Template("companions", modules=(
    *ADDON_DEPENDENCIES,
    "purchase", "mrp", "website_sale", "pos_sale", "sale_project", "sale_loyalty", "product_expiry",
))


def query(env, statement, parameters=(), database="postgres"):
    """Run one statement outside of a transaction and return its rows. The sandbox's own Python has no driver."""
    done = subprocess.run(
        [env.python, "-c", _QUERY],
        input=json.dumps([database, statement, list(parameters)]),
        capture_output=True, text=True, env=env.variables,
    )
    if done.returncode:
        raise process.failed("PostgreSQL refused", done.stderr.splitlines()[-3:], "the server's own")
    return json.loads(done.stdout)


def exists(env, database):
    return bool(query(env, "SELECT 1 FROM pg_database WHERE datname = %s", [database]))


def names(env, pattern):
    rows = query(env, "SELECT datname FROM pg_database WHERE datname ~ %s ORDER BY 1", [pattern])
    return [name for name, in rows]


def filestore(env, database):
    return Path(env.data_dir) / "filestore" / database


def drop(env, database):
    """Drop a database with its files, if there is one."""
    query(env, f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    shutil.rmtree(filestore(env, database), ignore_errors=True)


def rename(env, database, new_name):
    """Give a finished database its name. The files go first: without its database a folder of files does no harm."""
    shutil.rmtree(filestore(env, new_name), ignore_errors=True)
    if filestore(env, database).exists():
        filestore(env, database).rename(filestore(env, new_name))
    query(env, f'ALTER DATABASE "{database}" RENAME TO "{new_name}"')


def clone(env, source, database):
    """Copy a database; its files are hard links, as Odoo never writes into one."""
    drop(env, database)
    if filestore(env, source).exists():
        shutil.copytree(filestore(env, source), filestore(env, database), copy_function=os.link)
    query(env, f'CREATE DATABASE "{database}" TEMPLATE "{source}"')


def remark(env, database):
    """Return what `set_remark` kept on a database."""
    rows = query(env, "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [database])
    return json.loads(rows[0][0]) if rows and rows[0][0] else {}


def set_remark(env, database, values):
    """Keep a few values on the database itself, so that they can never disagree with it."""
    query(env, f'COMMENT ON DATABASE "{database}" IS %s', [json.dumps(values)])


def key_of(env, template):
    """Return what a template depends on, beside the server's version: that has its own cluster."""
    return paths.digest(
        env.odoo.checksum, *template.modules, template.with_demo, *template.languages, python_env.REQUIREMENTS,
    )


def template(env, wanted):
    """Return the name of the template database, made if it is missing; those that it replaces are dropped."""
    base = env.database(f"template_{wanted.name}")
    database = f"{base}_{key_of(env, wanted)}"
    if exists(env, database):
        return database
    for old in names(env, f"^{base}_[0-9a-f]+(_building)?$"):
        drop(env, old)
    building = f"{database}_building"
    install(
        env, building, wanted.modules, f"Making the template database “{wanted.name}”",
        with_demo=wanted.with_demo, languages=wanted.languages,
    )
    rename(env, building, database)
    return database


def install(env, database, modules, title, with_demo=False, languages=(), upgrade=False):
    """Install (or upgrade) modules; the database is created where it is missing. Return the path of Odoo's log."""
    log = f"odoo-{database}"
    with step(title) as current:
        arguments = [
            f"--database={database}",
            f"--{'update' if upgrade else 'init'}={','.join(modules)}",
            "--stop-after-init", "--no-http", "--max-cron-threads=0", "--log-level=info",
            *(["--with-demo"] if with_demo else []),
            *([f"--load-language={','.join(languages)}"] if languages else []),
        ]
        process.run(
            env.odoo_command(*arguments),
            log=log,
            on_line=lambda line: show_progress(current, line),
            failure=f"{title}: Odoo failed",
            env=env.variables,
        )
        complaints = errors_in(process.log_path(log))
        if complaints:
            # Odoo ends with status 0 after some failures, such as a module that it does not know.
            raise process.failed(f"{title}: Odoo logged errors", complaints[:10], process.log_path(log))
    return process.log_path(log)


def show_progress(current, line):
    found = re.search(r"Loading module (\S+) \((\d+)/(\d+)\)", line)
    if found:
        current.show(f"{found[1]}, {found[2]} of {found[3]}")


def errors_in(log, levels=("ERROR", "CRITICAL")):
    """Return the log lines of these levels."""
    pattern = re.compile(rf"^\d{{4}}-\d\d-\d\d \S+ \d+ ({'|'.join(levels)}) ")
    with open(log, encoding="utf-8", errors="replace") as lines:
        return [line.rstrip() for line in lines if pattern.match(line)]


def unknown_modules(env, modules):
    """Return those of the modules that the addons paths lack."""
    folders = [Path(folder) for folder in (*env.odoo.addons_paths, paths.ROOT)]
    return [name for name in modules if not any((folder / name / "__manifest__.py").exists() for folder in folders)]


def require_addon():
    """Refuse to go on without the addon: the copy of the repository is incomplete."""
    manifest = paths.ROOT / paths.ADDON / "__manifest__.py"
    if not manifest.exists():
        raise SandboxError(f"{manifest} is missing.", "Is this a complete copy of the repository?")
