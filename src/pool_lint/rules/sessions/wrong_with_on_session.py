"""# wrong-with-on-session (POOL312)

A session is entered with the wrong `with`, or its factory is entered instead of it.

## What it does

Reports

* `with` on an async session, connection or transaction in an `async def`: `with new_session() as
  session:`;
* `async with` on a plain one;
* either on a factory that is not called: `async with new_session as session:`.

## Why it hurts

The line cannot run. `with` on an async session, on Python 3.11 to 3.13 (SQLAlchemy 2.1.9 and
2.0.57):

```text
TypeError: 'AsyncSession' object does not support the context manager protocol
```

Python 3.10 says nothing but `AttributeError: __enter__`, and for `async with` on a plain session
`AttributeError: __aenter__`. The others are `'Session' object does not support the asynchronous
context manager protocol` and, for a factory without its parentheses, `'async_sessionmaker' object
does not support the asynchronous context manager protocol`.

Such a line survives where no test goes: in a handler for errors, in a job that runs at night.

## Example

```python
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def count_users():
    with new_session() as session:
        return await session.scalar(text("select count(*) from users"))
```

## Use instead

```python
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def count_users():
    async with new_session() as session:
        return await session.scalar(text("select count(*) from users"))
```

## Fix safety

Safe: `async` is put before the `with` or taken away, or the factory is called; the line cannot work
otherwise. `async` is not taken away where the block awaits calls of what it is given: either the
`with` or all of these are wrong, and only the author knows which.

## When not to use it

Always use it. What is not known to be sync or async is not reported, nor is a name that hides a
factory: a parameter called `async_sessionmaker` may hold anything. An async session in a plain
function has more wrong with it than the `with`: that is [POOL505](sync-session-in-async).

## References

* Asynchronous I/O (asyncio):
  <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html>
* Python: Asynchronous Context Managers:
  <https://docs.python.org/3/reference/datamodel.html#asynchronous-context-managers>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model import recolouring
from pool_lint.model.report import Report
from pool_lint.model.told_apart import is_told_apart
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


_WORDS = {
    "async": (
        "`with` on what an async {} gives: it knows `async with` alone",
        "write `async with`",
    ),
    "sync": ("`async with` on what a plain {} gives: it knows `with` alone", "write `with`"),
    "uncalled": ("a {} is entered instead of a session", "call it: write `()` behind it"),
}


def check(model: ModuleModel) -> Iterable[Report]:
    for _, analysis in model.analyses():
        for event in analysis.events.wrong_blocks.values():
            if is_told_apart(event.node, event.subject.is_async, model.names):
                continue
            message, advice = _WORDS[event.how]
            yield Report(
                event.node,
                message.format(event.subject.kind),
                advice,
                fix=recolouring.mend_block(event),
            )


RULE = Rule(
    code="POOL312",
    name="wrong-with-on-session",
    level=Level.ERROR,
    summary="with on an async session, async with on a sync one, or either on an uncalled factory",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "TypeError: 'AsyncSession' object does not support the context manager protocol",
        "TypeError: 'AsyncConnection' object does not support the context manager protocol",
        "TypeError: 'Session' object does not support the asynchronous context manager protocol",
        "TypeError: 'Connection' object does not support the asynchronous context manager protocol",
        (
            "TypeError: 'async_sessionmaker' object does not support the asynchronous context "
            "manager protocol"
        ),
        "TypeError: 'sessionmaker' object does not support the context manager protocol",
        (
            "TypeError: 'async_generator' object does not support the asynchronous context "
            "manager protocol"
        ),
        "AttributeError: __enter__",
        "AttributeError: __aenter__",
    ),
)
