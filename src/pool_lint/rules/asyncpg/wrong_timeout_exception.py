"""# wrong-timeout-exception (POOL603)

A handler waits for `TooManyConnectionsError` where an empty pool raises `TimeoutError`.

## What it does

Reports `except asyncpg.TooManyConnectionsError` around `pool.acquire(timeout=...)`,
`asyncio.wait_for(pool.acquire(), ...)` or a call that leads there, where nothing around it catches
`TimeoutError`. With `target-python` before 3.11 it also reports `except TimeoutError`.

## Why it hurts

A pool whose connections are all in use does not ask the server for one more. It waits, and what
ends the wait is a timeout; `TooManyConnectionsError` is the server's word, when it has no slot left
for a connection that the pool opens. So the handler that was to answer 503 never sees the full pool
(asyncpg 0.32; the message is empty):

```text
TimeoutError:
```

Until Python 3.10 it is `asyncio.TimeoutError`, a class of its own, which `except TimeoutError`
does not catch. Since 3.11 both are the same.

## Example

```python
import asyncpg


class Busy(Exception):
    pass


async def count_users(pool: asyncpg.Pool) -> int:
    try:
        async with pool.acquire(timeout=5) as connection:
            return await connection.fetchval("select count(*) from users")
    except asyncpg.TooManyConnectionsError:
        raise Busy from None
```

## Use instead

```python
import asyncpg


class Busy(Exception):
    pass


async def count_users(pool: asyncpg.Pool) -> int:
    try:
        async with pool.acquire(timeout=5) as connection:
            return await connection.fetchval("select count(*) from users")
    except (TimeoutError, asyncpg.TooManyConnectionsError):
        raise Busy from None
```

`TooManyConnectionsError` may stay: a pool that grows is told so by a full server.

## Fix safety

Safe: `TimeoutError` is caught as well (`asyncio.TimeoutError`, with its import, where
`target-python` is before 3.11). Unsafe where the handler reads attributes of the exception, which
a `TimeoutError` may not have.

## When not to use it

Always use it. Around `create_pool()` and `connect()`, which ask the server, the handler is right
and not reported; neither is it without a timeout, as the pool then waits for ever.

## References

* asyncpg: Pool.acquire():
  <https://magicstack.github.io/asyncpg/current/api/index.html#asyncpg.pool.Pool.acquire>
* asyncio.TimeoutError:
  <https://docs.python.org/3/library/asyncio-exceptions.html#asyncio.TimeoutError>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.report import Remark, Report
from pool_lint.model.timed_waits import WrongHandler
from pool_lint.model.timeout_mending import catch_timeout
from pool_lint.rules.rule import Rule
from pool_lint.settings import is_before

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    is_old = is_before(model.target("python"), (3, 11))
    word = "asyncio.TimeoutError" if is_old else "TimeoutError"
    for _, analysis in model.analyses():
        for event in analysis.events.noted(WrongHandler):
            what = "the builtin `TimeoutError`" if event.is_builtin else "this"
            yield Report(
                event.handler.type or event.handler,
                f"an empty pool raises `{word}`, which {what} does not catch",
                f"catch `{word}`{'' if event.is_builtin else ' as well'}",
                (Remark(event.wait, "the wait for a connection ends here"),),
                fix=catch_timeout(event, model.lookup, word),
            )


RULE = Rule(
    code="POOL603",
    name="wrong-timeout-exception",
    level=Level.ERROR,
    summary="a handler waits for an exception that an empty asyncpg pool does not raise",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=("asyncio.exceptions.TimeoutError",),
)
