"""The private cluster's places and accounts."""

import os
import pwd
import shutil
import tempfile
from pathlib import Path

import pytest

from sandbox.setup import lock, paths, postgres
from sandbox.setup.console import SandboxError

ME = pwd.getpwuid(os.geteuid())
binaries = postgres.local_binaries()
needs_binaries = pytest.mark.skipif(not binaries, reason="no local PostgreSQL")


@pytest.fixture
def temporary(monkeypatch):
    """Remove the folders outside of the checkout that a test makes."""
    monkeypatch.setattr(paths, "CHECKOUT", f"{os.getpid():08x}")
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("TMPDIR", tempfile.gettempdir())
    yield
    for folder in Path(tempfile.gettempdir()).glob(f"sandbox-{paths.CHECKOUT}-*"):
        shutil.rmtree(folder)


def test_given_server_must_not_be_used_as_postgres(monkeypatch):
    monkeypatch.setenv("PGHOST", "a-host")
    monkeypatch.setenv("PGUSER", "postgres")
    with pytest.raises(SandboxError, match="refuses to work as the role postgres"):
        postgres.given()


def test_databases_on_a_given_server_tell_the_checkouts_apart(monkeypatch):
    monkeypatch.setenv("PGHOST", "a-host")
    monkeypatch.setenv("PGUSER", "somebody")
    assert paths.CHECKOUT in postgres.given().prefix


def test_closed_parent_is_noticed(tmp_path):
    nobody = pwd.getpwnam("nobody")
    inner = tmp_path / "inner"
    inner.mkdir()
    tmp_path.chmod(0o700)
    assert postgres.can_enter(inner, ME)
    assert not postgres.can_enter(inner, nobody)


@needs_binaries
@pytest.mark.usefixtures("temporary")
def test_cluster_avoids_folders_that_its_account_cannot_enter(cache, monkeypatch):
    monkeypatch.setattr(postgres, "can_enter", lambda folder, _account: folder != paths.CACHE)
    assert paths.CACHE not in postgres.Cluster(binaries).data.parents


@needs_binaries
@pytest.mark.usefixtures("temporary")
def test_long_path_gets_a_socket_elsewhere(cache, monkeypatch):
    monkeypatch.setattr(postgres, "can_enter", lambda *_arguments: True)
    monkeypatch.setattr(paths, "CACHE", paths.ensure(cache / ("x" * 100)))
    cluster = postgres.Cluster(binaries)
    assert len(f"{cluster.socket}/.s.PGSQL.{postgres.PORT}") < 107
    assert cluster.socket.stat().st_mode & 0o777 == 0o700


@pytest.mark.usefixtures("temporary")
def test_folder_prepared_by_somebody_else_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "can_enter", lambda *_arguments: True)
    folder = tmp_path / f"sandbox-{paths.CHECKOUT}-socket"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(SandboxError, match="belongs to somebody else"):
        postgres.private_folder([tmp_path], "socket", ME)


@needs_binaries
@pytest.mark.usefixtures("temporary")
def test_cluster_outside_ends_with_the_folder_that_it_belongs_to(cache, monkeypatch):
    monkeypatch.setattr(postgres, "can_enter", lambda folder, _account: folder != paths.CACHE)
    before = postgres.Cluster(binaries)
    assert postgres.Cluster(binaries).data == before.data
    shutil.rmtree(paths.STATE)
    after = postgres.Cluster(binaries)
    assert after.data != before.data
    assert not before.data.parent.exists()


@needs_binaries
def test_cluster_stays_while_somebody_uses_it(monkeypatch):
    monkeypatch.delenv("PGHOST", raising=False)
    with postgres.serving() as server:
        assert Path(server.host).is_dir()
        users = lock.Shared("postgres")
        users.join()
        # ./sandbox/test, which runs this, uses the same server.
        assert not users.leave()
        users.close()
