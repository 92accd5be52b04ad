"""# dispose-per-request (POOL204)

The shared engine is disposed of in a request handler, so the next request has to connect again.

## What it does

Reports `dispose()` of an engine, or `close()` of an asyncpg pool, that other requests use as well,
in code that runs for every request: a handler, a dependency, a middleware, a task.

## Why it hurts

`dispose()` throws the pool away and puts an empty one in its place. Done at the end of every
request, it turns the pool off. Measured on SQLAlchemy 2.1.9 and 2.0.57:

```text
20 connections opened for 20 requests
```

Without it one connection served all 20. On a server in the same machine a checkout and one
statement took 2.7 to 3.4 ms instead of 0.2 to 0.3; a network, TLS and a password add to that.

Under load it also lifts the pool's limit. `dispose()` cannot close what other requests have in
their hands: these connections stay open, and the new pool does not count them. With a pool of two
that was disposed of while both were out, four connections were open at a time.

## Example

```python
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

app = FastAPI()
engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)


@app.get("/users")
async def count_users():
    async with engine.connect() as connection:
        count = await connection.scalar(text("select count(*) from users"))
    await engine.dispose()
    return count
```

## Use instead

```python
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)


@asynccontextmanager
async def lifespan(app: FastAPI):
    try:
        yield
    finally:
        await engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.get("/users")
async def count_users():
    async with engine.connect() as connection:
        return await connection.scalar(text("select count(*) from users"))
```

The end of the `with` block gives the connection back. The engine's end is the application's.

## Fix safety

There is no automatic fix: the call may have to move to the end of the application, and only the
author knows where that is.

## When not to use it

* A handler whose purpose it is to close the pool (an administrator's endpoint after a failover or
  a change of passwords) is right to do so: suppress the finding there.
* `dispose()` in an `except` clause throws away a pool that is broken, and is not reported.
* An engine that the handler has made for itself is not shared and is not reported here; that is
  [POOL201](engine-per-request).
* A task that runs its own event loop and shares an asyncpg engine with others needs `dispose()` at
  its end and is not reported, nor is `dispose(close=False)` after a fork.

## References

* Engine Disposal:
  <https://docs.sqlalchemy.org/en/20/core/connections.html#engine-disposal>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.report import Remark, Report
from pool_lint.model.sharing import ended_per_request
from pool_lint.model.values import ENGINE
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for ended in ended_per_request(model):
        is_engine = ended.subject.kind == ENGINE
        notes = []
        if ended.reach.call is not None:
            notes.append(Remark(ended.reach.call, "this call leads here"))
        yield Report(
            ended.call,
            f"the shared {ended.subject.kind} is {'disposed of' if is_engine else 'closed'} for "
            f"every call of the {ended.reach.role} `{ended.reach.handler.name}`",
            "leave it to the end of the application; the end of a `with` block gives the "
            "connection back",
            tuple(notes),
        )


RULE = Rule(
    code="POOL204",
    name="dispose-per-request",
    level=Level.WARNING,
    summary="the shared engine is disposed of in a handler, so every request connects anew",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    fixable=False,
)
