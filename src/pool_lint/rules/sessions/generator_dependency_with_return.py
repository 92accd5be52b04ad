"""# generator-dependency-with-return (POOL308)

A loop over a session's generator is left by `return` or `break`: the commit after the yield is
skipped.

## What it does

Reports `async for session in get_session():` and `for session in get_session():` whose body
leaves the loop with `return` or `break`, where the generator commits behind its `yield`. An async
generator without a commit is reported as well, as a warning.

## Why it hurts

A loop that is left does not finish its generator. What comes out of the `yield` is
`GeneratorExit`, so the `commit()` behind it never runs, and the end of the session rolls
everything back. No exception, no line in the log. Measured on SQLAlchemy 2.1.9 and 2.0.57: the
function returned the id of the new row, and **the row was not saved**. The same with `break`;
without either, the commit ran.

Without a commit nothing is lost, but an async generator that was left is finished by the event
loop, some time later, and until then its connection stays out. An exception in the body has the
same effect.

## Example

```python
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from shop.models import Item

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def get_session():
    async with new_session() as session:
        yield session
        await session.commit()


async def store(name: str) -> int:
    async for session in get_session():
        item = Item(name=name)
        session.add(item)
        await session.flush()
        return item.id
```

## Use instead

```python
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from shop.models import Item

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def get_session():
    async with new_session() as session:
        yield session
        await session.commit()


async def store(name: str) -> int:
    async with asynccontextmanager(get_session)() as session:
        item = Item(name=name)
        session.add(item)
        await session.flush()
        return item.id
```

A `with` block ends in order when it is left by `return`. Outside of a framework's dependencies,
`async with new_session.begin() as session:` says the same in one line.

## Fix safety

Unsafe: the loop becomes `async with asynccontextmanager(get_session)() as session:` and the import
is added. The commit then runs, which is what the code says and not what it has done so far.

## When not to use it

Always use it. A loop whose body runs to its end is not reported, nor is a plain generator that
commits nothing behind its `yield`: it is closed in the moment the loop is left.

## References

* Python: contextlib.asynccontextmanager:
  <https://docs.python.org/3/library/contextlib.html#contextlib.asynccontextmanager>
* FastAPI: Dependencies with yield:
  <https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model import session_mending
from pool_lint.model.generators import left_loops
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for left in left_loops(model):
        if left.leave is None or (left.commit is None and left.loop.asynchronous is None):
            continue
        notes = [Remark(left.leave, "the loop is left here")]
        message = "leaving this loop leaves its generator, which holds the connection until later"
        if left.commit is not None:
            message = (
                "leaving this loop skips the commit behind the `yield`, and what is not committed "
                "by then is lost"
            )
            notes.append(Remark(left.commit, "this commit never runs"))
        yield Report(
            left.loop.iter,
            message,
            "enter the generator as a context manager",
            tuple(notes),
            level=Level.WARNING if left.commit is None else None,
            fix=session_mending.enter_instead(left, model.names),
        )


RULE = Rule(
    code="POOL308",
    name="generator-dependency-with-return",
    level=Level.ERROR,
    summary="a return out of a loop over a dependency skips the commit behind its yield",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
)
