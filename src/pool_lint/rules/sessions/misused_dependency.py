"""# misused-dependency (POOL309)

`Depends` is given a context manager, a session factory or the result of a call: none of them works.

## What it does

Reports `Depends(...)` on a function decorated with `contextmanager` or `asynccontextmanager`, on a
`sessionmaker` or `async_sessionmaker`, and on a generator or coroutine function that is called
there: `Depends(get_session())`.

## Why it hurts

*A context manager.* FastAPI makes one of every generator itself, and cannot do it twice. Each
request ends with status 500 and this (FastAPI 0.163):

```text
TypeError: '_AsyncGeneratorContextManager' object is not an async iterator
```

Releases up to 0.123.4 hand the context manager to the handler instead; there (0.121) it is
`AttributeError: '_AsyncGeneratorContextManager' object has no attribute 'execute'`. A handler that
enters it itself works with them, and with 0.123.5 no more: it is not reported where the settings
name an older `target-fastapi`.

*A session factory.* FastAPI reads the parameters of what it is given, finds `local_kw` in the
factory's signature and asks the client for it. Each request ends with status 422:

```text
{"detail":[{"type":"missing","loc":["query","local_kw"],"msg":"Field required","input":null}]}
```

*A call.* It makes a generator when the module is imported, and a generator cannot be called:
`TypeError: <async_generator object get_session at 0x7efe5766fc40> is not a callable object`.

## Example

```python
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

app = FastAPI()
engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def get_session():
    async with new_session() as session:
        yield session


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

A dependency is a plain generator function, by its name. Where the same code is wanted in an `async
with` elsewhere, decorate a copy: `session_scope = asynccontextmanager(get_session)`.

## Fix safety

Safe for a call without arguments: `Depends(get_session())` becomes `Depends(get_session)`. A
context manager may be in use elsewhere, and a factory needs a function around it, so these are
for a person.

## When not to use it

Always use it. A called function that returns a function is a dependency like any other
(`Depends(require_role("admin"))`) and is not reported, nor are classes and objects with `__call__`.

## References

* FastAPI: Dependencies with yield:
  <https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Level
from pool_lint.model import dependencies, mending
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


_WORDS = {
    dependencies.CONTEXT_MANAGER: (
        "`Depends` is given a context manager, and FastAPI makes one itself of every generator",
        "take the decorator off the function that is named here",
    ),
    dependencies.SESSION_FACTORY: (
        "`Depends` is given a session factory, and asks the client for its arguments",
        "name a function that yields a session of the factory",
    ),
    dependencies.CALLED: (
        "`Depends` is given the result of a call, and that cannot be called",
        "name the function without calling it",
    ),
}


def check(model: ModuleModel) -> Iterable[Report]:
    for use in dependencies.uses(model):
        misuse = use.misuse
        if misuse is None:
            continue
        if misuse == dependencies.CONTEXT_MANAGER and dependencies.works_by_hand(use, model):
            continue
        message, advice = _WORDS[misuse]
        call = use.node
        fix = None
        if isinstance(call, cst.Call) and use.is_repaired_by_name:
            fix = mending.drop_call(call)
        yield Report(call, message, advice, fix=fix)


RULE = Rule(
    code="POOL309",
    name="misused-dependency",
    level=Level.ERROR,
    summary="Depends is given something that cannot be a dependency",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "TypeError: '_AsyncGeneratorContextManager' object is not an async iterator",
        "TypeError: '_GeneratorContextManager' object is not an iterator",
        "AttributeError: '_AsyncGeneratorContextManager' object has no attribute 'execute'",
        "AttributeError: '_GeneratorContextManager' object has no attribute 'execute'",
        (
            '{"detail":[{"type":"missing","loc":["query","local_kw"],"msg":"Field '
            'required","input":null}]}'
        ),
        "TypeError: <async_generator object get_session> is not a callable object",
    ),
)
