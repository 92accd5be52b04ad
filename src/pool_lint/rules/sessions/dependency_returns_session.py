"""# dependency-returns-session (POOL305)

A dependency returns its session, so nothing can close it after the request.

## What it does

Reports a function that is used in `Depends(...)` and returns a session which it has opened, out of
a `with` block or without one.

## Why it hurts

A framework can clean up only after a dependency that yields. What is returned is the caller's, and
a handler does not close what it did not open. Returned out of a `with` block the session is even
closed *before* the handler gets it, and opens again in silence with the first statement. Measured
with a pool of 2, on SQLAlchemy 2.1.9 and 2.0.57 with FastAPI 0.163: two requests were answered, the
third failed, and so did all that followed:

```text
sqlalchemy.exc.TimeoutError: QueuePool limit of size 2 overflow 0 reached, connection timed out,
timeout 1.00
```

With the default pool it is the sixteenth. The garbage collector may come by earlier and hide it
(`The garbage collector is trying to clean up non-checked-in connection`), in tests nearly always,
under load too late.

## Example

```python
from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

app = FastAPI()
engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def get_session():
    async with new_session() as session:
        return session


@app.get("/users")
async def count_users(session: AsyncSession = Depends(get_session)):
    return await session.scalar(text("select count(*) from users"))
```

## Use instead

```python
from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

app = FastAPI()
engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def get_session():
    async with new_session() as session:
        yield session


@app.get("/users")
async def count_users(session: AsyncSession = Depends(get_session)):
    return await session.scalar(text("select count(*) from users"))
```

## Fix safety

Safe: `return session` in a `with` block becomes `yield session`, and `return new_session()`
becomes a block that yields. It is done where the function is used in `Depends` and nowhere else.
Where it is called directly as well, has a return annotation that would no longer be true, or
keeps its session in a variable, the finding says what to do and nothing is edited.

## When not to use it

* A handler that closes the session itself, `async with session:`, makes up for it; such a handler
  is rare enough that a suppression will do.
* A dependency that returns a factory, an engine or an object of its own that is closed elsewhere is
  not reported.

## References

* FastAPI: Dependencies with yield:
  <https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/>
* Error messages: QueuePool limit reached:
  <https://docs.sqlalchemy.org/en/20/errors.html#error-3o7r>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model import session_mending
from pool_lint.model.dependencies import returned_sessions
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for use, info, given in returned_sessions(model):
        yield Report(
            given.node,
            f"the dependency `{info.name}` returns the session that it opens, and nobody closes it",
            "yield it from a `with` block",
            (Remark(use.call, "it is used as a dependency here"),),
            fix=session_mending.yield_instead(given, info, model.names),
        )


RULE = Rule(
    code="POOL305",
    name="dependency-returns-session",
    level=Level.ERROR,
    summary="a dependency returns a session instead of yielding it, and nobody closes it",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, "
            "connection timed out, timeout 30.00"
        ),
        (
            "The garbage collector is trying to clean up non-checked-in connection, which will "
            "be terminated."
        ),
    ),
)
