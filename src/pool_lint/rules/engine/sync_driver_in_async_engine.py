"""# sync-driver-in-async-engine (POOL109)

An async engine is given the URL of a driver that is not async.

## What it does

Reports `create_async_engine(...)` with a URL whose driver is a sync one: `postgresql+psycopg2://`,
`mysql+pymysql://`, `sqlite://`, `mysql://`, ... and, for projects on SQLAlchemy 2.0 and 1.4, a bare
`postgresql://`.

## Why it hurts

The engine cannot be made, so the module cannot be imported (SQLAlchemy 2.1.9 and 2.0.57):

```text
sqlalchemy.exc.InvalidRequestError: The asyncio extension requires an async driver to be used. The
loaded 'pysqlite' is not async.
```

With PostgreSQL it is `'psycopg2'` that is not async.

A bare `postgresql://` stands for psycopg2 up to SQLAlchemy 2.0. From 2.1 on it stands for psycopg
3, which serves both kinds of engine, so it works there and is not reported.

## Example

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+psycopg2://app@db.internal/shop",
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

## Use instead

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

| database | async drivers |
|---|---|
| PostgreSQL | `postgresql+asyncpg`, `postgresql+psycopg` |
| MySQL, MariaDB | `mysql+aiomysql`, `mysql+asyncmy` |
| SQLite | `sqlite+aiosqlite` |
| Oracle | `oracle+oracledb` |
| SQL Server | `mssql+aioodbc` |

## Fix safety

Unsafe: the driver in the URL is replaced by an async one, which has to be installed, and whose
options may be called otherwise. A URL with options is left to a person.

## When not to use it

Always use it. A URL from the settings is not known here and is not reported.

## References

* Dialects: <https://docs.sqlalchemy.org/en/20/dialects/index.html>
* The loaded driver is not async: <https://sqlalche.me/e/20/xd2s>
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

_ASYNC = {
    "postgresql": "postgresql+asyncpg",
    "mysql": "mysql+aiomysql",
    "mariadb": "mariadb+aiomysql",
    "sqlite": "sqlite+aiosqlite",
    "oracle": "oracle+oracledb",
    "mssql": "mssql+aioodbc",
}


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in engine_calls(model):
        if not engine.is_async or engine.scheme is None or not _is_sync(engine):
            continue
        better = _ASYNC.get(engine.scheme.partition("+")[0])
        yield Report(
            engine.call,
            f"`{engine.scheme}` is not an async driver: the engine cannot be made",
            f"write `{better}://`" if better else "",
            fix=_fix(engine, better),
        )


def _is_sync(engine: EngineCall) -> bool:
    from pool_lint.knowledge.accepted import flavour_of

    return flavour_of(engine.scheme or "", engine.release) == "sync" and not engine.is_special


def _fix(engine: EngineCall, better: str | None) -> rewriting.Fixing | None:
    if better is None or "?" in (engine.url or "") or "connect_args" in engine.keywords:
        return None
    pattern = re.compile(rf"\A\w*['\"]+({re.escape(engine.scheme or '')})://")
    message = f"Write `{better}://`"
    return rewriting.replace_text(engine.literals, pattern, better, message, Applicability.UNSAFE)


RULE = Rule(
    code="POOL109",
    name="sync-driver-in-async-engine",
    level=Level.ERROR,
    summary="an async engine is given the URL of a sync driver",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.InvalidRequestError: The asyncio extension requires an async driver "
            "to be used. The loaded 'psycopg2' is not async."
        ),
        (
            "sqlalchemy.exc.InvalidRequestError: The asyncio extension requires an async driver "
            "to be used. The loaded 'pysqlite' is not async."
        ),
    ),
)
