"""# engine-across-event-loops (POOL205)

One asyncpg engine is used in several event loops, one after the other.

## What it does

Reports what runs coroutines in an event loop of its own (`asyncio.run()`, `anyio.run()`,
`run_until_complete()` of a new loop, `async_to_sync()`, a helper of the project that does so) when

* they take connections of an asyncpg engine, or of an asyncpg pool, that the whole process shares,
* and it happens more than once in a process: in a task of Celery or dramatiq, in a plain function
  that handles requests, in a Python loop, or twice on one path.

## Why it hurts

A connection of asyncpg belongs to the event loop in which it was opened, and the pool keeps it when
that loop is closed. The first run works. The second one is handed the connection of the first
(SQLAlchemy 2.1.9 and 2.0.57, asyncpg 0.32):

```text
RuntimeError: Task <Task pending ...> got Future <Future pending ...> attached to a different loop
```

and the third one:

```text
sqlalchemy.exc.InterfaceError: (sqlalchemy.dialects.postgresql.asyncpg.InterfaceError) cannot
perform operation: another operation is in progress
```

So a test with one task passes, and in a worker most tasks fail. `pool_pre_ping` does not help: the
ping fails in the same way. An asyncpg pool that the first run has opened gives the second one
`InterfaceError: cannot perform operation: another operation is in progress`.

## Example

```python
import asyncio

from celery import shared_task
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)


async def count_users():
    async with AsyncSession(engine, expire_on_commit=False) as session:
        return await session.scalar(text("select count(*) from users"))


@shared_task
def report():
    return asyncio.run(count_users())
```

## Use instead

```python
import asyncio

from celery import shared_task
from sqlalchemy import NullPool, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

engine = create_async_engine("postgresql+asyncpg://app@db.internal/shop", poolclass=NullPool)


async def count_users():
    async with AsyncSession(engine, expire_on_commit=False) as session:
        return await session.scalar(text("select count(*) from users"))


@shared_task
def report():
    return asyncio.run(count_users())
```

With `NullPool` each checkout opens a connection and closes it in the same loop. Where the web
application uses the same module, give the worker an engine of its own, so that the application
keeps its pool. `await engine.dispose()` at the end of each run works as well, and so does one loop
for the whole worker.

## Fix safety

Unsafe: `poolclass=NullPool` is written where the engine is made, and the arguments are taken away
that it refuses. Each checkout connects anew from then on, for everybody who uses the engine. There
is no fix where the engine is made in another file.

## When not to use it

* Engines with `NullPool`, those of psycopg and aiosqlite, which work in several loops, and those
  whose driver the code does not show are not reported.
* Neither is a run around which the engine is disposed of, at either end, nor a task of RQ, whose
  workers fork a process for each job.
* A worker that ends its process after each task (`worker_max_tasks_per_child=1`) never comes to a
  second loop. Where that is said on a command line only, suppress the finding.

## References

* Using multiple asyncio event loops:
  <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html#using-multiple-asyncio-event-loops>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.event_loops import crossings
from pool_lint.model.nullpool_mending import without_pool
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.event_loops import Crossing
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for crossing in crossings(model):
        creation = crossing.creation
        thing = "engine" if creation.makes_engine else "pool"
        if crossing.role:
            when = f"each call of the {crossing.role} `{crossing.name}` uses it in a new loop"
        elif crossing.before is not None:
            when = "this is the second loop in which it is used"
        else:
            when = "each round uses it in a new loop"
        yield Report(
            crossing.node,
            f"the connections of an asyncpg {thing} belong to one event loop, and {when}",
            "make the engine with `poolclass=NullPool`, or dispose of it at the end of each run"
            if creation.makes_engine
            else "open the pool in the coroutine that is run, and close it there",
            tuple(_notes(crossing)),
            fix=without_pool(creation, model),
        )


def _notes(crossing: Crossing) -> Iterable[Remark]:
    thing = "engine" if crossing.creation.makes_engine else "pool"
    yield Remark(crossing.creation.call, f"the {thing} is made here")
    yield Remark(crossing.checkout, "a connection of it is taken here")
    if crossing.before is not None:
        yield Remark(crossing.before, "it was used in this loop before")
    if crossing.inner is not None:
        yield Remark(crossing.inner, "the loop is made here")
    for other in crossing.others:
        yield Remark(other, "and used in a loop of its own here")


RULE = Rule(
    code="POOL205",
    name="engine-across-event-loops",
    level=Level.WARNING,
    summary="an asyncpg engine is used in one event loop after another",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "got Future <Future pending> attached to a different loop",
        (
            "sqlalchemy.exc.InterfaceError: (sqlalchemy.dialects.postgresql.asyncpg."
            "InterfaceError) cannot perform operation: another operation is in progress"
        ),
        "is bound to a different event loop",
    ),
)
