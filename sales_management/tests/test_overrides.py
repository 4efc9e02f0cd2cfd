"""Every method of core that we override still has the signature that ours has."""

import inspect

from odoo.tests import TransactionCase, tagged

ADDON = "odoo.addons.sales_management"


@tagged("post_install", "-at_install", "architecture")
class TestOverrides(TransactionCase):
    def test_overridden_methods_keep_their_signature(self):
        overridden, problems = set(), []
        for model in self.env.registry.values():
            for ours, name, core in self._iter_overrides(model):
                overridden.add(f"{model._name}.{name}")
                if self._get_parameters(ours) != self._get_parameters(core):
                    problems.append(f"{model._name}.{name}{inspect.signature(core)}, ours {inspect.signature(ours)}")
        self.assertFalse(problems)
        self.assertIn("crm.lead.create", overridden, "The walk finds the overrides.")

    @staticmethod
    def _iter_overrides(model):
        """Yield our method, its name and the method of core behind it."""
        classes = model.__mro__
        for position, cls in enumerate(classes):
            if not cls.__module__.startswith(ADDON) or getattr(cls, "pool", None):
                continue
            for name, ours in vars(cls).items():
                if not inspect.isfunction(ours):
                    continue
                behind = (
                    vars(other)[name]
                    for other in classes[position + 1 :]
                    if name in vars(other) and not other.__module__.startswith(ADDON)
                )
                core = next(behind, None)
                if inspect.isfunction(core):
                    yield inspect.unwrap(ours), name, inspect.unwrap(core)

    @staticmethod
    def _get_parameters(method):
        return [
            (parameter.name, parameter.kind, parameter.default)
            for parameter in inspect.signature(method).parameters.values()
        ]
