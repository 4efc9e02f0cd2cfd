"""./sandbox/build: the wheel for pip, and the zip to unpack into an addons folder."""

import argparse
import ast
import os
import shutil
import tempfile
import zipfile
from pathlib import Path

from . import databases, lock, paths, process, python_env
from .console import say, step

DIST = paths.ROOT / "dist"
# The wheel's version is the manifest's, whatever the state of the repository that it is built from.
BUILD_FILE = """\
[build-system]
requires = ["whool"]
build-backend = "whool.buildapi"

[tool.whool]
post_version_strategy_override = "none"
"""
# The earliest that a zip can hold: the same sources give the same file.
EPOCH = (1980, 1, 1, 0, 0, 0)


def main(arguments):
    argparse.ArgumentParser(
        prog="./sandbox/build",
        description="Build dist/: the wheel (pip install --no-deps) and the zip of the addon.",
    ).parse_args(arguments)
    databases.require_addon()
    with lock.exclusive("setup", "./sandbox/build", wait=True):
        python_env.check_python()
        tools = python_env.tools()
        paths.ensure(DIST)
        for file in (wheel(tools), archive()):
            say(f"  {file.relative_to(paths.ROOT)}")
    return 0


def manifest():
    return ast.literal_eval((paths.ROOT / paths.ADDON / "__manifest__.py").read_text(encoding="utf-8"))


def files():
    """Return the addon's files, without what running it left behind."""
    addon = paths.ROOT / paths.ADDON
    return sorted(
        path for path in addon.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    )


def wheel(tools):
    """Build the wheel from a copy, which alone gets the build file."""
    with step("Building the wheel"), tempfile.TemporaryDirectory(dir=paths.CACHE) as folder:
        addon = Path(folder) / paths.ADDON
        for path in files():
            target = addon / path.relative_to(paths.ROOT / paths.ADDON)
            paths.ensure(target.parent)
            shutil.copy(path, target)
        (addon / "pyproject.toml").write_text(BUILD_FILE, encoding="utf-8")
        built = paths.ensure(Path(folder) / "wheel")
        # The build backend is called as pip would, but needs no environment of its own to be made for it.
        process.run(
            [tools / "python", "-c", "import sys, whool.buildapi as api; api.build_wheel(sys.argv[1])", built],
            log="whool", cwd=addon,
            # whool takes what git knows; to git this copy inside an ignored folder would be empty.
            env={**os.environ, "GIT_CEILING_DIRECTORIES": folder, "SOURCE_DATE_EPOCH": "315532800"},
            failure="the wheel could not be built",
        )
        file = next(built.glob("*.whl"))
        return Path(shutil.move(file, DIST / file.name))


def archive():
    with step("Packing the zip"):
        target = DIST / f"{paths.ADDON}-{manifest()['version']}.zip"
        building = target.with_suffix(".building")
        with zipfile.ZipFile(building, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in files():
                entry = zipfile.ZipInfo(str(path.relative_to(paths.ROOT)), EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                packed.writestr(entry, path.read_bytes())
        return building.rename(target)
