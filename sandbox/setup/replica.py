"""Two PostgreSQL servers, the one a streaming replica of the other: how a company grows that reads a lot."""

import shutil
import time
from contextlib import contextmanager
from dataclasses import replace

from . import databases, postgres, process

PRIMARY_PORT, REPLICA_PORT = 5442, 5443
CATCH_UP_SECONDS = 60


class Member(postgres.Cluster):
    """One of the two, beside the cluster of the checkout and with its settings."""

    def __init__(self, folder, name, port, source=None):
        super().__init__(folder)
        self.port = port
        self.source = source
        self.data = self.data.with_name(f"{self.data.name}-{name}")

    def create(self):
        """Make an empty cluster, or copy that of the primary, which from then on is followed."""
        if not self.source:
            super().create()
            return
        self._run(
            "pg_basebackup", "-D", self.data, "-R", "-X", "stream", "-c", "fast", "--no-sync",
            "-h", self.socket, "-p", str(self.source.port), "-U", postgres.ROLE,
            log="basebackup", failure="the primary could not be copied",
        )

    def start(self):
        if not self.data.exists():
            self.create()
        settings = {**postgres.SETTINGS, "unix_socket_directories": self.socket, "port": str(self.port)}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        self._run(
            "pg_ctl", "-D", self.data, "-l", self.data.with_suffix(".log"), "-w", "-t", "60", "-o", options, "start",
            log=f"postgres-{self.port}", failure="PostgreSQL did not start",
        )

    def drop(self):
        process.output_of(*self._as_server("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop"), cwd="/")
        shutil.rmtree(self.data, ignore_errors=True)

    def get_env(self, env):
        """:return: an environment that works on this server"""
        server = postgres.Server(str(self.socket), str(self.port), postgres.ROLE, "sandbox", is_private=True)
        return replace(env, server=server)


@contextmanager
def replicated(env, database):
    """Copy a database to a primary that a replica follows.

    :return: the environment of the primary, and that of the replica
    """
    folder = postgres.binaries()
    primary = Member(folder, "primary", PRIMARY_PORT)
    follower = Member(folder, "replica", REPLICA_PORT, source=primary)
    for member in (primary, follower):
        member.drop()
    try:
        primary.start()
        own = primary.get_env(env)
        databases.query(own, f'CREATE DATABASE "{database}"')
        _copy(folder, env, own, database)
        follower.start()
        yield own, follower.get_env(env)
    finally:
        for member in (follower, primary):
            member.drop()


def _copy(folder, env, target, database):
    dump = process.log_path(f"dump-{database}")
    options = [f"--dbname={database}", "--no-owner"]
    try:
        process.run(
            [folder / "pg_dump", "-Fc", "-Z0", f"--file={dump}", database], log="pg_dump", env=env.variables,
            failure="the database could not be read",
        )
        process.run(
            [folder / "pg_restore", *options, dump], log="pg_restore", env=target.variables,
            failure="the database could not be copied",
        )
    finally:
        dump.unlink(missing_ok=True)


def wait_until_caught_up(primary, follower):
    """Wait until the replica has all that the primary had when this was called."""
    [[position]] = databases.query(primary, "SELECT pg_current_wal_lsn()::text")
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while time.monotonic() < deadline:
        [[is_there]] = databases.query(follower, "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", [position])
        if is_there:
            return
        time.sleep(0.2)
    raise TimeoutError(f"the replica did not reach {position} within {CATCH_UP_SECONDS} seconds")
