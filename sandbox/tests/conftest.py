"""A sandbox folder of its own for each test that needs one."""

import pytest

from sandbox.setup import debian, odoo_source, paths


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Let the sandbox keep its things in a temporary folder."""
    folder = tmp_path / ".sandbox"
    for name, path in {
        "CACHE": folder, "LOGS": folder / "logs", "DOWNLOADS": folder / "downloads", "STATE": folder / "state",
    }.items():
        monkeypatch.setattr(paths, name, path)
    monkeypatch.setattr(odoo_source, "FOLDER", folder / "odoo")
    monkeypatch.setattr(debian, "FOLDER", folder / "apt")
    return paths.ensure(folder)


@pytest.fixture
def make_checkout(tmp_path):
    """Return a function that makes something that looks like a checkout of Odoo."""

    def make(name, version="(19, 0, 0, FINAL, 0, '')"):
        odoo = tmp_path / name / "odoo"
        (odoo / "addons").mkdir(parents=True)
        (odoo / "release.py").write_text(f"version_info = {version}\n", encoding="utf-8")
        return odoo.parent

    return make
