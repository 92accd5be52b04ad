"""# engine-per-request (POOL201)

An engine or a connection pool is made in code that runs for every request, task or object.

## What it does

Reports an engine, an asyncpg pool or a bare asyncpg connection that is made in a request handler,
in a dependency, in a background task of a task queue, in an object made per request, in a
helper which one of these calls, or in the wrapper that a decorator puts around functions. The
helper may stand in another file, and be called through others: the notes lead from the request to
the engine. Of a bare connection nothing is said where it is made for another file's handler, it
may be one of its own on purpose. The frameworks known are FastAPI, Starlette, Litestar, Flask,
aiohttp, Sanic and Celery.

The handler may stand in another file: the calls that lead from it to the engine are followed
through the files of the project, and the notes of the finding name each of them. Where a function
gets the engine from a factory of another module, the finding stands at that call. Tests, scripts,
examples and migrations are not searched for handlers, nor is a project of more than 4000 files.

Where no request is to be seen, several functions of a file that each call the same factory, without
arguments, are enough: what they look for is given to them, so that each runs more than once, and
the engine is neither kept nor disposed of. So is a private coroutine of a class that makes an
engine for itself alone, where several methods of the class call it and all of them are given
something; and several functions of a file that each make the same engine, or the same asyncpg pool,
for themselves, from what does not come with the call, and ask it for something that does. What
`asyncio.run()` starts has a loop of its own and is left alone, as is an engine whose
`isolation_level` is `AUTOCOMMIT`: databases are not created for every request.

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

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.engines import thing
from pool_lint.model.own_engines import own
from pool_lint.model.per_request import alternatives, called, direct, distant, spot_of
from pool_lint.model.repeated import repeated
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.per_request import Made, Spot


def check(model: ModuleModel) -> Iterable[Report]:
    said: set[Spot] = set()
    calls: set[int] = set()
    for made in (*direct(model), *called(model)):
        said.update(spot_of(one, model) for one in alternatives(made, model))
        if id(made.call) not in calls:
            calls.add(id(made.call))
            yield _report(made, model)
    for made in distant(model, frozenset(said)):
        said.add(spot_of(made.creation, model))
        yield _report(made, model)
    for made in (*repeated(model), *own(model)):
        if id(made.call) not in calls and spot_of(made.creation, model) not in said:
            yield _report(made, model)


def _report(made: Made, model: ModuleModel) -> Report:
    what = thing(made.creation)
    call = made.creation.call
    notes = [] if call is made.call else [Remark(call, f"{what} is made here")]
    where = ""
    if made.way is not None:
        path = made.way.model.lookup.filename
        where = f" in {os.path.basename(path)}" if made.way.model is not model else ""
        notes += [
            Remark(step.use.node, f"a request leads to `{step.name}` here")
            for step in made.way.steps
        ]
    return Report(
        made.call,
        f"{what} is made for every call of the {made.role} `{made.name}`{where}",
        "make it once, at module level or in the lifespan, and share it",
        tuple(notes),
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
