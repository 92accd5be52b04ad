"""# unawaited-dispose (POOL202)

`AsyncEngine.dispose()` is called without `await`, so it never runs and the pool stays open.

## What it does

Reports a call of an async engine's `dispose()` whose coroutine is dropped.

## Why it hurts

The call only makes a coroutine. Measured on SQLAlchemy 2.1.9 and 2.0.57: one connection open
before `engine.dispose()`, one open after it; with `await`, none. No exception tells, at best a
line in the log:

```text
RuntimeWarning: coroutine 'AsyncEngine.dispose' was never awaited
```

Where the process lives on (reloads, tests, an engine per tenant), every such call leaves a pool
behind that still holds its connections on the server.

## Example

```python
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)


@asynccontextmanager
async def lifespan(app):
    try:
        yield
    finally:
        engine.dispose()
```

## Use instead

```python
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)


@asynccontextmanager
async def lifespan(app):
    try:
        yield
    finally:
        await engine.dispose()
```

## Fix safety

Safe: `await` is put before the call, inside an `async def`, where the call cannot work otherwise.
In a plain function there is no fix: `await` is not allowed there, and
`engine.sync_engine.dispose()` inside a running event loop only logs a `MissingGreenlet` for every
connection.

## When not to use it

Always use it. The `dispose()` of a plain `Engine` is a plain method and is not reported, nor is a
coroutine that is handed on (returned, awaited later, given to `asyncio.create_task`).

## References

* Engine Disposal:
  <https://docs.sqlalchemy.org/en/20/core/connections.html#engine-disposal>
* Asynchronous I/O (asyncio):
  <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model import mending
from pool_lint.model.report import Report
from pool_lint.model.values import ENGINE
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for info, dropped in model.dropped():
        coroutine = dropped.coroutine
        subject = coroutine.subject
        if subject is None or subject.kind != ENGINE or coroutine.method != "dispose":
            continue
        parent = model.names.parents.get(id(coroutine.call))
        yield Report(
            coroutine.call,
            "`dispose()` of an async engine is not awaited: it never runs and the pool stays open",
            "write `await` before it"
            if info.is_async
            else "await it in a coroutine, or dispose of `.sync_engine` outside the event loop",
            fix=mending.add_await(coroutine.call, parent) if info.is_async else None,
        )


RULE = Rule(
    code="POOL202",
    name="unawaited-dispose",
    level=Level.ERROR,
    summary="dispose() of an async engine is not awaited and closes nothing",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "RuntimeWarning: coroutine 'AsyncEngine.dispose' was never awaited",
        "ResourceWarning: unclosed connection",
    ),
)
