"""Finding or fetching Odoo 19.0. A source that was named but is wrong is an error, never a reason to try the next."""

import importlib.util
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import debian, paths, process
from .console import SandboxError, say, step

SERIES = "19.0"
FOLDER = paths.CACHE / "odoo"
IMPORT_PATH = "usr/lib/python3/dist-packages"

PACKAGE = "odoo-19"
KNOWN_CHECKSUM = "9d2f598b0555db17e291d48ed24df184c70823c053c4c5ed53c467ca7f629bbf"
# Odoo's package links to files of these.
COMPANIONS = [
    *(f"{name}/unstable" for name in (
        "libjs-jquery", "libjs-jquery-form", "libjs-underscore",
        "fonts-montserrat", "fonts-roboto-unhinted", "fonts-inconsolata", "fonts-ocr-b",
    )),
    # Version 4.7: the one of unstable has other files.
    "fonts-font-awesome/bookworm",
]
# Two thirds of the package are translations into languages that nobody asks the sandbox for.
UNWANTED = ("*/i18n/[a-y]*.po", "*/i18n/zh_TW.po")
# Stripped from the package as not free. Without a file in its place every page logs an error and browser tests fail.
STRIPPED = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"

UPSTREAM = "https://github.com/odoo/odoo.git"


@dataclass(frozen=True)
class OdooSource:
    """An Odoo that can be run."""

    #: the folder from which `import odoo` works
    import_path: str
    #: the folders of core's addons
    addons_paths: tuple
    #: changes when the source does
    checksum: str
    label: str


def find(named=None):
    """Return Odoo 19.0 from the first source that has it.

    :param str named: a checkout given at the command line; else ODOO_PATH
    """
    checkout, origin = (named, "--odoo") if named else (os.environ.get("ODOO_PATH"), "ODOO_PATH")
    if checkout:
        return from_checkout(Path(checkout).expanduser().resolve(), origin)
    return from_active_python() or from_cache() or fetch()


def series_of(odoo):
    """Return the series of the `odoo` package in this folder, or None.

    The file is read and not imported: Odoo's requirements need not be there yet.
    """
    try:
        release = (odoo / "release.py").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r"^version_info\s*=\s*\((?:'saas~)?(\d+)'?,\s*(\d+)", release, re.MULTILINE)
    return found and f"{found[1]}.{found[2]}"


def from_checkout(folder, origin):
    """Return the checkout that somebody named, or say what is wrong with it."""
    advice = f"Give a checkout of Odoo {SERIES} (with odoo-bin and odoo/release.py), or none at all."
    if not folder.is_dir():
        raise SandboxError(f"{origin} names {folder}, which is not a folder.", advice)
    series = series_of(folder / "odoo")
    if not series:
        raise SandboxError(f"{origin} names {folder}, which has no odoo/release.py: not an Odoo checkout.", advice)
    if series != SERIES:
        raise SandboxError(f"{origin} names {folder}, which is Odoo {series}; the addon is for {SERIES}.", advice)
    return _source(folder, f"{origin} {folder}", checksum_of(folder))


def from_active_python():
    """Return the Odoo that the Python running this can import, or None."""
    try:
        spec = importlib.util.find_spec("odoo")
    except (ImportError, ValueError):
        return None
    for location in (spec.submodule_search_locations or ()) if spec else ():
        odoo = Path(location)
        if series_of(odoo) == SERIES:
            return _source(odoo.parent, f"the active Python's {odoo}", checksum_of(odoo.parent))
    return None


def from_cache():
    marker = FOLDER / "checksum"
    try:
        checksum = marker.read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return _cached(checksum)


def _cached(checksum):
    packaged = FOLDER / IMPORT_PATH
    return _source(packaged if packaged.is_dir() else FOLDER, "the cache in .sandbox", checksum)


def _source(import_path, label, checksum):
    addons = [import_path / "odoo" / "addons", import_path / "addons"]
    return OdooSource(str(import_path), tuple(str(folder) for folder in addons if folder.is_dir()), checksum, label)


def checksum_of(folder):
    """Return a key of a checkout's state: its files' names, sizes and times, as reading 400 MB takes too long."""
    parts = []
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in ("__pycache__", "i18n") and name[0] != ".")
        for name in sorted(files):
            if name.endswith((".py", ".xml", ".csv", ".js")):
                status = os.stat(os.path.join(parent, name))
                parts.append(f"{parent}/{name} {status.st_size} {status.st_mtime_ns}")
    return paths.digest("\n".join(parts))


def fetch():
    """Bring Odoo into the cache: from Debian, else from upstream's repository."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    errors = []
    for way in (from_debian, from_git):
        try:
            return way()
        except SandboxError as error:
            errors.append(error)
    sources = (
        "ODOO_PATH or --odoo (none was named)",
        "an importable odoo in the active Python (none)",
        "the cache in .sandbox (empty)",
        f"Debian's package {PACKAGE}: {errors[0]}",
        f"a git clone of upstream's branch {SERIES}: {errors[1]}",
    )
    listed = "\n".join(f"       {number}. {text}" for number, text in enumerate(sources, start=1))
    advice = errors[0].advice or f"Name a checkout of Odoo {SERIES} in ODOO_PATH."
    raise SandboxError(f"no Odoo {SERIES} to be had:\n{listed}", advice)


def from_debian():
    """Unpack Debian's package and what it links to, into a temporary folder that becomes the cache when whole."""
    if not debian.is_available():
        raise SandboxError("this is no Debian with a configured mirror and archive keyring")
    debian.update()
    files = debian.download([PACKAGE, *COMPANIONS], f"Fetching Odoo {SERIES}")
    checksum = files[0][1].checksum
    if checksum != KNOWN_CHECKSUM:
        say(f"    note: {files[0][0].name} is a newer packaging than the one this was tried with.")
    building = paths.CACHE / "odoo.building"
    shutil.rmtree(building, ignore_errors=True)
    with step(f"Unpacking Odoo {SERIES}") as current:
        for file, _package in files:
            current.show(file.name)
            debian.unpack(file, building, UNWANTED)
        if series_of(building / IMPORT_PATH / "odoo") != SERIES:
            raise SandboxError(f"Debian's {PACKAGE} is no Odoo {SERIES} any more")
        stub = building / IMPORT_PATH / "odoo" / "addons" / STRIPPED
        paths.ensure(stub.parent)
        stub.touch()
        (building / "checksum").write_text(checksum, encoding="utf-8")
        building.rename(FOLDER)
    for file, _package in files:
        file.unlink()
    return _cached(checksum)


def from_git():
    if not shutil.which("git"):
        raise SandboxError("git is not installed")
    building = paths.CACHE / "odoo.building"
    shutil.rmtree(building, ignore_errors=True)
    with step(f"Cloning Odoo {SERIES}") as current:
        process.run(
            ["git", "clone", "--depth=1", "--progress", f"--branch={SERIES}", UPSTREAM, building],
            log="git-clone",
            on_line=current.show,
            failure="upstream's repository could not be cloned",
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
        )
        checksum = process.output_of("git", "-C", building, "rev-parse", "HEAD") or SERIES
        (building / "checksum").write_text(checksum, encoding="utf-8")
        building.rename(FOLDER)
    return _cached(checksum)
