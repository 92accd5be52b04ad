"""# unbounded-pool-close (POOL612)

`pool.close()` of asyncpg's waits until every connection is given back, however long that takes.

## What it does

Reports `await pool.close()` that does not stand in `asyncio.wait_for()`, `asyncio.timeout()` or the
like. This rule is off unless it is selected.

## Why it hurts

One connection that nobody releases, a listener's or one in a statement that hangs, and the
application does not stop until it is killed. After a minute asyncpg logs a warning, and goes on
waiting. Measured with asyncpg 0.32:

```text
close() is still waiting
```

With `asyncio.wait_for(pool.close(), timeout=...)` the wait ended in a `TimeoutError`, and the pool
had terminated its connections: it does so when its `close()` is cancelled.

## Example

```python
import asyncpg


async def stop(pool: asyncpg.Pool) -> None:
    await pool.close()
```

## Use instead

```python
import asyncio

import asyncpg


async def stop(pool: asyncpg.Pool) -> None:
    await asyncio.wait_for(pool.close(), timeout=10)
```

## Fix safety

Unsafe: `asyncio.wait_for(..., timeout=10)` is put around it. When the time is over, what is still
at work loses its connection, and `TimeoutError` is raised.

## When not to use it

Where whoever starts the application kills it after a while anyway, or something else limits the
time of the shutdown. The end of an `async with asyncpg.create_pool(...)` block waits as well and is
not reported; neither are tests, migrations and command-line scripts.

## References

* asyncpg: Pool.close():
  <https://magicstack.github.io/asyncpg/current/api/index.html#asyncpg.pool.Pool.close>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.report import Report
from pool_lint.model.timeout_mending import wait_no_longer
from pool_lint.model.unbounded_waits import UnboundedClose
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel

_SECONDS = 10


def check(model: ModuleModel) -> Iterable[Report]:
    for info, analysis in model.analyses():
        for event in analysis.events.noted(UnboundedClose):
            if model.graph.is_quiet(info):
                continue
            yield Report(
                event.call,
                "this waits until every connection is given back, however long that takes",
                f"write `asyncio.wait_for(..., timeout={_SECONDS})` around it",
                fix=wait_no_longer(event, model.lookup, _SECONDS),
            )


RULE = Rule(
    code="POOL612",
    name="unbounded-pool-close",
    level=Level.INFO,
    summary="close() of an asyncpg pool waits for every connection, however long that takes",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=("Pool.close() is taking over 60 seconds to complete",),
    default=False,
)
