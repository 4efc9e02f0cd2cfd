"""Python environments of the sandbox, made by uv from pinned files; by plain pip where uv cannot work."""

import os
import shutil
import sys
from pathlib import Path

from . import debian, paths, process
from .console import SandboxError, step

REQUIREMENTS = paths.ROOT / "sandbox" / "requirements.txt"
TOOL_REQUIREMENTS = paths.ROOT / "sandbox" / "requirements-tools.txt"
UV = "uv==0.13.9"
OLDEST, NEWEST = (3, 11), (3, 13)
OFFLINE = "Is the Python package index reachable? Run the command again once it is."


def check_python():
    """Refuse a Python that Odoo, or what its tests need, does not run on."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        raise SandboxError(
            f"Python {sys.version.split()[0]} runs this, but the sandbox needs {OLDEST[0]}.{OLDEST[1]} to "
            f"{NEWEST[0]}.{NEWEST[1]}.",
            "Start the command with one of those: python3.11 sandbox/run",
        )


def environment(name, requirements, title):
    """Return the Python of the environment `name`, made anew where the pins or the interpreter have changed."""
    folder = paths.CACHE / name
    key = paths.digest(requirements, sys.version, os.path.realpath(sys.executable))
    python = folder / "bin" / "python"
    marker = folder / "sandbox-key"
    if python.exists() and marker.exists() and marker.read_text(encoding="utf-8") == key:
        return python
    with step(title) as current:
        shutil.rmtree(folder, ignore_errors=True)
        uv = find_uv()
        if not uv or not _make_with_uv(uv, folder, requirements, current):
            _make_with_pip(folder, requirements, current)
        # Written last: an environment without it is unfinished and made again.
        marker.write_text(key, encoding="utf-8")
    return python


def tools():
    """Return the folder of the linters' and the builder's programs."""
    return environment("tools", TOOL_REQUIREMENTS, "Installing linters").parent


def find_uv():
    """Return uv, from the PATH or fetched into the cache; None where it cannot be had."""
    found = shutil.which("uv")
    if found:
        return found
    folder = paths.CACHE / "uv"
    uv = folder / "bin" / "uv"
    if not uv.exists():
        building = paths.CACHE / "uv.building"
        shutil.rmtree(building, ignore_errors=True)
        status = process.run(
            [*pip(), "install", "--quiet", "--target", building, UV], log="pip-uv", env=_variables(), check=False,
        )
        if status:
            return None
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)
    return uv


def pip():
    """Return the command that runs pip: Python's own, else the wheel that Debian keeps beside its Python."""
    if process.output_of(sys.executable, "-m", "pip", "--version"):
        return [sys.executable, "-m", "pip"]
    wheels = paths.CACHE / "pip"
    if not list(wheels.glob("usr/share/python-wheels/pip-*.whl")):
        if not debian.is_available():
            raise SandboxError("this Python has no pip.", "Install pip or uv (Debian: apt-get install python3-pip).")
        debian.update()
        for file, _package in debian.download(["python3-pip-whl/bookworm"], "Fetching pip"):
            debian.unpack(file, wheels)
    wheel = next(wheels.glob("usr/share/python-wheels/pip-*.whl"))
    return [sys.executable, wheel / "pip"]


def _variables():
    """Return environment variables that keep downloads in the cache and tell uv what pip is configured to."""
    caches = {"UV_CACHE_DIR": str(paths.DOWNLOADS / "uv"), "PIP_CACHE_DIR": str(paths.DOWNLOADS / "pip")}
    variables = {**os.environ, **caches}
    # The active environment is not ours to touch.
    variables.pop("VIRTUAL_ENV", None)
    variables.pop("PYTHONPATH", None)
    # A company's mirror is usually told to pip alone.
    index = os.environ.get("PIP_INDEX_URL") or process.output_of(
        sys.executable, "-m", "pip", "config", "get", "global.index-url",
    )
    if index:
        variables.setdefault("UV_DEFAULT_INDEX", index)
    return variables


def _make_with_uv(uv, folder, requirements, current):
    variables = _variables()
    commands = (
        [uv, "venv", "--quiet", "--python", sys.executable, folder],
        [uv, "pip", "install", "--python", folder / "bin" / "python", "-r", requirements],
    )
    return not any(
        process.run(command, log=f"uv-{folder.name}", on_line=current.show, check=False, env=variables)
        for command in commands
    )


def _make_with_pip(folder, requirements, current):
    """Make the environment without uv. Pip installs from outside, so the environment needs none of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    advice = f"uv had failed too: {process.log_path(f'uv-{folder.name}')}. {OFFLINE}"
    process.run(
        [sys.executable, "-m", "venv", "--without-pip", folder],
        log=f"venv-{folder.name}",
        failure="the Python environment could not be made",
    )
    process.run(
        [*pip(), "--python", folder / "bin" / "python", "install", "--progress-bar=off", "-r", requirements],
        log=f"pip-{folder.name}",
        on_line=current.show,
        failure="Python packages could not be installed",
        advice=advice,
        env=_variables(),
    )


def install_wheel(requirement, folder, title):
    """Unpack one pinned wheel, without its dependencies, into a folder of its own."""
    if folder.exists():
        return folder
    building = folder.with_name(f"{folder.name}.building")
    with step(title) as current:
        shutil.rmtree(building, ignore_errors=True)
        process.run(
            [*pip(), "install", "--progress-bar=off", "--no-deps", "--target", building, requirement],
            log=f"pip-{folder.name}",
            on_line=current.show,
            failure=f"{requirement} could not be installed",
            advice=OFFLINE,
            env=_variables(),
        )
        building.rename(folder)
    return Path(folder)
