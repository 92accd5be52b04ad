"""# misbound-session-factory (POOL311)

A session factory is bound to one connection, or to an engine of the other kind.

## What it does

Reports `sessionmaker(...)` and `async_sessionmaker(...)` when they are bound to

* a connection: `sessionmaker(bind=engine.connect())`;
* an async engine without an async class: `sessionmaker(async_engine)`;
* a plain engine where an async one is needed: `async_sessionmaker(engine.sync_engine)`,
  `sessionmaker(engine, class_=AsyncSession)`.

## Why it hurts

*A connection.* All sessions of the factory share it, and with it one transaction. A rollback in one
request, after any error, ends the transaction of another one in the midst of its work, whose commit
then fails (SQLAlchemy 2.1.9 and 2.0.57):

```text
sqlalchemy.exc.InvalidRequestError: This transaction is inactive
```

Without an error it is worse: a session that committed while another one was open had its row lost
when that one closed. Nothing was raised. And the connection itself never goes back to the pool.

*The wrong kind of engine.* The factory is made without complaint, its sessions cannot do anything.
For `sessionmaker(async_engine)` the first statement fails:

```text
sqlalchemy.ext.asyncio.exc.AsyncContextNotStarted: AsyncConnection context has not been started and
object has not been awaited.
```

`async with` on such a session gets no further than `'Session' object does not support the
asynchronous context manager protocol` (Python 3.10: `AttributeError: __aenter__`). An async factory
on a plain engine cannot make a session: `ArgumentError: AsyncEngine expected, got Engine(...)`.

## Example

```python
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import sessionmaker

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = sessionmaker(engine, expire_on_commit=False)
```

## Use instead

```python
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)
```

## Fix safety

Safe: `sessionmaker` becomes `async_sessionmaker` and is imported, with `expire_on_commit=False`
where that is missing, unless the module opens its sessions other than by `async with`: that code
would have to change as well. `.sync_engine` or `.connect()` is taken away. The factory could not
work, or shared a connection that nobody else has a name for. A connection that is kept in a
variable may have a transaction of its own around it; there the finding says what to do and nothing
is edited.

## When not to use it

* `sessionmaker(async_engine, class_=AsyncSession)` is the older spelling of `async_sessionmaker`
  and works as well; it is not reported.
* One `Session(bind=connection)` in the block of its connection shares with nobody and is not
  reported.
* A test that runs in one outer transaction and rolls it back binds its sessions to a connection on
  purpose (`join_transaction_mode="create_savepoint"`). With that argument, and where the code shows
  that it is a test, the rule is silent.

## References

* Asynchronous I/O (asyncio):
  <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html>
* Joining a Session into an External Transaction:
  <https://docs.sqlalchemy.org/en/20/orm/session_transaction.html#session-external-transaction>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Level
from pool_lint.model.blocks import is_entered
from pool_lint.model.creations import FACTORY_ROLES
from pool_lint.model.factory_mending import async_factory
from pool_lint.model.report import Report
from pool_lint.model.values import CONNECTION, ENGINE, Resource
from pool_lint.rules.rule import Rule
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.creations import Creation
    from pool_lint.model.module import ModuleModel
    from pool_lint.syntax.tree import Tree


def check(model: ModuleModel) -> Iterable[Report]:
    for creation in model.creations:
        bind = creation.keywords.get("bind")
        if creation.role not in FACTORY_ROLES or not isinstance(bind, Resource):
            continue
        if bind.kind == CONNECTION:
            if not _is_on_purpose(creation, model):
                yield Report(
                    creation.call,
                    "the factory is bound to one connection: its sessions share that and its "
                    "transaction",
                    "bind it to the engine",
                    fix=_without(creation, "connect"),
                )
        elif bind.kind == ENGINE and bind.is_async is True and creation.is_async is False:
            yield Report(
                creation.call,
                "a factory of plain sessions is bound to an async engine: their first statement "
                "raises",
                "write `async_sessionmaker`",
                fix=async_factory(creation, model),
            )
        elif bind.kind == ENGINE and bind.is_async is False and creation.is_async is True:
            yield Report(
                creation.call,
                "a factory of async sessions is bound to a plain engine: no session can be made",
                "bind it to the async engine",
                fix=_without(creation, "sync_engine"),
            )


def _is_on_purpose(creation: Creation, model: ModuleModel) -> bool:
    """Whether the sessions are meant to share: a test's, or those of one block in one function."""
    if creation.keywords.is_open or "join_transaction_mode" in creation.keywords:
        return True
    bind = creation.keywords.nodes.get("bind")
    if bind is None:
        return model.is_quiet(creation)
    return (
        model.is_quiet(creation)
        or is_entered(bind.value, model.names)
        or _is_begun(bind.value, creation)
    )


def _is_begun(bind: cst.BaseExpression, creation: Creation) -> bool:
    """Whether the same function begins the transaction that the sessions are to join."""
    function = creation.scope.function
    name = dotted(bind)
    return (
        name is not None
        and function is not None
        and any(dotted(call.func) == f"{name}.begin" for call in function.calls)
    )


def _without(creation: Creation, name: str) -> Callable[[Tree], Fix | None] | None:
    """Bind to what ``.connect()`` or ``.sync_engine`` is written behind."""
    arg = creation.keywords.nodes.get("bind")
    node = arg.value if arg is not None else None
    last = node.func if isinstance(node, cst.Call) and not node.args else node
    if not isinstance(last, cst.Attribute) or last.attr.value != name:
        return None
    written, engine = node, last.value

    def fix(tree: Tree) -> Fix | None:
        assert written is not None
        text = tree.text_of(engine)
        return Fix(
            Applicability.SAFE, f"Bind it to `{text}`", (Edit(tree.range_of(written), text),)
        )

    return fix


RULE = Rule(
    code="POOL311",
    name="misbound-session-factory",
    level=Level.ERROR,
    summary="a session factory is bound to a connection, or to an engine of the other kind",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "This transaction is inactive",
        (
            "sqlalchemy.ext.asyncio.exc.AsyncContextNotStarted: AsyncConnection context has "
            "not been started and object has not been awaited."
        ),
        "sqlalchemy.exc.ArgumentError: AsyncEngine expected, got Engine",
        "'Session' object does not support the asynchronous context manager protocol",
        "AttributeError: __aenter__",
    ),
)
