"""# thread-local-session-in-async (POOL313)

A `scoped_session` gives all coroutines of an event loop the same session.

## What it does

Reports a `scoped_session` without a `scopefunc` of its own that an `async def` of the same module
uses, once, where it is made.

## Why it hurts

A `scoped_session` keeps one session for each thread, and all coroutines of an event loop run in one
thread. Two requests that came at the same time (SQLAlchemy 2.1.9):

```text
both requests had the same session
```

What the one adds the other commits, what the one rolls back is gone for the other, and `remove()`
at the end of the first request takes the session away from all that still work with it. It never
shows with one request at a time.

## Example

```python
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import scoped_session

app = FastAPI()
engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
Session = scoped_session(async_sessionmaker(engine, expire_on_commit=False))


@app.get("/users")
async def count_users():
    return await Session.scalar(text("select count(*) from users"))
```

## Use instead

```python
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

app = FastAPI()
engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


@app.get("/users")
async def count_users():
    async with new_session() as session:
        return await session.scalar(text("select count(*) from users"))
```

Where a registry has to stay, `async_scoped_session(new_session, scopefunc=asyncio.current_task)`
keeps one session for each task; the task has to call `await registry.remove()` at its end.

## Fix safety

There is no automatic fix: where the session of a task begins and ends is for the author to say.

## When not to use it

* A `scopefunc` tells tasks apart, and such a registry is not reported.
* Plain functions that a framework runs in threads have a session each, and are not reported.
* Tests, migrations and command-line scripts work for one at a time. Where the code shows that it is
  one of these, the rule is silent.

## References

* Contextual/Thread-local Sessions:
  <https://docs.sqlalchemy.org/en/20/orm/contextual.html>
* Using asyncio scoped session:
  <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html#using-asyncio-scoped-session>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model import registries
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for registry in registries.find(model):
        yield Report(
            registry.node,
            "a `scoped_session` is one session for all coroutines: they share one thread",
            "open a session for each task, or use `async_scoped_session` with a scope of its own",
            (Remark(registry.use, "a coroutine uses it here"),),
        )


RULE = Rule(
    code="POOL313",
    name="thread-local-session-in-async",
    level=Level.WARNING,
    summary="a `scoped_session` among coroutines: all tasks of a thread share one session",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.InvalidRequestError: This session is provisioning a new "
            "connection; concurrent operations are not permitted"
        ),
    ),
    fixable=False,
)
