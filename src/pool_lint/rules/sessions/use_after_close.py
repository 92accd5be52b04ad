"""# use-after-close (POOL314)

A session is used after its block or its `close()`: it opens again, and nobody closes it.

## What it does

Reports the first statement that a closed session runs, where it is not closed or committed after
that. Also a `return` that gives a session out of the `with` block which closes it: the caller gets
a closed one, and whatever it runs opens it again.

## Why it hurts

A closed session is no broken one. SQLAlchemy takes another connection for it, without a word, and
there is no block any more that gives it back. Measured on SQLAlchemy 2.1.9 and 2.0.57 with a pool
of 2: after two calls the third had no connection.

```text
sqlalchemy.exc.TimeoutError: QueuePool limit of size 2 overflow 0 reached, connection timed out,
timeout 1.00
```

Only a session with `close_resets_only=False` says what is wrong:

```text
sqlalchemy.exc.InvalidRequestError: This Session has been permanently closed and is unable to
handle any more transaction requests.
```

## Example

```python
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def sums() -> tuple[int, int]:
    async with new_session() as session:
        orders = await session.scalar(text("select count(*) from orders"))
    users = await session.scalar(text("select count(*) from users"))
    return orders, users
```

## Use instead

```python
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def sums() -> tuple[int, int]:
    async with new_session() as session:
        orders = await session.scalar(text("select count(*) from orders"))
        users = await session.scalar(text("select count(*) from users"))
    return orders, users
```

A function that gives sessions to others returns a new one for its caller to enter, or yields it
from a context manager.

## Fix safety

There is no automatic fix: only the author knows whether the use belongs into the block or needs a
session of its own.

## When not to use it

Always use it. A session that is entered again, or closed again after the use, is not reported, and
neither is one that a dependency returns: that is POOL305.

## References

* Session Basics: Closing:
  <https://docs.sqlalchemy.org/en/20/orm/session_basics.html#closing>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.remaining import left_open, returned_from_block
from pool_lint.model.report import Remark, Report
from pool_lint.model.values import SESSION
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for _, leak in left_open(model, SESSION):
        if leak.late is not None:
            yield Report(
                leak.late,
                "the session is closed already: this opens it again, and nothing closes it after",
                "use it inside its block",
                (Remark(leak.ending or leak.subject.site, "it is closed here"),),
            )
    for event in returned_from_block(model):
        yield Report(
            event.node,
            "the session is closed when the block is left: who uses it opens it again, and nothing "
            "closes it after",
            "return a new session for the caller to enter, or yield it from a context manager",
            (Remark(event.block, "this block closes it"),),
        )


RULE = Rule(
    code="POOL314",
    name="use-after-close",
    level=Level.WARNING,
    summary="a session is used after its block or its close, and opens again",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    fixable=False,
    symptoms=(
        (
            "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, "
            "connection timed out, timeout 30.00"
        ),
        (
            "sqlalchemy.exc.InvalidRequestError: This Session has been permanently closed and is "
            "unable to handle any more transaction requests."
        ),
    ),
)
