#!/usr/bin/env python3
"""Write the table of the core methods that the addon overrides into docs/architecture.md.

    docs/generate_overrides.py            writes the table
    docs/generate_overrides.py --check    fails when the table is not that of the code

An override is a method that calls the one of the same name of `super()`, on a model of core's, unless the addon itself
brought that method (a hook); or a class attribute that core's models have too.
"""

import argparse
import ast
import re
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
MODELS = ROOT / "sales_management" / "models"
BEGIN = "<!-- overrides: written by docs/generate_overrides.py -->\n"
END = "<!-- end of overrides -->\n"
#: Attributes that say what a class is, rather than change what core's class does.
DECLARATIONS = {"_name", "_inherit", "_inherits", "_description"}


class Override(NamedTuple):
    model: str
    name: str
    arguments: str | None  # None for an attribute
    path: Path


def literal(statement):
    """Value of an assignment of a literal, `None` when it is none."""
    try:
        return ast.literal_eval(statement.value)
    except ValueError:
        return None


def assignments(node):
    """The class attributes of literal values, by name."""
    return {
        statement.targets[0].id: literal(statement)
        for statement in node.body
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    }


def model_of(node, attributes, parents):
    """Name of the model that a class makes or extends, as Odoo finds it."""
    if attributes.get("_name"):
        return attributes["_name"]
    if len(parents) == 1:
        return parents[0]
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", ".", node.name).lower()


def calls_super(method):
    """Whether a method calls the one of the same name that it overrides."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == method.name
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "super"
        for node in ast.walk(method)
    )


def read_classes(folder):
    """Yield `(model, parents, attributes, node, path)` of each class of a model."""
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in (node for node in tree.body if isinstance(node, ast.ClassDef)):
            attributes = assignments(node)
            inherit = attributes.get("_inherit") or []
            parents = [inherit] if isinstance(inherit, str) else list(inherit)
            if parents or attributes.get("_name"):
                yield model_of(node, attributes, parents), parents, attributes, node, path


def find_overrides(folder=MODELS):
    """Return the overrides in the order of models and names; those of our mixins for each model that has them."""
    classes = list(read_classes(folder))
    ours = {model for model, parents, *_rest in classes if not parents}
    found, hooks = [], set()
    for model in sorted({model for model, *_rest in classes} - ours):
        family = {model}.union(*(parents for name, parents, *_rest in classes if name == model))
        for _model, _parents, attributes, node, path in (row for row in classes if row[0] in family & (ours | {model})):
            for name, value in attributes.items():
                if name.startswith("_") and name not in DECLARATIONS and value is not None:
                    found.append(Override(model, name, None, path))
            for method in (item for item in node.body if isinstance(item, ast.FunctionDef)):
                if calls_super(method):
                    found.append(Override(model, method.name, ast.unparse(method.args), path))
                else:
                    hooks.add((model, method.name))
    return sorted(override for override in found if (override.model, override.name) not in hooks)


def table(overrides):
    lines = ["| Model | Overridden | In |", "|---|---|---|"]
    for override in overrides:
        name = override.name if override.arguments is None else f"{override.name}({override.arguments})"
        path = override.path.relative_to(MODELS).as_posix()
        lines.append(f"| `{override.model}` | `{name}` | [{path}](../sales_management/models/{path}) |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when the table is out of date")
    check = parser.parse_args().check
    page = PAGE.read_text(encoding="utf-8")
    head, begin, rest = page.partition(BEGIN)
    _former, end, tail = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{PAGE}: the marks of the table are missing")
    new = f"{head}{BEGIN}\n{table(find_overrides())}\n{END}{tail}"
    if check and new != page:
        sys.exit(f"{PAGE}: the table of overrides is out of date. Run docs/generate_overrides.py.")
    if not check:
        PAGE.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
