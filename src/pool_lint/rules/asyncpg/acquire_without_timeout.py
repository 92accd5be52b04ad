"""# acquire-without-timeout (POOL602)

`pool.acquire()` of asyncpg's waits for ever when all connections are in use.

## What it does

Reports `pool.acquire()` that is given no `timeout`, or `None`, and does not stand in
`asyncio.wait_for()`, `asyncio.timeout()` or the like. This rule is off unless it is selected.

## Why it hurts

SQLAlchemy's pool gives up after 30 seconds. asyncpg's has no limit: when a few slow statements hold
all connections, requests queue up without an error, without a line in the log, until the clients
or the load balancer give up. Neither `create_pool(timeout=...)`, which is for connecting, nor
`command_timeout` limits this wait. Measured with asyncpg 0.32 and a pool of one:

```text
still waiting for a connection
```

With `acquire(timeout=0.5)` it was a `TimeoutError` after half a second.

## Example

```python
import asyncpg


async def count_users(pool: asyncpg.Pool) -> int:
    async with pool.acquire() as connection:
        return await connection.fetchval("select count(*) from users")
```

## Use instead

```python
import asyncpg


async def count_users(pool: asyncpg.Pool) -> int:
    async with pool.acquire(timeout=30) as connection:
        return await connection.fetchval("select count(*) from users")
```

`pool.fetchval()`, `pool.execute()` and the other shortcuts wait just as long, and their `timeout`
is for the statement. They are not reported, as they have no argument for it: where it matters,
acquire a connection with a timeout.

## Fix safety

Unsafe: `timeout=30` is added, which is SQLAlchemy's default. What waited is now a `TimeoutError`,
and the same timeout holds for giving the connection back.

## When not to use it

Where another layer limits the time of a whole request: a limit that a caller sets is not seen.
Tests, migrations and command-line scripts are not reported.

## References

* asyncpg: Pool.acquire():
  <https://magicstack.github.io/asyncpg/current/api/index.html#asyncpg.pool.Pool.acquire>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Applicability, Level
from pool_lint.model import mending
from pool_lint.model.report import Report
from pool_lint.model.unbounded_waits import UnboundedAcquire
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Callable

    import libcst as cst

    from pool_lint.findings import Fix
    from pool_lint.model.module import ModuleModel
    from pool_lint.syntax.tree import Tree

# SQLAlchemy's default.
_SECONDS = "30"


def check(model: ModuleModel) -> Iterable[Report]:
    for info, analysis in model.analyses():
        for event in analysis.events.noted(UnboundedAcquire):
            if model.graph.is_quiet(info):
                continue
            yield Report(
                event.call,
                "this waits for ever when all connections of the pool are in use",
                f"write `timeout={_SECONDS}`",
                fix=_fix(event.call),
            )


def _fix(call: cst.Call) -> Callable[[Tree], Fix | None]:
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value == "timeout":
            return mending.set_keyword(call, arg, _SECONDS, Applicability.UNSAFE)
    return mending.add_keyword(call, "timeout", _SECONDS, Applicability.UNSAFE)


RULE = Rule(
    code="POOL602",
    name="acquire-without-timeout",
    level=Level.INFO,
    summary="acquire() on an asyncpg pool waits for ever when all connections are in use",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    default=False,
)
