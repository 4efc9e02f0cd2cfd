"""The rules that the layout keeps: who may import whom, how long a file grows, how the app is named."""

import ast
import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

ADDON = Path(__file__).parents[1]
NAME = "odoo.addons.sales_management."

#: What a capability may import from: nothing of another one.
COMMON_GROUND = ("const", "exceptions", "tools", "models.common")
#: The demo company plays through every capability, and nothing needs it.
NOT_CAPABILITIES = {"common", "demo"}
MAX_FILE_LINES = 400
MAX_METHOD_LINES = 40


def iter_sources(*folders):
    for folder in folders:
        yield from sorted((ADDON / folder).rglob("*.py"))


@tagged("post_install", "-at_install", "architecture")
class TestArchitecture(BaseCase):
    def test_capabilities_import_the_common_ground_only(self):
        problems = []
        for path in iter_sources("models"):
            capability = path.relative_to(ADDON / "models").parts[0]
            if capability in NOT_CAPABILITIES or capability.endswith(".py"):
                continue
            for name in self._get_imports(path):
                own = name == f"models.{capability}" or name.startswith(f"models.{capability}.")
                if not own and not name.startswith(COMMON_GROUND):
                    problems.append(f"{path.relative_to(ADDON)} imports {name}")
        self.assertFalse(problems)

    def test_common_ground_imports_no_capability(self):
        problems = [
            f"{path.relative_to(ADDON)} imports {name}"
            for path in iter_sources("models/common", "tools")
            for name in self._get_imports(path)
            if name.startswith("models.") and not name.startswith("models.common")
        ]
        self.assertFalse(problems)

    def test_tools_know_nothing_of_odoo(self):
        problems = [
            f"{path.name} imports {node.names[0].name}"
            for path in iter_sources("tools")
            for node in ast.walk(ast.parse(path.read_text()))
            if (isinstance(node, ast.Import) and node.names[0].name.split(".")[0] == "odoo")
            or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "odoo")
        ]
        self.assertFalse(problems)

    def test_a_file_holds_one_model(self):
        problems = []
        for path in iter_sources("models"):
            models = [
                node
                for node in ast.parse(path.read_text()).body
                if isinstance(node, ast.ClassDef)
                and any(isinstance(base, ast.Attribute) and base.attr.endswith("Model") for base in node.bases)
            ]
            if len(models) > 1:
                problems.append(f"{path.relative_to(ADDON)}: {', '.join(model.name for model in models)}")
        self.assertFalse(problems)

    def test_files_and_methods_are_small(self):
        problems = []
        for path in iter_sources("."):
            text = path.read_text()
            if len(text.splitlines()) > MAX_FILE_LINES:
                problems.append(f"{path.relative_to(ADDON)}: {len(text.splitlines())} lines")
            problems += [
                f"{path.relative_to(ADDON)}: {node.name} has {self._count_code_lines(node)} lines"
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.FunctionDef) and self._count_code_lines(node) > MAX_METHOD_LINES
            ]
        self.assertFalse(problems)

    def test_app_is_not_mistaken_for_that_of_core(self):
        """One letter separates this addon from core's own, so a settings block of that name would land elsewhere."""
        mistaken = re.compile(r"""(<app[^>]*name|data-key|['"]module['"]\s*:)\s*[=]?\s*['"]sale_management['"]""")
        problems = [
            str(path.relative_to(ADDON)) for path in sorted(ADDON.rglob("*.xml")) if mistaken.search(path.read_text())
        ]
        self.assertFalse(problems)

    @staticmethod
    def _get_imports(path):
        """Names below the addon that a file imports, such as ``models.process.crm_lead``."""
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                if node.level:
                    package = path.relative_to(ADDON).parts[: -node.level]
                    base = ".".join([*package, *filter(None, [node.module])])
                    yield from (f"{base}.{alias.name}" for alias in node.names)
                elif (node.module or "").startswith(NAME):
                    yield node.module.removeprefix(NAME)
            elif isinstance(node, ast.Import):
                yield from (alias.name.removeprefix(NAME) for alias in node.names if alias.name.startswith(NAME))

    @staticmethod
    def _count_code_lines(node):
        """Lines of a method without its docstring, which may be as long as its promise is."""
        docstring = node.body[0] if ast.get_docstring(node) else None
        return node.end_lineno - node.lineno + 1 - (docstring.end_lineno - docstring.lineno + 1 if docstring else 0)
