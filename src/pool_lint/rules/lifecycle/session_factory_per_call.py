"""# session-factory-per-call (POOL211)

A session factory is built anew in every call, used once and thrown away.

## What it does

Reports `sessionmaker(...)` and `async_sessionmaker(...)` in code that runs again and again (a
handler, a dependency, a task, an object made per request, a helper of these in whatever file of
the project) although the engine is there all the time.

## Why it hurts

A factory is where an application says once what its sessions are like. Built in every call, it is
said many times and holds for none. Measured on SQLAlchemy 2.1.9 and 2.0.57:

* An event listener on one factory (`before_commit`) was not called for a session of the next.
  `factory.configure(...)` does not reach the next one either.
* `sessionmaker()` makes a new class in each call. 1000 calls left 1000 classes behind until the
  garbage collector came by. A call took 6 µs, opening a session from a factory that is there 2 µs.
* A `scoped_session` around it has a fresh registry each time: the same thread gets
  another session, and `remove()` closes none of the earlier ones.

`async_sessionmaker()` alone costs next to nothing (0.2 µs). There the harm is that one copy sets
`expire_on_commit=False` and the next one forgets it.

## Example

```python
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

app = FastAPI()
engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)


@app.get("/users")
async def count_users():
    new_session = async_sessionmaker(engine, expire_on_commit=False)
    async with new_session() as session:
        return await session.scalar(text("select count(*) from users"))
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

Where only an engine is at hand and one session is all that is wanted, no factory is needed:
`async with AsyncSession(engine, expire_on_commit=False) as session:`.

## Fix safety

There is no automatic fix: the factory has to move to where the engine is made, which may be
another file.

## When not to use it

* A function that is there to build the factory, and returns it or keeps it (`lru_cache`, an
  attribute, a global), is not reported, nor is a lifespan or an application factory.
* A factory for an engine or a connection that was made in the same call has nowhere else to be.
* Tests, migrations and command-line scripts: where the code shows that it is one of these, the
  rule is silent.

## References

* Session Basics: When do I make a sessionmaker?
  <https://docs.sqlalchemy.org/en/20/orm/session_basics.html#when-do-i-make-a-sessionmaker>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.rebuilding import rebuilt_factories
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for rebuilt in rebuilt_factories(model):
        yield Report(
            rebuilt.creation.call,
            f"a session factory is built for every call of the {rebuilt.role} `{rebuilt.name}`",
            "build it once, where the engine is made, and share it",
            tuple(Remark(step, "this call leads here") for step in rebuilt.steps),
        )


RULE = Rule(
    code="POOL211",
    name="session-factory-per-call",
    level=Level.WARNING,
    summary="a session factory is built anew in every call",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    fixable=False,
)
