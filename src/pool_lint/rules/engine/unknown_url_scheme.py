"""# unknown-url-scheme (POOL111)

The URL of an engine begins with something that SQLAlchemy does not know.

## What it does

Reports URLs that begin with `postgres://`, `postgresql+psycopg3://`, `asyncpg://`, `psycopg2://`,
`aiosqlite://`, `sqlite3://`, `pymysql://`, a misspelt `postgresql`, and the like.

## Why it hurts

The engine cannot be made, so the module cannot be imported (SQLAlchemy 2.1.9, 2.0.57 and 1.4.54):

```text
sqlalchemy.exc.NoSuchModuleError: Can't load plugin: sqlalchemy.dialects:postgres
```

`postgres://` is what several hosting services put into `DATABASE_URL`, and what libpq and asyncpg
take. SQLAlchemy took it up to 1.3.

## Example

```python
from sqlalchemy import create_engine

engine = create_engine(
    "postgres://app@db.internal/shop",
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

## Use instead

```python
from sqlalchemy import create_engine

engine = create_engine(
    "postgresql://app@db.internal/shop",
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

A URL from the environment is turned into one that works by
`url.replace("postgres://", "postgresql://", 1)`.

## Fix safety

Safe: the scheme is replaced by the one that is meant; the URL could not be used before. Where the
engine would then have a driver of the wrong kind (see [POOL109](sync-driver-in-async-engine) and
[POOL110](async-driver-in-sync-engine)), nothing is edited.

## When not to use it

Where a package of yours registers such a dialect with SQLAlchemy.

## References

* Database URLs: <https://docs.sqlalchemy.org/en/20/core/engines.html#database-urls>
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

_DATABASES = dict.fromkeys(
    ("postgres", "postgresq", "postgressql", "postgesql", "postgreql", "postgrsql"), "postgresql"
) | {"sqlite3": "sqlite", "sqllite": "sqlite"}
_DRIVERS = {
    "postgresql+psycopg3": "postgresql+psycopg",
    "postgresql+psycopg3_async": "postgresql+psycopg",
    "postgresql+aiopg": "postgresql+asyncpg",
    "postgresql+async": "postgresql+asyncpg",
    "asyncpg": "postgresql+asyncpg",
    "psycopg": "postgresql+psycopg",
    "psycopg2": "postgresql+psycopg2",
    "psycopg3": "postgresql+psycopg",
    "aiosqlite": "sqlite+aiosqlite",
    "sqlite+sqlite3": "sqlite",
    "aiomysql": "mysql+aiomysql",
    "asyncmy": "mysql+asyncmy",
    "pymysql": "mysql+pymysql",
    "mysqldb": "mysql+mysqldb",
    "mysql+mysqlclient": "mysql+mysqldb",
}


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in engine_calls(model):
        better = _meant(engine.scheme or "")
        if better is not None and not engine.is_special:
            yield Report(
                engine.call,
                f"SQLAlchemy knows no `{engine.scheme}`: the engine cannot be made",
                f"write `{better}://`",
                fix=_fix(engine, better),
            )


def _meant(scheme: str) -> str | None:
    database, plus, driver = scheme.partition("+")
    if database in _DATABASES:
        scheme = f"{_DATABASES[database]}{plus}{driver}"
        return _DRIVERS.get(scheme, scheme)
    return _DRIVERS.get(scheme)


def _fix(engine: EngineCall, better: str) -> rewriting.Fixing | None:
    from pool_lint.knowledge.accepted import flavour_of

    flavour = flavour_of(better, engine.release)
    if flavour not in ("both", "async" if engine.is_async else "sync"):
        return None
    if "?" in (engine.url or "") or "connect_args" in engine.keywords:
        return None
    pattern = re.compile(rf"\A\w*['\"]+({re.escape(engine.scheme or '')})://")
    message = f"Write `{better}://`"
    return rewriting.replace_text(engine.literals, pattern, better, message, Applicability.SAFE)


RULE = Rule(
    code="POOL111",
    name="unknown-url-scheme",
    level=Level.ERROR,
    summary="the URL of an engine begins with something that SQLAlchemy does not know",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "sqlalchemy.exc.NoSuchModuleError: Can't load plugin: sqlalchemy.dialects:postgres",
        (
            "sqlalchemy.exc.NoSuchModuleError: Can't load plugin: "
            "sqlalchemy.dialects:postgresql.psycopg3"
        ),
        "sqlalchemy.exc.NoSuchModuleError: Can't load plugin: sqlalchemy.dialects:asyncpg",
    ),
)
