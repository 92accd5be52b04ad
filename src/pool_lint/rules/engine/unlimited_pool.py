"""# unlimited-pool (POOL103)

`pool_size=0` or a negative `max_overflow` takes the limit away, and the server's limit is the only
one left.

## What it does

Reports an engine with `pool_size=0`, a negative `pool_size`, or a `max_overflow` below 0.

## Why it hurts

Under load every request that finds no idle connection opens one, until the server refuses. Then
requests fail that a pool would have let wait for a few milliseconds, and so do all other programs
that use this server. Measured with 40 requests at once on a role that had 27 connections left
(SQLAlchemy 2.1.9, asyncpg):

```text
remaining connection slots are reserved for roles with the SUPERUSER attribute
```

The numbers do not mean what they look like:

| | what happens |
|---|---|
| `pool_size=0` | no limit, whatever `max_overflow` is, and all connections are kept |
| `max_overflow=-1` | no limit, `pool_size` of them are kept |
| `max_overflow=-5` | five of ten could be used, then a `RecursionError` |
| `pool_size=-1` | undefined: it behaved as a limit of nine |

## Example

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_size=0,
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

## Use instead

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_size=20,
    max_overflow=10,
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

`pool_size + max_overflow`, times the processes that run, has to stay below the connections that
the server has for this program. `max_overflow=0` is a good value: the pool then never has more
than `pool_size`.

Whoever wants no pool at all, because a proxy such as PgBouncer pools for everybody, says
`poolclass=NullPool`.

## Fix safety

There is no automatic fix: how many connections there may be is known to whoever runs the server.

## When not to use it

Tests, migrations and command-line scripts, where the rule is silent unless the pool breaks
(`max_overflow` below -1).

## References

* create_engine: pool_size and max_overflow:
  <https://docs.sqlalchemy.org/en/20/core/engines.html#sqlalchemy.create_engine.params.pool_size>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.engine_calls import engine_calls
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.engine_calls import EngineCall
    from pool_lint.model.module import ModuleModel

_QUEUES = (None, "QueuePool", "AsyncAdaptedQueuePool")


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in engine_calls(model):
        size, overflow = _number(engine, "pool_size"), _number(engine, "max_overflow")
        if engine.pool not in _QUEUES or engine.explicit_pool not in _QUEUES:
            continue
        if overflow is not None and overflow < -1:
            message = f"`max_overflow={overflow}` breaks the pool: it ends in a RecursionError"
        elif size is not None and size <= 0 and not engine.is_quiet:
            message = (
                f"`pool_size={size}` means no limit: under load the server refuses connections"
            )
        elif overflow == -1 and not engine.is_quiet:
            message = "`max_overflow=-1` means no limit: under load the server refuses connections"
        else:
            continue
        yield Report(
            engine.call,
            message,
            "write how many connections there may be: `pool_size=20, max_overflow=10`",
        )


def _number(engine: EngineCall, name: str) -> int | None:
    value = engine.value(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


RULE = Rule(
    code="POOL103",
    name="unlimited-pool",
    level=Level.ERROR,
    summary="pool_size=0 or a negative max_overflow takes the pool's limit away",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "remaining connection slots are reserved for roles with the SUPERUSER attribute",
        "FATAL: sorry, too many clients already",
        "RecursionError: maximum recursion depth exceeded",
    ),
    fixable=False,
)
