"""# sync-session-in-async (POOL505)

A sync session or engine does its work in a coroutine, and the event loop stands still meanwhile.

## What it does

Reports a plain `Session`, `Connection` or engine that runs statements in an `async def`. It also
reports the mirror image, an async object in sync hands: an async session, connection or engine
that a plain function makes or enters with `with`, and `query()` of an `AsyncSession`. It says so
once for a session and function, at the block or the first statement.

## Why it hurts

A coroutine that waits without `await` makes everybody wait. For a statement that took 600 ms in an
`async def` handler (SQLAlchemy 2.1.9 and 2.0.57):

```text
event loop blocked 609 ms
```

For one of 250 ms it was 280 ms, with an `AsyncSession` 5 ms and through `asyncio.to_thread` 4 ms.
Nothing raises: every endpoint is as slow as the slowest query of any of them, health checks
included.

It is worse when the pool is empty. A sync checkout blocks the loop until a connection comes back,
and the request that would give it back cannot go on, because the loop is blocked: with a pool of
one, everything stood still for the whole `pool_timeout` and ended in `TimeoutError`. That is 30
seconds by default.

The mirror image fails at once: `'AsyncSession' object has no attribute 'query'`. A relative of it
is `metadata.create_all(async_engine)`, with `'AsyncEngine' object has no attribute
'_run_ddl_visitor'`; it is `await connection.run_sync(metadata.create_all)`.

## Example

```python
from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

app = FastAPI()
engine = create_engine(
    "postgresql+psycopg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)


@app.get("/users")
async def count_users():
    with Session(engine) as session:
        return session.scalar(text("select count(*) from users"))
```

## Use instead

```python
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

app = FastAPI()
engine = create_async_engine(
    "postgresql+psycopg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)


@app.get("/users")
async def count_users():
    async with AsyncSession(engine, expire_on_commit=False) as session:
        return await session.scalar(text("select count(*) from users"))
```

Or keep the session and drop the `async` of a FastAPI handler that awaits nothing: FastAPI runs a
plain `def` in a thread. Four concurrent requests of 250 ms then took 0.26 s instead of 1.01.
Elsewhere, put the sync work into a function and call `await asyncio.to_thread(work)`.

## Fix safety

There is no automatic fix: every statement of the function, and of what it calls, has to change with
the session.

## When not to use it

* Sync work that runs elsewhere is right: a nested function that is handed to `run_sync`,
  `asyncio.to_thread`, `run_in_executor` or `run_in_threadpool` is not reported.
* SQLite in the same process answers in microseconds. Where it is known that the engine is SQLite's,
  the rule is silent.
* Tests, migrations and command-line scripts have nobody to keep waiting. Where the code shows that
  it is one of these, the rule is silent.

## References

* Asynchronous I/O (asyncio):
  <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html>
* FastAPI: Concurrency and async / await:
  <https://fastapi.tiangolo.com/async/>
* Python: Running Blocking Code:
  <https://docs.python.org/3/library/asyncio-dev.html#running-blocking-code>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.engines import engine_of
from pool_lint.model.report import Report
from pool_lint.model.told_apart import is_told_apart
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.events import WrongColour
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.values import Resource


def check(model: ModuleModel) -> Iterable[Report]:
    for info, analysis in model.analyses():
        for event in analysis.events.all_coloured.values():
            subject = event.subject
            if is_told_apart(event.node, subject.is_async, model.names):
                continue
            if subject.is_async:
                yield _mirrored(event)
            elif not model.graph.is_quiet(info) and not _is_local(subject):
                what = f"`{event.method}()` of a" if event.how == "called" else "a"
                yield Report(
                    event.node,
                    f"{what} sync {subject.kind} in a coroutine: the event loop stands still while "
                    "the database works",
                    f"use an async {subject.kind}, or do this in a thread",
                )


def _mirrored(event: WrongColour) -> Report:
    kind = event.subject.kind
    if event.how == "query":
        return Report(
            event.node,
            "an async session has no `query()`",
            "write `await session.execute(select(...))`",
        )
    return Report(
        event.node,
        f"an async {kind} in a plain function: nothing can await it here",
        f"make the function a coroutine, or use a sync {kind}",
    )


def _is_local(subject: Resource) -> bool:
    """Whether the database is known to be in the same process."""
    engine = engine_of(subject)
    # An argument of SQLite's alone does not tell: it may belong to one of two branches.
    return engine is not None and (engine.url_prefix or "").startswith("sqlite")


RULE = Rule(
    code="POOL505",
    name="sync-session-in-async",
    level=Level.WARNING,
    summary="a sync session or engine works in a coroutine and stops the event loop for each query",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "AttributeError: 'AsyncSession' object has no attribute 'query'",
        "AttributeError: 'AsyncEngine' object has no attribute '_run_ddl_visitor'",
        "AttributeError: 'AsyncConnection' object has no attribute '_run_ddl_visitor'",
        "Executing <Task pending name='Task-1' coro=<count_users()>> took 0.607 seconds",
    ),
    fixable=False,
)
