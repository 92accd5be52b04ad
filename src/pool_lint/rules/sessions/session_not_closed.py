"""# session-not-closed (POOL302)

A session is opened without a `with` block, and not every path closes it.

## What it does

Reports a session that a function opens and that still has its connection when the function ends:
because nothing closes it, because a path goes past the `close()`, or because an error before the
`close()` does. The function may have got the session from a helper that only makes it.

What ends a transaction gives the connection back as well. So a session that is committed or rolled
back and never closed is not reported.

## Why it hurts

The connection stays out of the pool until the garbage collector comes by. Measured with a pool of
2, on SQLAlchemy 2.1.9 and 2.0.57, the third call failed:

```text
sqlalchemy.exc.TimeoutError: QueuePool limit of size 2 overflow 0 reached, connection timed out,
timeout 1.00
```

Tests seldom show it, as a collection saves them. An async connection cannot even be given back by
one, and is ended:

```text
The garbage collector is trying to clean up non-checked-in connection, which will be terminated.
```

With `close()` on the good path alone, each statement that fails keeps a connection. An outage of
something else then becomes an outage of the database.

## Example

```python
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def count_orders() -> int:
    session = new_session()
    return await session.scalar(text("select count(*) from orders"))
```

## Use instead

```python
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def count_orders() -> int:
    async with new_session() as session:
        return await session.scalar(text("select count(*) from orders"))
```

`close()` in a `finally` is as good.

## Fix safety

Unsafe: all that follows in the block goes into a `with` block, so the session is closed sooner than
before. Objects that are read after the function has returned can load nothing more.

## When not to use it

Always use it. It is silent where anybody else may close the session: where it is returned, stored,
put on an exit stack, handed to code that cannot be seen or to a helper that closes it, or closed
under a condition of its own; for a `scoped_session`; for a session that was given a connection
instead of an engine; and in tests. A dependency's generator is POOL306's.

## References

* Session Basics: Opening and Closing a Session:
  <https://docs.sqlalchemy.org/en/20/orm/session_basics.html#opening-and-closing-a-session>
* Error messages: QueuePool limit reached:
  <https://docs.sqlalchemy.org/en/20/errors.html#error-3o7r>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.enclosing import enter
from pool_lint.model.remaining import how, left_open, notes
from pool_lint.model.report import Report
from pool_lint.model.values import SESSION
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for info, leak in left_open(model, SESSION):
        if leak.late is None:
            word = "async " if leak.subject.is_async else ""
            yield Report(
                leak.subject.site,
                f"the session that `{info.name}` opens here {how(leak)}",
                f"open it with `{word}with`, or close it in a `finally`",
                notes(leak),
                fix=enter(leak, info),
            )


RULE = Rule(
    code="POOL302",
    name="session-not-closed",
    level=Level.WARNING,
    summary="a session is opened without a with block and not closed on every path",
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
