"""A module of pool_lint imports only from floors below its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src"

# From the top down. Names on one floor know nothing of each other.
FLOORS = (
    ("surfaces", "__main__"),
    ("runner",),
    ("reporting", "fixing"),
    ("pipeline",),
    ("rules",),
    ("model",),
    ("syntax",),
    ("knowledge",),
    ("settings", "findings"),
)
HEIGHT = {name: -floor for floor, names in enumerate(FLOORS) for name in names}

# These name the parts for the outside: the first loads everything late, and the second starts
# the surface beside it.
EXEMPT = {"pool_lint", "pool_lint.__main__"}


def module_name(path: Path, src: Path = SRC) -> str:
    parts = path.relative_to(src).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST, module: str, is_package: bool) -> Iterator[tuple[int, str]]:
    """Every module that is named by an import, anywhere in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module.split(".")
                package = package[: len(package) - node.level + is_package]
                base = ".".join([*package, base]).rstrip(".")
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"


def floor_of(dotted: str) -> str | None:
    """The part of pool_lint that a dotted name lies in, None for the package itself."""
    parts = dotted.split(".")
    return parts[1] if parts[0] == "pool_lint" and len(parts) > 1 else None


def breaches(source: str, module: str, is_package: bool = False) -> list[str]:
    own = floor_of(module)
    found = []
    for line, name in imports(ast.parse(source), module, is_package):
        if name.split(".")[0] != "pool_lint":
            continue
        other = floor_of(name)
        if other in (own, "__version__") or (name == "pool_lint.lint" and own == "surfaces"):
            continue
        if other not in HEIGHT or own is None or HEIGHT[other] >= HEIGHT[own]:
            found.append(f"{module}:{line} imports {name}")
    return found


def modules() -> list[Path]:
    return sorted((SRC / "pool_lint").rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=module_name)
def test_imports_point_downwards(path: Path) -> None:
    module = module_name(path)
    if module in EXEMPT:
        return
    source = path.read_text(encoding="utf-8")
    assert floor_of(module) in HEIGHT, f"{module} stands on no floor"
    assert breaches(source, module, path.name == "__init__.py") == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("pool_lint.rules.engine.a", "from pool_lint.pipeline import lint"),
        ("pool_lint.rules.engine.a", "from pool_lint import lint"),
        ("pool_lint.rules.engine.a", "import pool_lint.surfaces.cli"),
        ("pool_lint.rules.engine.a", "from ...surfaces import cli"),
        ("pool_lint.rules.engine.a", "def f():\n    from pool_lint.runner import files"),
        ("pool_lint.reporting.json_", "from pool_lint.fixing import fix_text"),
        ("pool_lint.settings", "from pool_lint.findings import Level"),
        ("pool_lint.model.names", "from pool_lint import Finding"),
    ],
)
def test_a_breach_is_seen(module: str, line: str) -> None:
    assert len(breaches(line, module)) == 1


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("pool_lint.rules.engine.a", "from pool_lint.model.report import Report"),
        ("pool_lint.rules.engine.a", "from pool_lint.rules.rule import Rule"),
        ("pool_lint.rules.engine.a", "from ..rule import Rule"),
        ("pool_lint.surfaces.cli", "from pool_lint import __version__, lint"),
        ("pool_lint.syntax.source", "import libcst"),
    ],
)
def test_a_look_downwards_is_allowed(module: str, line: str) -> None:
    assert breaches(line, module) == []
