"""# awaited-sync-call (POOL502)

A plain method is awaited: it does its work, and then the `await` raises.

## What it does

Reports `await` before a plain method of an async session (`add`, `add_all`, `expunge`,
`expunge_all`, `expire`, `expire_all`, `in_transaction`, ...), before one of a result (`await
result.scalars()`), and before any method of a plain session, connection or engine (`await
sync_engine.dispose()`).

## Why it hurts

A plain method returns `None` or a result, and neither can be awaited. Measured on SQLAlchemy 2.1.9
and 2.0.57, Python 3.10 to 3.13:

```text
TypeError: object NoneType can't be used in 'await' expression
```

Python 3.14 words it as `'NoneType' object can't be awaited`.

The method has run by then. After `await session.add(item)` the item is in the session and is never
committed. After `await engine.dispose()` the pool is closed, and what the shutdown wanted to do
next is not done.

## Example

```python
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Item


async def store(session: AsyncSession, name: str) -> None:
    await session.add(Item(name=name))
    await session.commit()
```

## Use instead

```python
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Item


async def store(session: AsyncSession, name: str) -> None:
    session.add(Item(name=name))
    await session.commit()
```

What talks to the server is a coroutine (`execute`, `get`, `flush`, `refresh`, `delete`, `commit`),
what only changes the session is not. `delete` is the one that surprises: it may have to load what
hangs on the object. The results of `execute` are there already, so `result.scalars()` and
`result.all()` are plain too.

## Fix safety

Safe: the `await` is taken away. It could do nothing but raise.

## When not to use it

Always use it. A session that is not known to be sync or async is not reported, nor is a parameter
that is called a `Session` where all that is done with it says `AsyncSession`.

## References

* Asynchronous I/O (asyncio):
  <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model import recolouring
from pool_lint.model.report import Report
from pool_lint.model.told_apart import is_told_apart
from pool_lint.model.values import RESULT
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for _, analysis in model.analyses():
        for event in analysis.events.plain.values():
            if is_told_apart(event.node, event.subject.is_async, model.names):
                continue
            flavour = "an async" if event.subject.is_async else "a plain"
            what = "a" if event.subject.kind == RESULT else flavour
            yield Report(
                event.node,
                f"`{event.method}()` of {what} {event.subject.kind} is no coroutine: awaiting what "
                "it gives raises",
                "drop the `await`",
                fix=recolouring.drop_await(event.node, model.names.parents.get(id(event.node))),
            )


RULE = Rule(
    code="POOL502",
    name="awaited-sync-call",
    level=Level.ERROR,
    summary="a plain method of a session or an engine is awaited",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "TypeError: object NoneType can't be used in 'await' expression",
        "TypeError: 'NoneType' object can't be awaited",
        "TypeError: object ScalarResult can't be used in 'await' expression",
        "TypeError: 'ScalarResult' object can't be awaited",
    ),
)
