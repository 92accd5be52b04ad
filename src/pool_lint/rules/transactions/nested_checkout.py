"""# nested-checkout (POOL412)

A function takes a second connection while it holds one of the same pool.

## What it does

Reports a session that runs its first statement, `engine.connect()`, `engine.begin()`,
`pool.acquire()` and `pool.fetch()` where a session or connection of the same engine, factory or
asyncpg pool certainly holds a connection. The second one may be taken in a function that is called
or awaited there, in this file or in another.

## Why it hurts

Each of the two waits for the other's sort. As soon as there are as many such functions under way as
the pool has connections, all of them hold one and wait for one, and none can go on. Measured with a
pool of 2 on SQLAlchemy 2.1.9 and 2.0.57, 4 of 4 requests failed, each after the whole
`pool_timeout`:

```text
sqlalchemy.exc.TimeoutError: QueuePool limit of size 2 overflow 0 reached, connection timed out,
timeout 1.00
```

An asyncpg pool has no such timeout: two tasks on a pool of two hung for ever, without an error,
until somebody else's `TimeoutError` ended them. With one user at a time it always works, so no test
finds it.

## Example

```python
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def audit(what: str) -> None:
    async with new_session() as session:
        await session.execute(text("insert into audit (what) values (:what)"), {"what": what})
        await session.commit()


async def ship(order_id: int) -> None:
    async with new_session() as session:
        await session.execute(text("update orders set open = false"))
        await audit(f"shipped {order_id}")
        await session.commit()
```

## Use instead

```python
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def audit(session: AsyncSession, what: str) -> None:
    await session.execute(text("insert into audit (what) values (:what)"), {"what": what})


async def ship(order_id: int) -> None:
    async with new_session() as session:
        await session.execute(text("update orders set open = false"))
        await audit(session, f"shipped {order_id}")
        await session.commit()
```

Where the second transaction has to stand alone, commit the first one before it, or give it an
engine of its own.

## Fix safety

There is no automatic fix: to hand the session on changes what is committed together.

## When not to use it

Always use it for what serves requests. Tests, commands and start-up hooks are not reported: they do
not compete. Neither are two different engines or pools, a first session that has not run anything
yet or has been committed, `NullPool`, and functions that are given a session and open one only
where they are given none.

## References

* Connection Pooling:
  <https://docs.sqlalchemy.org/en/20/core/pooling.html>
* asyncpg: Connection Pools:
  <https://magicstack.github.io/asyncpg/current/api/index.html#connection-pools>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.checkouts import nested
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for _, events in nested(model):
        first = events[0]
        notes = [Remark(first.since, "the first connection is taken here")]
        for event in events:
            if event is not first:
                notes.append(Remark(event.checkout.node, "another one is taken here"))
            if event.checkout.inner is not None:
                notes.append(Remark(event.checkout.inner, "the second one is taken here"))
        yield Report(
            first.checkout.node,
            f"this takes a second connection while a {first.subject.kind} holds one of the same "
            "pool: under load each waits for the other",
            "hand on what holds the first one, or commit before this",
            tuple(notes),
        )


RULE = Rule(
    code="POOL412",
    name="nested-checkout",
    level=Level.WARNING,
    summary="a second connection is taken while one of the same pool is held",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, "
            "connection timed out, timeout 30.00"
        ),
    ),
    fixable=False,
)
