"""# pool-not-awaited (POOL606)

`asyncpg.create_pool()` is neither awaited nor entered with `async with`: the pool never opens.

## What it does

Reports a pool of asyncpg's that is used although it was neither awaited nor entered.

## Why it hurts

`create_pool()` is not a coroutine function. It returns a pool that is not open yet, so there is no
`RuntimeWarning` and a type checker is content. The first use fails, whichever it is: `acquire()`,
`fetchval()`, `execute()`, even `close()` (asyncpg 0.32):

```text
asyncpg.exceptions._base.InterfaceError: pool is not initialized
```

Awaiting the pool opens its `min_size` connections, ten if nobody says otherwise, and gives the same
pool back.

## Example

```python
import asyncpg


async def count_users():
    pool = asyncpg.create_pool("postgresql://app@db.internal/shop")
    try:
        return await pool.fetchval("select count(*) from users")
    finally:
        await pool.close()
```

## Use instead

```python
import asyncpg


async def count_users():
    pool = await asyncpg.create_pool("postgresql://app@db.internal/shop")
    try:
        return await pool.fetchval("select count(*) from users")
    finally:
        await pool.close()
```

Shorter, and closed in any case: `async with asyncpg.create_pool(...) as pool:`.

## Fix safety

Safe: `await` is put before the call, inside an `async def`. In a plain function there is no fix,
because `await` is not allowed there: make the pool in the application's lifespan.

## When not to use it

Always use it. A pool that is awaited or entered later (`await pool`, `async with pool:`), or handed
on, returned or kept for somebody else to open, is not reported. Nor is one that is made at module
level, which any other module may open.

## References

* asyncpg: Connection Pools:
  <https://magicstack.github.io/asyncpg/current/api/index.html#connection-pools>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.knowledge.sqlalchemy import PG_POOL
from pool_lint.model import mending
from pool_lint.model.opening import stays_closed
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for creation in model.creations:
        if creation.role != PG_POOL or not stays_closed(creation, model):
            continue
        call, info = creation.call, creation.function
        is_async = info is not None and info.is_async
        yield Report(
            call,
            "this pool is neither awaited nor entered: it never opens, and its first use raises",
            "write `await` before it"
            if is_async
            else "await it in a coroutine before its first use",
            fix=mending.add_await(call, model.names.parents.get(id(call))) if is_async else None,
        )


RULE = Rule(
    code="POOL606",
    name="pool-not-awaited",
    level=Level.ERROR,
    summary="asyncpg.create_pool() is neither awaited nor entered, so the pool never opens",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "asyncpg.exceptions._base.InterfaceError: pool is not initialized",
        "asyncpg.exceptions._base.InterfaceError: pool is being initialized, but not yet ready",
    ),
)
