"""# retry-catches-wrong-exception (POOL410)

A retry waits for a lost connection, and for an exception that asyncpg never raises then.

## What it does

Reports a loop that tries again after `OperationalError` (or after one of asyncpg's own exceptions,
or `ConnectionResetError`), where the work is done through SQLAlchemy on an asyncpg engine, and
nothing beside it catches `InterfaceError` or `DBAPIError`. Retry decorators that name these
exceptions (tenacity, backoff, stamina, retry) are read in the same way.

The engine's URL must say `postgresql+asyncpg`, or the file must name asyncpg. The work may be done
by functions of the same project that the loop calls.

## Why it hurts

The retry never happens. psycopg raises `OperationalError` when the server has closed a connection.
asyncpg raises an error of its own, which SQLAlchemy wraps in another class (2.1.9 and 2.0.57):

```text
sqlalchemy.exc.InterfaceError: (sqlalchemy.dialects.postgresql.asyncpg.InterfaceError) connection
is closed
```

`InterfaceError` is not an `OperationalError`, and neither is what else comes from asyncpg:
SQLAlchemy wraps a deadlock or a shutdown in a plain `DBAPIError`. asyncpg's own classes do not
arrive at all. So the one request that meets the dead connection fails, as if there were no retry.
With `DBAPIError` the same program had its answer at the second attempt.

## Example

```python
import asyncio

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db/shop", pool_pre_ping=True, pool_recycle=1800
)


async def count_orders() -> int:
    for attempt in range(3):
        try:
            async with engine.connect() as connection:
                return await connection.scalar(text("select count(*) from orders"))
        except OperationalError:
            await asyncio.sleep(attempt)
    raise RuntimeError("the database cannot be reached")
```

## Use instead

```python
import asyncio

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db/shop", pool_pre_ping=True, pool_recycle=1800
)


async def count_orders() -> int:
    for attempt in range(3):
        try:
            async with engine.connect() as connection:
                return await connection.scalar(text("select count(*) from orders"))
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            await asyncio.sleep(attempt)
    raise RuntimeError("the database cannot be reached")
```

`connection_invalidated` tells the lost connection from a mistake in the statement, which fails at
every attempt. A server that is not there yet raises `ConnectionRefusedError`, which is not wrapped:
name it beside `DBAPIError` where the retry waits for a server to start.

## Fix safety

Unsafe: `OperationalError` becomes `DBAPIError`, in the handler and in the import where nothing else
uses it. A `DBAPIError` is any error of the driver, so that mistakes in statements are tried again
as well until the handler asks for `connection_invalidated`.

## When not to use it

Where the same code runs on another driver, whose lost connections are `OperationalError`s, catch
`DBAPIError` too: it is the parent of both.

## References

* Disconnect Handling:
  <https://docs.sqlalchemy.org/en/20/core/pooling.html#dealing-with-disconnects>
* `DBAPIError.connection_invalidated`:
  <https://docs.sqlalchemy.org/en/20/core/exceptions.html#sqlalchemy.exc.DBAPIError>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model import retry_mending
from pool_lint.model.disconnects import Uncaught
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for _, analysis in model.analyses():
        for event in analysis.events.noted(Uncaught):
            is_own = event.path.startswith("sqlalchemy.")
            word = event.path.rpartition(".")[2] if is_own else event.path
            yield Report(
                event.node,
                "a lost connection passes this retry by: with asyncpg it comes as SQLAlchemy's "
                f"`InterfaceError`, not as `{word}`",
                "catch `sqlalchemy.exc.DBAPIError` and ask for its `connection_invalidated`",
                (Remark(event.work, "this may lose its connection"),),
                fix=retry_mending.catch_more(event, model.lookup),
            )


RULE = Rule(
    code="POOL410",
    name="retry-catches-wrong-exception",
    level=Level.WARNING,
    summary="a retry waits for an exception that a lost asyncpg connection does not raise",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.InterfaceError: (sqlalchemy.dialects.postgresql.asyncpg."
            "InterfaceError) connection is closed"
        ),
        "InterfaceError: cannot call PreparedStatement.fetch(): the underlying connection is closed",
    ),
)
