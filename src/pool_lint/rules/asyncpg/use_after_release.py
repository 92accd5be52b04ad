"""# use-after-release (POOL607)

A connection of asyncpg's is used when it has been released to its pool, or closed.

## What it does

Reports a statement on a connection that the same function has given back on every path that leads
there: by the end of its `async with` block, by `release()` or by `close()`.

## Why it hurts

It raises every time (asyncpg 0.32):

```text
asyncpg.exceptions._base.InterfaceError: cannot call Connection.fetchval(): connection has been
released back to the pool
```

and for a connection that was closed:

```text
asyncpg.exceptions._base.InterfaceError: connection is closed
```

## Example

```python
import asyncpg


async def sums(pool: asyncpg.Pool) -> tuple[int, int]:
    async with pool.acquire() as connection:
        orders = await connection.fetchval("select count(*) from orders")
    users = await connection.fetchval("select count(*) from users")
    return orders, users
```

## Use instead

```python
import asyncpg


async def sums(pool: asyncpg.Pool) -> tuple[int, int]:
    async with pool.acquire() as connection:
        orders = await connection.fetchval("select count(*) from orders")
        users = await connection.fetchval("select count(*) from users")
    return orders, users
```

## Fix safety

There is no automatic fix: only the author knows whether the use belongs into the block or needs a
connection of its own.

## When not to use it

Always use it: what it reports raises every time.

## References

* asyncpg: Connection Pools:
  <https://magicstack.github.io/asyncpg/current/api/index.html#connection-pools>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.late_use import UsedAfterRelease
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for _, analysis in model.analyses():
        for event in analysis.events.noted(UsedAfterRelease):
            yield Report(
                event.node,
                "the connection has been given back: this raises InterfaceError",
                "use it before, or acquire another one",
                (Remark(event.released, "it is given back here"),),
            )


RULE = Rule(
    code="POOL607",
    name="use-after-release",
    level=Level.ERROR,
    summary="a connection is used when it has been released",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    fixable=False,
    symptoms=(
        (
            "asyncpg.exceptions._base.InterfaceError: cannot call Connection.fetchval(): "
            "connection has been released back to the pool"
        ),
        "InterfaceError: cannot call Connection.execute(): connection has been released back to the pool",
    ),
)
