"""# unreadable-file (POOL902)

A file that may concern this linter cannot be decoded or parsed, so nothing in it was checked.

## What it does

Reports a Python file that names one of the libraries this linter knows, but is not text in the
encoding it declares, or is not Python although some statement of it may hold a mistake. The
finding stands where reading stopped. All other files are checked as usual.

## Why it hurts

A file that cannot be read looks like a file without mistakes. Silence would be wrong, and
stopping the whole run would hide the findings in every other file. The message is Python's own or
the parser's, for example `SyntaxError: '(' was never closed`.

## Example

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine("postgresql+asyncpg://app@db.internal/shop"
```

## Use instead

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
```

## Fix safety

There is no automatic fix: what the author meant cannot be known from text that is not Python.

## When not to use it

Templates and deliberately broken test data that end in `.py` belong into `exclude` in
`[tool.pool-lint]`.

## References

* Python: Encoding declarations:
  <https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.report import Report


def check(model: ModuleModel) -> Iterable[Report]:
    return iter(())


RULE = Rule(
    code="POOL902",
    name="unreadable-file",
    level=Level.ERROR,
    summary="a file cannot be decoded or parsed",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    fixable=False,
)
