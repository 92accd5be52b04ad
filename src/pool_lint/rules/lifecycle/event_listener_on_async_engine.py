"""# event-listener-on-async-engine (POOL209)

An event listener is registered for an async engine, connection or session, which takes none.

## What it does

Reports `event.listens_for()` and `event.listen()` of SQLAlchemy for

* an `AsyncEngine`, `AsyncConnection` or `AsyncSession`;
* a factory of async sessions;
* the classes `AsyncEngine`, `AsyncConnection` and `AsyncSession`, and classes that inherit from
  them.

## Why it hurts

The async objects have no events. The line that registers the listener raises, for most modules
when they are imported (SQLAlchemy 2.1.9 and 2.0.57):

```text
NotImplementedError: asynchronous events are not implemented at this time.  Apply synchronous
listeners to the AsyncEngine.sync_engine or AsyncConnection.sync_connection attributes.
```

For the class `AsyncSession` and for a factory of async sessions the words are others:

```text
sqlalchemy.exc.InvalidRequestError: No such event 'before_flush' for target '<class
'sqlalchemy.ext.asyncio.session.AsyncSession'>'
```

## Example

```python
from sqlalchemy import event
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)


@event.listens_for(engine, "connect")
def on_connect(dbapi_connection, record):
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

Below every async object there is a plain one that has the events: `engine.sync_engine`,
`connection.sync_connection`, `session.sync_session`. For all sessions of a factory make a plain
`sessionmaker()`, listen to that, and give it to the factory:
`async_sessionmaker(engine, sync_session_class=plain_sessions)`.

## Fix safety

Safe: `.sync_engine`, `.sync_connection` or `.sync_session` is written behind the object. The line
could only raise. A class or a factory has no such attribute; there the finding says what to do and
nothing is edited.

## When not to use it

Always use it. `engine.pool` and `engine.dialect` of an async engine take listeners and are not
reported, nor is a test that expects the error.

## References

* Using events with the asyncio extension:
  <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html#asyncio-events>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Level, Range
from pool_lint.model.listeners import PLAIN, unheard
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.module import ModuleModel
    from pool_lint.syntax.tree import Tree


def check(model: ModuleModel) -> Iterable[Report]:
    for event in unheard(model):
        plain = PLAIN.get(event.kind)
        yield Report(
            event.listening.call,
            f"{event.word} takes no event listeners: this line raises",
            f"listen to its `.{plain}`"
            if plain is not None
            else "listen to the plain class or `sessionmaker` that is its `sync_session_class`"
            if "ession" in event.word
            else "listen to the plain class below it",
            fix=_below(event.listening.target, plain) if plain is not None else None,
        )


def _below(target: cst.BaseExpression, plain: str) -> Callable[[Tree], Fix | None]:
    """Listen to the plain object below an async one."""

    def fix(tree: Tree) -> Fix | None:
        place = tree.range_of(target)
        end = Edit(Range(place.end, place.end), f".{plain}")
        if isinstance(target, (cst.Name, cst.Attribute, cst.Call, cst.Subscript)):
            return Fix(Applicability.SAFE, f"Listen to `.{plain}`", (end,))
        return None

    return fix


RULE = Rule(
    code="POOL209",
    name="event-listener-on-async-engine",
    level=Level.ERROR,
    summary="a listener is registered for an async engine or session, which raises",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "NotImplementedError: asynchronous events are not implemented at this time.  Apply "
            "synchronous listeners to the AsyncEngine.sync_engine or "
            "AsyncConnection.sync_connection attributes."
        ),
        "sqlalchemy.exc.InvalidRequestError: No such event 'before_flush' for target",
        "AttributeError: type object 'AsyncSession' has no attribute 'dispatch'",
    ),
)
