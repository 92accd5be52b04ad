"""# result-returned-from-route (POOL317)

A route answers with the result of a statement instead of the rows in it.

## What it does

Reports a route of FastAPI that returns what `session.execute`, `session.scalars`, `session.exec` or
`connection.execute` gave, or what `scalars()`, `mappings()` or `unique()` made of that, where
nothing says of what class the answer is. Where a `response_model` or a return annotation does, it
reports the result of `execute(select(Item))` alone, whose rows are tuples of one object each.

## Why it hurts

A result is no list. FastAPI tries to make a dictionary of it, then one of its attributes. Measured
with FastAPI 0.163 on SQLAlchemy 2.1.9, a route that returned `await session.execute(...)` of
`select(Item)` ended each request with status 500 and this:

```text
ValueError: [TypeError('cannot convert dictionary update sequence element #0 to a sequence'),
TypeError('vars() argument must have __dict__ attribute')]
```

The result of `scalars()` is worse: status 200, and a client that reads
`{"_row_getter":[null,null,null],"_memoized_keys":...}`, the insides of the object. That of a
`delete` was `{"_soft_closed":true}`, and `mappings()` came out as `{}`.

With `response_model=list[ItemOut]` the result of `scalars()` and of a `select` of columns works,
because the rows are read one by one, and is not reported. The rows of `select(Item)` fail there
too: `ResponseValidationError`.

## Example

```python
from fastapi import Depends, FastAPI
from sqlalchemy import select
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


@app.get("/items")
async def list_items(session: AsyncSession = Depends(get_session)):
    return await session.execute(select(Item))
```

## Use instead

```python
from fastapi import Depends, FastAPI
from sqlalchemy import select
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


@app.get("/items")
async def list_items(session: AsyncSession = Depends(get_session)):
    return (await session.execute(select(Item))).scalars().all()
```

Rows of several columns become dictionaries by `.mappings().all()`.

## Fix safety

Unsafe: `.scalars().all()` is added behind the result of a `select` of one class, `.all()` behind a
result that `scalars()` or its kin gave. All rows are then in memory at once.

## When not to use it

Always use it. A function that is no route may return a result, and is not reported.

## References

* Working with Engines and Connections: Result:
  <https://docs.sqlalchemy.org/en/20/core/connections.html#sqlalchemy.engine.Result>
* FastAPI: Response Model:
  <https://fastapi.tiangolo.com/tutorial/response-model/>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.answers import answers_of_routes, fetch
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for info, answer in answers_of_routes(model):
        yield Report(
            answer.value,
            f"`{info.name}` answers with a result, of which FastAPI cannot make the rows in it",
            "return the rows: `.scalars().all()` for objects, `.mappings().all()` for columns",
            ()
            if model.names.enclosing(answer.call, type(answer.node)) is answer.node
            else (Remark(answer.call, "the result comes from here"),),
            fix=fetch(answer, model),
        )


RULE = Rule(
    code="POOL317",
    name="result-returned-from-route",
    level=Level.ERROR,
    summary="a route returns a Result instead of its rows",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "ValueError: [TypeError('cannot convert dictionary update sequence element #0 to a "
            "sequence'), TypeError('vars() argument must have __dict__ attribute')]"
        ),
        (
            "ValueError: [ValueError('dictionary update sequence element #0 has length 1; 2 is "
            "required'), TypeError('vars() argument must have __dict__ attribute')]"
        ),
        (
            "pydantic_core._pydantic_core.PydanticSerializationError: Unable to serialize unknown "
            "type: <class 'sqlalchemy.engine.row.Row'>"
        ),
    ),
)
