"""# engine-per-request (POOL201)

An engine or a connection pool is made in code that runs for every request, task or object.

## What it does

Reports an engine, an asyncpg pool or a bare asyncpg connection that is made in a request handler,
in a dependency, in a background task of a task queue, in an object made per request, in a
helper which one of these calls, or in the wrapper that a decorator puts around functions. The
frameworks known are FastAPI, Starlette, Litestar, Flask, aiohttp, Sanic and Celery.

## Why it hurts

An engine *is* the pool. Made per request, it pools nothing, and its limits limit nothing: every
request opens a connection of its own, and it stays open until the garbage collector comes by. 150
concurrent requests to one such handler on a server with 97 usable slots: 53 to 55 failed
(SQLAlchemy 2.1.9, PostgreSQL 15):

```text
sqlalchemy.exc.DBAPIError: (sqlalchemy.dialects.postgresql.asyncpg.Error)
remaining connection slots are reserved for non-replication superuser connections
```

PostgreSQL 16 and newer say `remaining connection slots are reserved for roles with the SUPERUSER
attribute`, and a server whose last slot is taken `sorry, too many clients already`. SQLAlchemy
2.0 lets asyncpg's `TooManyConnectionsError` through unwrapped. With one shared engine none of the
150 failed.

Without load it only costs: 7 to 10 ms a request instead of 2.5 to 3.8 ms, or 17 to 18 ms if the
handler also disposes of its engine. An `asyncpg.create_pool()` per request is worse: after twelve
requests 90 connections were open, and the garbage collector did not close one of them.

## Example

```python
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

app = FastAPI()


@app.get("/users")
async def count_users():
    engine = create_async_engine(
        "postgresql+asyncpg://app@db.internal/shop",
        pool_pre_ping=True,
        pool_recycle=1800,
    )
    async with engine.connect() as connection:
        return await connection.scalar(text("select count(*) from users"))
```

## Use instead

```python
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

app = FastAPI()
engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_pre_ping=True,
    pool_recycle=1800,
)


@app.get("/users")
async def count_users():
    async with engine.connect() as connection:
        return await connection.scalar(text("select count(*) from users"))
```

One engine per process and database, made when the module is imported or in the application's
lifespan. Making it opens no connection; the first request does.

## Fix safety

There is no automatic fix: only the author knows whether the engine belongs at module level or
into the lifespan, and what else must move with it.

## When not to use it

* Start-up code is where an engine belongs: a lifespan, a start-up hook or an application factory
  is not reported, nor is an engine that is kept (`lru_cache`, a module-level variable filled on
  first use, a dictionary with one engine per tenant).
* A task that runs its own `asyncio.run` cannot share an asyncpg engine with other event loops. An
  engine with `poolclass=NullPool` that is disposed of in a `finally` is right there.
* Tests, migrations and command-line scripts: where the code shows that it is one of these, the
  rule is silent.

## References

* Working with Engines and Connections:
  <https://docs.sqlalchemy.org/en/20/core/connections.html>
* Using multiple asyncio event loops:
  <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html#using-multiple-asyncio-event-loops>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.knowledge.frameworks import TASK
from pool_lint.model.engines import thing
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    import libcst as cst

    from pool_lint.model.creations import Creation
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo


def check(model: ModuleModel) -> Iterable[Report]:
    for info, role in model.per_request():
        for call in info.calls:
            creation = model.creation_of(call, model.names.scope_at(call))
            if creation is not None and creation.makes_pool:
                if not model.is_guarded(call, info) and not _suits(creation, role):
                    yield _report(call, creation, info, role)
                continue
            for creation in model.made_at(call, info):
                if not _suits(creation, role):
                    yield _report(call, creation, info, role)
                    break
        for read in model.reads(info):
            for creation in model.made_at(read, info):
                if not _suits(creation, role):
                    yield _report(read, creation, info, role)
                    break


def _suits(creation: Creation, role: str) -> bool:
    """A task that runs in an event loop of its own needs an engine of its own, without a pool."""
    return role == TASK and (creation.is_unseen or creation.pool_class() == "NullPool")


def _report(
    node: cst.Call | cst.Attribute, creation: Creation, info: FunctionInfo, role: str
) -> Report:
    what = thing(creation)
    notes = () if creation.call is node else (Remark(creation.call, f"{what} is made here"),)
    return Report(
        node,
        f"{what} is made for every call of the {role} `{info.name}`",
        "make it once, at module level or in the lifespan, and share it",
        notes,
    )


RULE = Rule(
    code="POOL201",
    name="engine-per-request",
    level=Level.ERROR,
    summary="an engine or a pool is made anew for every request, task or object",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "remaining connection slots are reserved for non-replication superuser connections",
        "remaining connection slots are reserved for roles with the SUPERUSER attribute",
        "sorry, too many clients already",
        "too many connections for role",
        "asyncpg.exceptions.TooManyConnectionsError",
    ),
    fixable=False,
)
