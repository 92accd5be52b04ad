"""Names that certainly are no project's own."""

from __future__ import annotations

import sys

from pool_lint.knowledge import slow
from pool_lint.knowledge import sqlalchemy as sa

# What these names mean is known, or does not matter.
_FOREIGN = frozenset((*sys.stdlib_module_names, *slow.TABLE, "sqlalchemy", "sqlmodel", "asyncpg",
                      "fastapi", "starlette", "flask", "pydantic", "alembic"))  # fmt: skip


def is_foreign(path: str) -> bool:
    """Whether a dotted path certainly is not the project's."""
    root = path.partition(".")[0]
    return root in _FOREIGN or "(" in path or sa.is_sqlalchemy(path)


def is_foreign_root(root: str) -> bool:
    """Whether the first name of a dotted path is that of a library."""
    return root in _FOREIGN
