"""# async-driver-in-sync-engine (POOL110)

A sync engine is given the URL of an async driver.

## What it does

Reports `create_engine(...)` with a URL whose driver works in async engines alone:
`postgresql+asyncpg://`, `sqlite+aiosqlite://`, `mysql+aiomysql://`, `mysql+asyncmy://`, ...

## Why it hurts

The engine is made without complaint. The first connection fails (SQLAlchemy 2.1.9, with
`await_only()` in place of `await_()` on 2.0.57):

```text
sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; can't call await_() here. Was
IO attempted in an unexpected place?
```

The text sounds like a mistake in the code that runs the statement. It is one in the URL: often one
setting, `DATABASE_URL`, serves the async application and a sync script.

## Example

```python
from sqlalchemy import create_engine

engine = create_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

## Use instead

```python
from sqlalchemy import create_engine

engine = create_engine(
    "postgresql+psycopg://app@db.internal/shop",
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

psycopg 3 serves sync and async engines with the same URL.

## Fix safety

Unsafe: the driver in the URL is replaced by a sync one, which has to be installed, and whose
options may be called otherwise. A URL with options is left to a person.

## When not to use it

`AsyncEngine(create_engine(...))`, the form of SQLAlchemy 1.4, needs the async driver; the rule
knows it where it stands in the same file. An engine of which only the dialect is asked for is not
reported.

## References

* MissingGreenlet: <https://sqlalche.me/e/20/xd2s>
* psycopg, in both kinds of engine:
  <https://docs.sqlalchemy.org/en/20/dialects/postgresql.html#psycopg>
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Applicability, Level
from pool_lint.model import rewriting
from pool_lint.model.engine_calls import engine_calls
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.engine_calls import EngineCall
    from pool_lint.model.module import ModuleModel

_SYNC = {
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "sqlite": "sqlite",
    "oracle": "oracle+oracledb",
    "mssql": "mssql+pyodbc",
}


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in engine_calls(model):
        if engine.is_async or engine.scheme is None or not _is_async(engine):
            continue
        if engine.is_special or engine.only_describes or engine.is_wrapped:
            continue
        better = _SYNC.get(engine.scheme.partition("+")[0])
        if better == "postgresql+psycopg" and engine.release == "1.4":
            better = "postgresql+psycopg2"
        yield Report(
            engine.call,
            f"`{engine.scheme}` works in async engines alone: the first connection fails",
            f"write `{better}://`, or make the engine with `create_async_engine`",
            fix=_fix(engine, better),
        )


def _is_async(engine: EngineCall) -> bool:
    from pool_lint.knowledge.accepted import flavour_of

    return flavour_of(engine.scheme or "", engine.release) == "async"


def _fix(engine: EngineCall, better: str | None) -> rewriting.Fixing | None:
    if better is None or "?" in (engine.url or "") or "connect_args" in engine.keywords:
        return None
    pattern = re.compile(rf"\A\w*['\"]+({re.escape(engine.scheme or '')})://")
    message = f"Write `{better}://`"
    return rewriting.replace_text(engine.literals, pattern, better, message, Applicability.UNSAFE)


RULE = Rule(
    code="POOL110",
    name="async-driver-in-sync-engine",
    level=Level.ERROR,
    summary="a sync engine is given the URL of an async driver",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; can't call "
            "await_() here. Was IO attempted in an unexpected place?"
        ),
        (
            "sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; can't call "
            "await_only() here. Was IO attempted in an unexpected place?"
        ),
    ),
)
