"""# connection-not-closed (POOL303)

A connection is opened without a `with` block, and not every path closes it.

## What it does

Reports `connect()` and `raw_connection()` of an engine, and `asyncpg.connect()`, where a function
neither enters what they give nor closes it on every path, the paths of an error among them. A
connection that is used where it is opened, as in `engine.connect().execute(...)`, has no name that
could be closed, and is an error.

## Why it hurts

Each such call takes a connection out of the pool and leaves it out. Measured with a pool of 2, on
SQLAlchemy 2.1.9 and 2.0.57, sync and async, with `connect()` and with the chained
`engine.connect().execute(...)`, the third call failed:

```text
sqlalchemy.exc.TimeoutError: QueuePool limit of size 2 overflow 0 reached, connection timed out,
timeout 1.00
```

Unlike a session, a connection is not given back by `commit()`. One of `asyncpg.connect()` belongs
to no pool, but is one of the server's few all the same.

## Example

```python
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)


async def count_orders() -> int:
    connection = await engine.connect()
    return await connection.scalar(text("select count(*) from orders"))
```

## Use instead

```python
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)


async def count_orders() -> int:
    async with engine.connect() as connection:
        return await connection.scalar(text("select count(*) from orders"))
```

What cannot be entered, as a connection of `raw_connection()` or `asyncpg.connect()`, is closed in a
`finally`, or entered by `contextlib.closing`.

## Fix safety

Unsafe: the connection is closed sooner than before, and a result that nobody has fetched by then is
lost.

## When not to use it

Always use it. It is silent where anybody else may close the connection, for a connection that
listens (`add_listener`), for that of a session, and in tests.

## References

* Working with Engines and Connections:
  <https://docs.sqlalchemy.org/en/20/core/connections.html>
* asyncpg: Connection:
  <https://magicstack.github.io/asyncpg/current/api/index.html#connection>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.enclosing import enter
from pool_lint.model.remaining import how, left_open, notes
from pool_lint.model.report import Report
from pool_lint.model.values import CONNECTION, POOL_CONNECTION
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.leaking import Leak
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for info, leak in left_open(model, CONNECTION, POOL_CONNECTION):
        if leak.subject.kind == POOL_CONNECTION and not is_bare(leak):
            continue
        if leak.is_chained:
            yield Report(
                leak.subject.site,
                "the connection has no name and nobody can close it",
                "bind it by a `with` block",
                level=Level.ERROR,
                fix=enter(leak, info),
            )
        else:
            yield Report(
                leak.subject.site,
                f"the connection that `{info.name}` opens here {how(leak)}",
                "",
                notes(leak),
                fix=enter(leak, info),
            )


def is_bare(leak: Leak) -> bool:
    creation = leak.subject.creation
    return creation is not None and creation.role == sa.PG_CONNECT


RULE = Rule(
    code="POOL303",
    name="connection-not-closed",
    level=Level.WARNING,
    summary="a connection is opened without a with block and not closed on every path",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, "
            "connection timed out, timeout 30.00"
        ),
        (
            "The garbage collector is trying to clean up non-checked-in connection, which will "
            "be terminated."
        ),
    ),
)
