"""# dependency-yield-without-close (POOL306)

A dependency yields its session with neither a `with` block nor a `finally` that closes it.

## What it does

Reports a generator that is used as a dependency and yields a session which it has opened, where the
session is not closed on every way out: not at all, or only behind the `yield`.

## Why it hurts

Without any close each request keeps its connection. Measured with a pool of 2, on SQLAlchemy 2.1.9
and 2.0.57 with FastAPI 0.163, the third request failed:

```text
sqlalchemy.exc.TimeoutError: QueuePool limit of size 2 overflow 0 reached, connection timed out,
timeout 1.00
```

With `await session.close()` behind the `yield` all goes well until a handler raises. Then the
exception comes out of the `yield`, the close is skipped, and that request's connection is gone:
after six failing requests all three connections of a pool were out. So the service works in every
test, and is drained by its errors: an outage of something else becomes an outage of the database.

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
    session = new_session()
    yield session
    await session.close()


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

`try: yield session` with `finally: await session.close()` is as good. It was measured under
cancellation too, and no connection stayed out.

## Fix safety

Unsafe: the `yield` is put into a `try` whose `finally` closes the session. Code that used the
session after the request (a background task that was given it) finds it closed.

## When not to use it

Always use it. A generator that yields somebody else's session is not reported: who opened it closes
it.

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
from pool_lint.model.generators import leaks
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for leak in leaks(model):
        given = leak.opened
        how = "is closed only if its user does not raise" if leak.later else "is never closed"
        yield Report(
            given.node,
            f"the session that `{leak.info.name}` yields {how}",
            "yield it from a `with` block, or close it in a `finally`",
            ()
            if given.name is None
            else (Remark(given.session.site, "the session is opened here"),),
            fix=session_mending.close_finally(leak, model.names),
        )


RULE = Rule(
    code="POOL306",
    name="dependency-yield-without-close",
    level=Level.ERROR,
    summary="a dependency yields a session with neither with nor finally to close it",
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
