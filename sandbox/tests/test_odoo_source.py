"""Where Odoo is taken from."""

import pytest

from sandbox.setup import odoo_source, paths
from sandbox.setup.console import SandboxError


@pytest.fixture(autouse=True)
def nothing_else(monkeypatch, cache):
    """Let no other source be found."""
    monkeypatch.delenv("ODOO_PATH", raising=False)
    monkeypatch.setattr(odoo_source, "from_active_python", lambda: None)


@pytest.mark.parametrize(("version", "message"), [
    ("(18, 0, 0, FINAL, 0, '')", "is Odoo 18.0; the addon is for 19.0"),
    ("('saas~19', 1, 0, FINAL, 0, '')", "is Odoo 19.1; the addon is for 19.0"),
])
def test_other_series_is_refused(make_checkout, monkeypatch, version, message):
    monkeypatch.setenv("ODOO_PATH", str(make_checkout("checkout", version)))
    with pytest.raises(SandboxError, match=message):
        odoo_source.find()


def test_named_source_that_is_wrong_never_falls_through(make_checkout, monkeypatch, tmp_path):
    monkeypatch.setenv("ODOO_PATH", str(make_checkout("good")))
    for wrong, message in ((tmp_path / "absent", "not a folder"), (tmp_path, "not an Odoo checkout")):
        with pytest.raises(SandboxError, match=f"--odoo names .*{message}"):
            odoo_source.find(str(wrong))


def test_checkout_is_found_with_both_folders_of_addons(make_checkout, monkeypatch):
    checkout = make_checkout("checkout")
    (checkout / "addons").mkdir()
    monkeypatch.setenv("ODOO_PATH", str(checkout))
    source = odoo_source.find()
    assert source.import_path == str(checkout)
    assert source.addons_paths == (str(checkout / "odoo" / "addons"), str(checkout / "addons"))


def test_checksum_follows_the_sources(make_checkout):
    checkout = make_checkout("checkout")
    before = odoo_source.checksum_of(checkout)
    (checkout / "odoo" / "models.py").write_text("pass\n", encoding="utf-8")
    assert odoo_source.checksum_of(checkout) != before


def test_interrupted_unpacking_is_no_cache(make_checkout, monkeypatch):
    # What a killed process leaves: the folder that was being filled, and no marker.
    make_checkout(".sandbox/odoo.building")
    assert odoo_source.from_cache() is None
    fetched = object()
    monkeypatch.setattr(odoo_source, "from_debian", lambda: fetched)
    assert odoo_source.find() is fetched


def test_finished_cache_is_used(make_checkout):
    checkout = make_checkout(".sandbox/odoo")
    (checkout / "checksum").write_text("sum", encoding="utf-8")
    assert odoo_source.find().checksum == "sum"


def test_all_sources_are_listed_when_none_has_it(monkeypatch):
    def fail():
        raise SandboxError("unreachable", "Is the network reachable?")

    monkeypatch.setattr(odoo_source, "from_debian", fail)
    monkeypatch.setattr(odoo_source, "from_git", fail)
    with pytest.raises(SandboxError) as caught:
        odoo_source.find()
    assert [line.strip()[:2] for line in str(caught.value).splitlines()[1:]] == ["1.", "2.", "3.", "4.", "5."]
    assert not (paths.CACHE / "odoo").exists()
