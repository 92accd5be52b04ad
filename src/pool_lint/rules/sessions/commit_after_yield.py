"""# commit-after-yield (POOL310)

A dependency commits behind its `yield`, when the client has already been told that all is well.

## What it does

Reports a generator that FastAPI makes a dependency of and that commits behind the `yield` of its
session or connection: by `commit()`, or at the end of a `begin()` block around the `yield`.

Where the settings name a `target-fastapi` from 0.106 up to 0.117, or the lock file or requirements
of the project do, nothing is reported, because in these releases what stands behind the `yield`
runs before the response.

## Why it hurts

What stands behind the `yield` runs when the response is out. Measured on SQLAlchemy 2.1.9 and
2.0.57 with a commit that violates a unique constraint: with FastAPI 0.105 and older, and with 0.118
and newer up to 0.163, **the client was told 200 and nothing was saved**. The exception went to the
log, where nobody connects it with the order that is missing. From 0.106 to 0.117 the same request
ended with 500.

It is the commit where such errors come out: constraints that are deferred, a flush that has waited
until then, a serialization failure, a connection that broke meanwhile. And a client that asks at
once for what it has just created may come before the commit.

## Example

```python
from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop.models import Item

app = FastAPI()
engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def get_session():
    async with new_session() as session:
        yield session
        await session.commit()


@app.post("/items")
async def create_item(name: str, session: AsyncSession = Depends(get_session)):
    session.add(Item(name=name))
    return {"saved": True}
```

## Use instead

```python
from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop.models import Item

app = FastAPI()
engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def get_session():
    async with new_session() as session:
        yield session


@app.post("/items")
async def create_item(name: str, session: AsyncSession = Depends(get_session)):
    session.add(Item(name=name))
    await session.commit()
    return {"saved": True}
```

From FastAPI 0.121 on, `Depends(get_session, scope="function")` ends the dependency before the
response is sent and leaves the commit where it is. A stream that reads from the session needs one
of its own then.

## Fix safety

There is no automatic fix: each handler that writes has to commit for itself, or each `Depends` has
to say its scope.

## When not to use it

Where every handler commits for itself and the commit behind the `yield` finds nothing left to do,
it does no harm, and may be taken away. A generator that no `Depends` of FastAPI names is not
reported.

## References

* FastAPI: Dependencies with yield and scope:
  <https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/>
* FastAPI: Advanced Dependencies, what happens behind the yield:
  <https://fastapi.tiangolo.com/advanced/advanced-dependencies/>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.handovers import late_commits
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for info, late in late_commits(model):
        yield Report(
            late.node,
            f"`{info.name}` commits here when the response is out: if that fails, the client was "
            "told 200 and nothing is saved",
            'commit in the handlers, or name it with `Depends(..., scope="function")`',
            (Remark(late.handed, "the handler runs and answers here"),),
        )


RULE = Rule(
    code="POOL310",
    name="commit-after-yield",
    level=Level.WARNING,
    summary="a dependency commits after its yield, when the client has been told 200",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    fixable=False,
)
