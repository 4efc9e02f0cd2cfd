"""The examples in docstrings: of the addon's arithmetic, which needs no database, and of the sandbox."""

import doctest
import importlib

import pytest

from sandbox.setup import paths


def _modules():
    addon = paths.ROOT / paths.ADDON
    for path in sorted((addon / "tools").rglob("*.py")):
        yield ".".join(("odoo", "addons", *path.relative_to(paths.ROOT).with_suffix("").parts))
    for path in sorted((paths.ROOT / "sandbox" / "setup").glob("*.py")):
        # It starts Odoo's server when imported, as a program of Odoo's Python.
        if path.stem not in ("__init__", "at_install"):
            yield f"sandbox.setup.{path.stem}"


@pytest.mark.parametrize("name", _modules())
def test_examples(name):
    results = doctest.testmod(importlib.import_module(name.removesuffix(".__init__")))
    assert results.failed == 0
