"""# async-event-listener (POOL210)

An event listener is an `async def`, so it never runs.

## What it does

Reports a coroutine function that is registered with `event.listens_for()` or `event.listen()` of
SQLAlchemy, for whatever target.

## Why it hurts

SQLAlchemy calls a listener and does not await what it returns. The call of an `async def` returns a
coroutine, which is thrown away: not one line of the listener runs, and nothing fails. With a
listener to `connect`, on SQLAlchemy 2.1.9 and 2.0.57, after a connection was made:

```text
the listener ran 0 times
```

All that can be seen is a warning of Python's, in the log of a process that shows them:

```text
RuntimeWarning: coroutine 'on_connect' was never awaited
```

What the listener was to do (a setting of the connection, a line of the audit log, a metric) is
missing without an error.

## Example

```python
from sqlalchemy import event
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)


@event.listens_for(engine.sync_engine, "connect")
async def on_connect(dbapi_connection, record):
    record.info["opened_for"] = "shop"
```

## Use instead

```python
from sqlalchemy import event
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)


@event.listens_for(engine.sync_engine, "connect")
def on_connect(dbapi_connection, record):
    record.info["opened_for"] = "shop"
```

A listener that needs something of the async driver calls it through the connection that it is
given: `dbapi_connection.run_async(lambda connection: connection.set_type_codec(...))`. Statements
run through `dbapi_connection.cursor()`, without `await`.

## Fix safety

Unsafe: `async` is taken away where nothing in the function is awaited. From then on the listener
runs, which it never did before. Where something is awaited the finding says what to do and nothing
is edited.

## When not to use it

Always use it.

## References

* Using events with the asyncio extension:
  <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html#asyncio-events>
* Using awaitable-only driver methods in connection pool and other events:
  <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html#asyncio-events-run-async>
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Applicability, Edit, Fix, Level, Range
from pool_lint.model.listeners import needs_no_loop, never_awaited
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.listeners import Listening
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo
    from pool_lint.syntax.tree import Tree


def check(model: ModuleModel) -> Iterable[Report]:
    for event, info in never_awaited(model):
        is_own = info.names is model.names
        yield Report(
            event.named or event.call,
            f"the listener `{info.name}` is a coroutine function, which nobody awaits: it never "
            "runs",
            "make it a plain `def`; `run_async()` of the connection that it is given calls the "
            "driver's coroutines",
            (Remark(info.node, "this is the listener"),) if event.named is not None else (),
            fix=_plain(event, info, model) if is_own and needs_no_loop(info) else None,
        )


def _plain(
    event: Listening, info: FunctionInfo, model: ModuleModel
) -> Callable[[Tree], Fix | None]:
    """Make a plain function of a listener."""

    def fix(_: Tree) -> Fix | None:
        tree = model.tree_of(info.node)
        uses = re.findall(rf"\b{re.escape(info.name)}\b", tree.source.text)
        word = info.node.asynchronous
        if word is None or len(uses) > (1 if event.named is None else 2):
            # Others may await it.
            return None
        start = tree.range_of(word).start
        name = tree.range_of(info.node.name).start
        row = tree.source.lines[start.row - 1]
        behind = row[start.column - 1 : name.column - 1]
        if name.row != start.row or behind.split() != ["async", "def"]:
            return None
        end = type(start)(start.row, start.column + behind.index("def"))
        return Fix(Applicability.UNSAFE, "Make it a plain `def`", (Edit(Range(start, end), ""),))

    return fix


RULE = Rule(
    code="POOL210",
    name="async-event-listener",
    level=Level.ERROR,
    summary="an event listener is a coroutine function, so it never runs",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=("RuntimeWarning: coroutine 'on_connect' was never awaited",),
)
