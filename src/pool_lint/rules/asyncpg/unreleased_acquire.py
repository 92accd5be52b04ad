"""# unreleased-acquire (POOL601)

A connection is acquired from a pool of asyncpg's, and not every path releases it.

## What it does

Reports `await pool.acquire()` where a function neither enters what it gives nor releases it on
every path, the paths of an error among them, and `pool.release(connection)` without `await`, which
releases nothing.

## Why it hurts

The pool never gets the connection back. Measured with asyncpg 0.32 and a pool of 2, the third
`acquire(timeout=0.5)` failed:

```text
TimeoutError
```

Without `timeout` it waits for ever, and so does `pool.close()`. A release that nobody awaits does
the same, and says so once:

```text
RuntimeWarning: coroutine 'Pool.release' was never awaited
```

## Example

```python
import asyncpg


async def count_orders(pool: asyncpg.Pool) -> int:
    connection = await pool.acquire(timeout=5)
    return await connection.fetchval("select count(*) from orders")
```

## Use instead

```python
import asyncpg


async def count_orders(pool: asyncpg.Pool) -> int:
    async with pool.acquire(timeout=5) as connection:
        return await connection.fetchval("select count(*) from orders")
```

`await pool.release(connection)` in a `finally` is as good, and for one statement so is
`await pool.fetchval(...)`.

## Fix safety

Safe for the `await` before `release()`, without which the call does nothing. Unsafe where all that
follows goes into a block, as the connection is then released sooner than before.

## When not to use it

Always use it. `connection.close()` instead of a release is not reported: the pool notices and
makes another one. It is silent where anybody else may release the connection, and in tests.

## References

* asyncpg: Connection Pools:
  <https://magicstack.github.io/asyncpg/current/api/index.html#connection-pools>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model import mending
from pool_lint.model.enclosing import enter
from pool_lint.model.remaining import how, left_open, notes
from pool_lint.model.report import Remark, Report
from pool_lint.model.values import POOL_CONNECTION
from pool_lint.rules.rule import Rule
from pool_lint.rules.sessions.connection_not_closed import is_bare

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for info, leak in left_open(model, POOL_CONNECTION):
        if is_bare(leak):
            continue
        if leak.unawaited is not None:
            call = leak.unawaited.call
            yield Report(
                call,
                "`release()` is not awaited: the connection stays out of the pool",
                "write `await` before it",
                (Remark(leak.subject.site, "the connection is acquired here"),),
                fix=mending.add_await(call, model.names.parents.get(id(call))),
            )
        else:
            yield Report(
                leak.subject.site,
                f"the connection that `{info.name}` acquires here {how(leak, 'released')}",
                "acquire it with `async with`, or release it in a `finally`",
                notes(leak, "released"),
                fix=enter(leak, info),
            )


RULE = Rule(
    code="POOL601",
    name="unreleased-acquire",
    level=Level.ERROR,
    summary="an acquired connection is not given back to its pool on every path",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "RuntimeWarning: coroutine 'Pool.release' was never awaited",
        "asyncio.exceptions.TimeoutError",
    ),
)
