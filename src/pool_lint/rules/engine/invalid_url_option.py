"""# invalid-url-option (POOL114)

The URL of an engine has an option that asyncpg does not take.

## What it does

Reports options behind the question mark of a `postgresql+asyncpg://` URL that
`asyncpg.connect()` has no argument for: `sslmode`, `connect_timeout`, `application_name`,
`options`, `channel_binding`, `pgbouncer`, `schema`, ... and those whose values it takes only as
numbers, which a URL cannot hold: `timeout`, `statement_cache_size`.

## Why it hurts

SQLAlchemy hands each option on as a keyword. The engine is made without complaint, and the first
connection fails (SQLAlchemy 2.1.9 and 2.0.57, asyncpg 0.32):

```text
TypeError: connect() got an unexpected keyword argument 'sslmode'
```

`?sslmode=require` is what hosting services put into their URLs; psycopg and asyncpg itself
understand it, SQLAlchemy's asyncpg dialect does not. `?timeout=5` ends in `TypeError: unsupported
operand type(s) for +: 'float' and 'str'`.

## Example

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop?sslmode=require",
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

## Use instead

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop?ssl=require",
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

Numbers go into `connect_args`: `connect_args={"timeout": 5, "statement_cache_size": 0}`. The name
for `pg_stat_activity` and other parameters of the server go into
`connect_args={"server_settings": {"application_name": "shop"}}`.

## Fix safety

Safe: `sslmode=` becomes `ssl=`, which takes the same values. Where other options are wrong as well,
nothing is edited. Unsafe where the URL is a constant, which other modules and other drivers may
use.

## When not to use it

Always use it. A URL from the settings is not known here and is not reported.

## References

* asyncpg dialect: <https://docs.sqlalchemy.org/en/20/dialects/postgresql.html#asyncpg>
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model import rewriting
from pool_lint.model.engine_calls import engine_calls
from pool_lint.model.report import Report
from pool_lint.model.urls import options_of
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.engine_calls import EngineCall
    from pool_lint.model.module import ModuleModel

_SSLMODE = re.compile(r"[?&](sslmode)=(?=[a-z{])")
# A URL holds text, and these are compared with numbers.
_NUMBERS = frozenset(("timeout", "statement_cache_size", "max_cached_statement_lifetime",
                      "max_cacheable_statement_size"))  # fmt: skip


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in engine_calls(model):
        if "?" not in (engine.url or "") or engine.is_special:
            continue
        wrong = _refused(engine)
        if wrong:
            listed = " and ".join(f"`{name}`" for name in wrong)
            yield Report(
                engine.call,
                f"asyncpg does not take {listed} from a URL: the first connection fails",
                "write `ssl=`" if wrong == ["sslmode"] else "give it as one of `connect_args`",
                fix=_fix(engine, wrong),
            )


def _refused(engine: EngineCall) -> list[str]:
    from pool_lint.knowledge import accepted

    if accepted.driver_of(engine.scheme or "", engine.release) != "asyncpg":
        return []
    taken = accepted.connect_keywords("postgresql+asyncpg", engine.release) or frozenset()
    return [
        name for name, _ in options_of(engine.url or "") if name not in taken or name in _NUMBERS
    ]


def _fix(engine: EngineCall, wrong: list[str]) -> rewriting.Fixing | None:
    if wrong != ["sslmode"] or "ssl=" in (engine.url or "").replace("sslmode=", ""):
        return None
    return rewriting.replace_text(
        engine.literals, _SSLMODE, "ssl", "Write `ssl=`", engine.safety_of("url")
    )


RULE = Rule(
    code="POOL114",
    name="invalid-url-option",
    level=Level.ERROR,
    summary="an asyncpg URL has an option that asyncpg.connect() does not take",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "TypeError: connect() got an unexpected keyword argument 'sslmode'",
        "TypeError: connect() got an unexpected keyword argument 'channel_binding'",
        "TypeError: connect() got an unexpected keyword argument 'pgbouncer'",
        "TypeError: unsupported operand type(s) for +: 'float' and 'str'",
    ),
)
