"""# unawaited-session-call (POOL501)

A coroutine of an async session or connection is made and dropped: what it names never happens.

## What it does

Reports a call of a coroutine method (`commit`, `rollback`, `flush`, `execute`, `scalar`,
`delete`, `refresh`, `close`, ...) of an `AsyncSession` or `AsyncConnection` that is not awaited:
standing alone, tested for truth, or assigned and then used as if it were the result.

## Why it hurts

The call returns a coroutine, and nothing runs it. There is no exception at that line, only this
in the log, if anybody reads it:

```text
RuntimeWarning: coroutine 'AsyncSession.commit' was never awaited
```

What happened instead, each measured on SQLAlchemy 2.1.9 and 2.0.57:

* `session.commit()`: the row was not saved.
* `session.execute(insert(...))`: the row was not saved, although `commit()` was awaited.
* `session.delete(item)`: the row is still there.
* `session.flush()`: `item.id is None`.
* `session.rollback()`: the next statement failed with `current transaction is aborted, commands
  ignored until end of transaction block`.
* `session.close()`: the connection stayed out, and soon `QueuePool limit of size 2 overflow 0
  reached, connection timed out, timeout 1.00`.
* `session.refresh(item)`: `MissingGreenlet` when the object was read.
* `result = session.execute(...)`: `AttributeError: 'coroutine' object has no attribute
  'scalars'`.
* `if session.scalar(...):` was always true.

## Example

```python
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Item


async def store(session: AsyncSession, name: str) -> None:
    session.add(Item(name=name))
    session.commit()
```

## Use instead

```python
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Item


async def store(session: AsyncSession, name: str) -> None:
    session.add(Item(name=name))
    await session.commit()
```

`add`, `add_all` and `expunge` are plain methods of an async session too, and must not be awaited.

## Fix safety

Safe: `await` is put before the call, inside an `async def`, where the call cannot work otherwise.
In a plain function there is no fix, because `await` is not allowed there.

## When not to use it

Always use it. A coroutine that is handed on is not reported: returned, given to another function,
kept and awaited later, or started with `asyncio.create_task`. Nor is a plain `Session`, or an
object that is not known to be async.

## References

* Asynchronous I/O (asyncio):
  <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html>
* Python: Detect never-awaited coroutines:
  <https://docs.python.org/3/library/asyncio-dev.html#detect-never-awaited-coroutines>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Level
from pool_lint.model import mending
from pool_lint.model.report import Remark, Report
from pool_lint.model.told_apart import is_told_apart
from pool_lint.model.values import CONNECTION, POOL_CONNECTION, SESSION, Coroutine
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import Names


# What these give has coroutines of its own.
_GIVE_COROUTINES = frozenset(("stream", "stream_scalars", "connection", "begin", "run_sync"))
_WORDS = {
    "statement": "it never runs",
    "assigned": "it never runs",
    "truth": "a coroutine is always true",
    "attribute": "a coroutine has no such attribute",
    "iterated": "a coroutine cannot be iterated",
    "subscript": "a coroutine cannot be subscripted",
}


def check(model: ModuleModel) -> Iterable[Report]:
    for info, dropped in model.dropped():
        coroutine = dropped.coroutine
        subject = coroutine.subject
        if subject is None or subject.kind not in (SESSION, CONNECTION, POOL_CONNECTION):
            continue
        if is_told_apart(coroutine.call, True, model.names):
            continue
        parent = model.names.parents.get(id(coroutine.call))
        notes = (
            (Remark(dropped.use, "its result is used here as if it were there"),)
            if dropped.how not in ("statement", "assigned") and dropped.use is not coroutine.call
            else ()
        )
        yield Report(
            coroutine.call,
            f"`{coroutine.method}()` of an async {subject.kind} is not awaited: "
            f"{_WORDS[dropped.how]}",
            "write `await` before it" if info.is_async else "await it in a coroutine",
            notes,
            fix=mending.add_await(coroutine.call, parent, _misplaced(coroutine, model.names))
            if info.is_async
            else None,
        )


def _misplaced(coroutine: Coroutine, names: Names) -> cst.Await | None:
    """``await session.execute(...).all()`` awaits what the result gives, and that is no coroutine."""
    if coroutine.method in _GIVE_COROUTINES:
        return None
    node: cst.CSTNode = coroutine.call
    parent = names.parents.get(id(node))
    while isinstance(parent, (cst.Attribute, cst.Subscript)) or (
        isinstance(parent, cst.Call) and parent.func is node
    ):
        node, parent = parent, names.parents.get(id(parent))
    return parent if isinstance(parent, cst.Await) else None


RULE = Rule(
    code="POOL501",
    name="unawaited-session-call",
    level=Level.ERROR,
    summary="a coroutine of an async session or connection is never awaited and never runs",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "RuntimeWarning: coroutine 'AsyncSession.commit' was never awaited",
        "RuntimeWarning: coroutine 'AsyncSession.execute' was never awaited",
        "AttributeError: 'coroutine' object has no attribute 'scalars'",
        "current transaction is aborted, commands ignored until end of transaction block",
        (
            "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, "
            "connection timed out, timeout 30.00"
        ),
        (
            "The garbage collector is trying to clean up non-checked-in connection, which "
            "will be terminated."
        ),
    ),
)
