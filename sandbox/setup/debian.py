"""Debian packages: fetched and unpacked beside the system, or installed into it.

Fetching uses a private APT configuration (sources, lists and cache of its own), so it needs no rights and leaves the
system's APT alone. Signatures are checked against Debian's archive keyring.
"""

import hashlib
import os
import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

from . import paths, process
from .console import SandboxError, format_bytes, step

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
FOLDER = paths.CACHE / "apt"
RETRIES = 3
OFFLINE = "Is the network reachable? Run the command again once it is: what has arrived is kept."


@dataclass(frozen=True)
class Package:
    """A package file as APT names it."""

    url: str
    file: str
    size: int
    checksum: str


def is_available():
    """Tell whether Debian packages can be fetched here at all."""
    return bool(shutil.which("apt-get") and shutil.which("dpkg-deb") and KEYRING.exists() and mirror())


def mirror():
    """Return the address of the Debian mirror that the system's APT already uses, or None."""
    addresses = (process.output_of("apt-get", "indextargets", "--format", "$(REPO_URI)") or "").split()
    return next((address for address in addresses if address.rstrip("/").endswith("/debian")), None)


def _options():
    lists, cache = FOLDER / "lists", FOLDER / "cache"
    for folder in (lists / "partial", cache / "archives" / "partial"):
        paths.ensure(folder)
    status = FOLDER / "status"
    status.touch()
    settings = {
        "Dir::Etc::SourceList": FOLDER / "debian.sources",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Etc::Preferences": "/dev/null",
        "Dir::Etc::PreferencesParts": "/dev/null",
        "Dir::State::Lists": lists,
        "Dir::Cache": cache,
        # An empty status file: what is installed on this machine is of no concern.
        "Dir::State::status": status,
        # The user that APT would drop to could not enter the folder of somebody else.
        "APT::Sandbox::User": "root" if os.geteuid() == 0 else "",
        "Acquire::Languages": "none",
        "Acquire::Retries": RETRIES,
    }
    return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]


def update():
    """Fetch the lists of the two suites that the sandbox takes packages from."""
    paths.ensure(FOLDER)
    (FOLDER / "debian.sources").write_text(
        f"Types: deb\nURIs: {mirror()}\nSuites: unstable bookworm\nComponents: main\nSigned-By: {KEYRING}\n",
        encoding="utf-8",
    )
    with step("Reading Debian's package lists") as current:
        process.run(
            ["apt-get", *_options(), "-o", "APT::Update::Error-Mode=any", "update"],
            log="apt-update",
            on_line=current.show,
            failure="Debian's package lists could not be fetched",
            advice=OFFLINE,
        )


def resolve(names):
    """Return the packages that `names` (such as `odoo-19` or `libjs-jquery/unstable`) stand for."""
    # In an empty folder: APT leaves out what has arrived already.
    done = subprocess.run(
        ["apt-get", *_options(), "download", "--print-uris", *names],
        capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=paths.ensure(FOLDER / "empty"),
    )
    packages = [parse_uri(line) for line in done.stdout.splitlines() if line.startswith("'")]
    if done.returncode or len(packages) != len(names):
        raise process.failed("Debian lacks a package", done.stderr.splitlines(), FOLDER)
    return packages


def parse_uri(line):
    """Read one line of `apt-get --print-uris`.

    >>> parse_uri("'http://host/debian/pool/a_1_all.deb' a_1_all.deb 123 SHA256:beef")
    Package(url='http://host/debian/pool/a_1_all.deb', file='a_1_all.deb', size=123, checksum='beef')
    """
    url, file, size, checksum = line.split()
    return Package(url.strip("'"), file, int(size), checksum.partition(":")[2])


def download(names, title):
    """Fetch packages that have not arrived yet; return `(file, package)` pairs in the order of `names`."""
    folder = paths.ensure(paths.DOWNLOADS)
    with step(title) as current:
        packages = resolve(names)
        total = sum(package.size for package in packages)
        # APT takes a file of the right size for the right file, which after a crash it need not be.
        for package in packages:
            if not is_intact(folder, package):
                (folder / package.file).unlink(missing_ok=True)
        over = threading.Event()

        def watch():
            while not over.wait(0.3):
                done = sum(size_of(folder, package.file) for package in packages)
                current.show(f"{format_bytes(done)} of {format_bytes(total)}")

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            process.run(
                ["apt-get", *_options(), "download", *names],
                log="apt-download",
                cwd=folder,
                failure=f"{title}: the download failed",
                advice=OFFLINE,
            )
        finally:
            over.set()
            watcher.join()
        current.remark = format_bytes(total)
        broken = [package.file for package in packages if not is_intact(folder, package)]
        if broken:
            raise SandboxError(f"{', '.join(broken)} did not arrive intact.", OFFLINE)
        # APT lists them in an order of its own.
        by_name = {package.file.partition("_")[0]: package for package in packages}
        return [(folder / package.file, package) for package in (by_name[name.partition("/")[0]] for name in names)]


def is_intact(folder, package):
    """Tell whether a package has arrived whole."""
    try:
        with open(folder / package.file, "rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest() == package.checksum
    except OSError:
        return False


def size_of(folder, file):
    """Return how much of a file has arrived, wherever APT keeps the unfinished part."""
    for path in (folder / file, folder / "partial" / file):
        try:
            return path.stat().st_size
        except OSError:
            continue
    return 0


def unpack(file, folder, exclude=()):
    """Unpack the files of a package into `folder`, without installing it."""
    paths.ensure(folder)
    patterns = [f"--exclude={pattern}" for pattern in exclude]
    with subprocess.Popen(
        ["dpkg-deb", "--fsys-tarfile", file], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    ) as reader:
        try:
            # Owned by whoever unpacks: the archive's owner means nothing outside of an installation.
            writer = subprocess.run(
                ["tar", "-x", "--no-same-owner", "--wildcards", *patterns, "-C", folder],
                stdin=reader.stdout, capture_output=True, text=True,
            )
        finally:
            reader.stdout.close()
            if reader.poll() is None:
                reader.terminate()
        broken = reader.stderr.read().decode(errors="replace")
    if writer.returncode:
        raise process.failed(f"{file.name} could not be unpacked", (broken + writer.stderr).splitlines(), file)


def install(names, title):
    """Install packages into the system; only root may."""
    options = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    with step(title) as current:
        process.run(
            ["apt-get", "update"], log="apt-system-update", on_line=current.show, check=False, **options,
        )
        process.run(
            ["apt-get", "install", "-y", "--no-install-recommends", *names],
            log="apt-install",
            on_line=current.show,
            failure=f"{', '.join(names)} could not be installed",
            advice=OFFLINE,
            **options,
        )
