"""Debian's packages, when the network or an archive is broken."""

import hashlib
import shutil

import pytest

from sandbox.setup import debian, paths, system
from sandbox.setup.console import SandboxError

needs_apt = pytest.mark.skipif(not shutil.which("apt-get"), reason="no APT on this system")


@pytest.fixture
def offline(monkeypatch):
    """Send every request to a port that nobody listens on."""
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(debian, "RETRIES", 0)


@needs_apt
def test_no_network_says_so(cache, offline, monkeypatch):
    monkeypatch.setattr(debian, "mirror", lambda: "http://mirror.invalid/debian/")
    with pytest.raises(SandboxError, match="package lists could not be fetched") as caught:
        debian.update()
    assert "network" in caught.value.advice


@needs_apt
def test_private_configuration_leaves_the_systems_alone(cache):
    settings = debian._options()
    for name in ("Dir::State::Lists", "Dir::Cache", "Dir::State::status", "Dir::Etc::SourceList"):
        assert any(setting.startswith(f"{name}={paths.CACHE}") for setting in settings)
    assert not any("trusted" in setting for setting in settings)


def test_file_of_the_right_size_but_other_content_is_not_intact(tmp_path):
    content = b"package"
    package = debian.Package("url", "a.deb", len(content), hashlib.sha256(content).hexdigest())
    assert not debian.is_intact(tmp_path, package)
    for written, intact in ((content, True), (b"p" * len(content), False)):
        (tmp_path / package.file).write_bytes(written)
        assert debian.is_intact(tmp_path, package) is intact


def test_progress_counts_what_has_arrived(tmp_path):
    (tmp_path / "partial").mkdir()
    (tmp_path / "partial" / "a.deb").write_bytes(b"12345")
    assert debian.size_of(tmp_path, "a.deb") == 5
    assert debian.size_of(tmp_path, "b.deb") == 0


@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="no dpkg on this system")
def test_broken_archive_is_named(tmp_path):
    file = tmp_path / "broken.deb"
    file.write_bytes(b"!<arch>\nnot really")
    with pytest.raises(SandboxError, match=r"broken\.deb could not be unpacked"):
        debian.unpack(file, tmp_path / "target")


def test_ordinary_user_is_told_what_to_install(monkeypatch, capsys):
    tool = system.Tool("Chromium", "chromium", "browser tests", ("a-browser-that-nobody-has",))
    monkeypatch.setattr(system, "can_install", lambda: False)
    missing = system.ensure([tool])
    system.report(missing)
    said = capsys.readouterr().out
    assert "Chromium is not installed: browser tests will be missing" in said
    assert "apt-get install chromium" in said
