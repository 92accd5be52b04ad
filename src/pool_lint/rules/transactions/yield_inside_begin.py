"""# yield-inside-begin (POOL414)

A function ends the transaction of a dependency's `begin()` block, and uses the session afterwards.

## What it does

Reports `commit()` and `rollback()` in a function whose session comes from a dependency that yields
it inside of `session.begin()`, or of `factory.begin()`, where the session is used again behind it:
by a statement, an `add`, a `refresh`, a second commit, or by reading an object that the commit has
emptied. Helpers that do the one or the other count.

## Why it hurts

The block belongs to the dependency, and only its end may begin anew. Until then each use raises
(SQLAlchemy 2.1.9 and 2.0.57, after `commit()` and after `rollback()`):

```text
sqlalchemy.exc.InvalidRequestError: Can't operate on closed transaction inside context manager.
Please complete the context manager before emitting further commands.
```

The row that was committed stays, so the client that gets status 500 and asks again makes a second
one. Where the commit is the last thing that happens all goes well, until somebody adds a
`refresh()` behind it.

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
    async with new_session() as session, session.begin():
        yield session


@app.post("/items")
async def create_item(
    name: str, session: AsyncSession = Depends(get_session, scope="function")
):
    item = Item(name=name)
    session.add(item)
    await session.commit()
    await session.refresh(item)
    return item
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
async def create_item(
    name: str, session: AsyncSession = Depends(get_session, scope="function")
):
    item = Item(name=name)
    session.add(item)
    await session.commit()
    await session.refresh(item)
    return item
```

Or leave the block to the dependency and write `await session.flush()` for the commit.

## Fix safety

There is no automatic fix: either all users commit or the block does, and that is for a person to
decide.

## When not to use it

Always use it. A commit that nothing follows is not reported, nor is one in a session whose
dependency yields outside of a block.

## References

* Managing Transactions:
  <https://docs.sqlalchemy.org/en/20/orm/session_transaction.html>
* FastAPI: Dependencies with yield:
  <https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.endings import reuses_in_block
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for reuse, handed, provider in reuses_in_block(model):
        notes = [
            Remark(handed.block, f"`{provider.name}` begins the block here"),
            Remark(handed.node, "and yields inside of it here"),
        ]
        if reuse.inner is not None:
            notes.append(Remark(reuse.inner, "the transaction is ended here"))
        if reuse.use is not reuse.end:
            notes.append(Remark(reuse.use, "the session is used again here, which raises"))
        yield Report(
            reuse.end,
            f"this ends the transaction inside of the `begin()` block of `{provider.name}`, and "
            "the next use of the session raises InvalidRequestError",
            "flush here and let the block commit, or yield outside of a block",
            tuple(notes),
        )


RULE = Rule(
    code="POOL414",
    name="yield-inside-begin",
    level=Level.WARNING,
    summary="a dependency yields inside of session.begin() and its user commits",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.InvalidRequestError: Can't operate on closed transaction inside context "
            "manager.  Please complete the context manager before emitting further commands."
        ),
    ),
    fixable=False,
)
