"""Templates and copies."""

import pytest

from sandbox.setup import databases
from sandbox.setup.console import SandboxError

TEMPLATE = databases.Template("probe")


@pytest.fixture
def bare(monkeypatch, sandbox_env):
    """Let databases be made without Odoo, and drop them."""

    def install(env, database, *_arguments, **_options):
        databases.query(env, f'CREATE DATABASE "{database}"')

    monkeypatch.setattr(databases, "install", install)
    yield sandbox_env
    for name in databases.names(sandbox_env, f"^{sandbox_env.database('template_probe')}"):
        databases.drop(sandbox_env, name)


def test_template_is_made_once(bare, monkeypatch):
    name = databases.template(bare, TEMPLATE)
    monkeypatch.setattr(databases, "install", lambda *_arguments, **_options: pytest.fail("made again"))
    assert databases.template(bare, TEMPLATE) == name


def test_what_an_interruption_left_is_replaced(bare):
    base = bare.database("template_probe")
    key = databases.key_of(bare, TEMPLATE)
    leftovers = [f"{base}_{key}_building", f"{base}_0123456789ab"]
    for name in leftovers:
        databases.query(bare, f'CREATE DATABASE "{name}"')
        databases.filestore(bare, name).mkdir(parents=True)
    name = databases.template(bare, TEMPLATE)
    assert databases.names(bare, f"^{base}") == [name]
    assert not any(databases.filestore(bare, leftover).exists() for leftover in leftovers)


def test_interrupted_making_is_no_template(bare, monkeypatch):
    def install(env, database, *_arguments, **_options):
        databases.query(env, f'CREATE DATABASE "{database}"')
        raise SandboxError("interrupted")

    monkeypatch.setattr(databases, "install", install)
    with pytest.raises(SandboxError):
        databases.template(bare, TEMPLATE)
    base = bare.database("template_probe")
    assert not databases.exists(bare, f"{base}_{databases.key_of(bare, TEMPLATE)}")


def test_key_follows_what_the_template_is_made_of(sandbox_env):
    keys = {
        databases.key_of(sandbox_env, template)
        for template in (
            databases.TESTS, databases.DEMO, databases.EMPTY, databases.MAKING, databases.COMPANIONS,
        )
    }
    assert len(keys) == 5


def test_remark_goes_with_the_database(bare):
    name = databases.template(bare, TEMPLATE)
    assert databases.remark(bare, name) == {}
    databases.set_remark(bare, name, {"addon": "it's"})
    assert databases.remark(bare, name) == {"addon": "it's"}


def test_copies_share_files_but_not_folders(bare):
    source = databases.template(bare, TEMPLATE)
    file = databases.filestore(bare, source) / "ab" / "abcd"
    file.parent.mkdir(parents=True)
    file.write_text("content", encoding="utf-8")
    copy = bare.database("template_probe_copy")
    databases.clone(bare, source, copy)
    copied = databases.filestore(bare, copy) / "ab" / "abcd"
    assert copied.samefile(file)
    databases.drop(bare, copy)
    assert file.exists()
    assert not copied.exists()


def test_refused_statement_says_why(sandbox_env):
    with pytest.raises(SandboxError, match="PostgreSQL refused"):
        databases.query(sandbox_env, "SELECT nonsense")
