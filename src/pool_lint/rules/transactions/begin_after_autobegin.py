"""# begin-after-autobegin (POOL404)

`begin()` is called on a session or connection that has already begun a transaction by itself.

## What it does

Reports `session.begin()` and `connection.begin()` where an earlier line of the same function has
begun a transaction on that object on every path, and nothing has ended it since.

A session begins by itself with its first `execute`, `scalar`, `get`, `stream`, `refresh`,
`merge`, `connection`, `begin_nested` or `delete`, with `add` and `add_all` although these run no
SQL, and with an assignment to an attribute of one of its objects after a commit. `commit()`,
`rollback()` and `close()` end the transaction, and `begin()` is right after them. A `begin()`
inside of a `begin()` block is the same mistake.

## Why it hurts

It never works (SQLAlchemy 2.1.9, 2.0.57 and 1.4.54):

```text
sqlalchemy.exc.InvalidRequestError: A transaction is already begun on this Session.
```

and for a connection:

```text
sqlalchemy.exc.InvalidRequestError: This connection has already initialized a SQLAlchemy
Transaction() object via begin() or autobegin; can't call begin() here unless rollback() or commit()
is called first.
```

Often the code was meant to read first, make a slow call without a connection, and write in a
transaction. But the read has begun one, so the connection was never free during the call either.

## Example

```python
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Order


async def ship(session: AsyncSession, order_id: int) -> None:
    order = await session.get(Order, order_id)
    async with session.begin():
        order.status = "shipped"
```

## Use instead

```python
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Order


async def ship(session: AsyncSession, order_id: int) -> None:
    async with session.begin():
        order = await session.get(Order, order_id)
        order.status = "shipped"
```

Where the read and the write should be two transactions, give the read a block of its own, or end
it with `await session.commit()` before `begin()` and before any assignment to its objects. Do not
reach for `begin_nested()` instead: without an outer `begin()` nothing commits it, and the change
is lost without an error.

## Fix safety

Unsafe: the fix changes where a transaction begins or ends, and so what is committed together. The
code fails as it stands, but only its author knows which of the two was meant.

## When not to use it

Always use it: what it reports raises every time. It is silent where the transaction has begun on
some paths only, after a test of `in_transaction()`, for `begin_nested()` inside of a `begin()`
block, and for a session with `autobegin=False`.

## References

* Managing Transactions:
  <https://docs.sqlalchemy.org/en/20/orm/session_transaction.html>
* Session Basics:
  <https://docs.sqlalchemy.org/en/20/orm/session_basics.html>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model import mending
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for begun in model.begun():
        what = begun.subject.kind
        notes = () if begun.since is None else (Remark(begun.since, "the transaction begins here"),)
        yield Report(
            begun.node,
            f"`begin()` inside a transaction that this {what} has begun already raises "
            "InvalidRequestError",
            "use `begin_nested()` for a savepoint"
            if begun.within
            else "commit before it, or read inside the block",
            notes,
            fix=mending.begin_again(begun, model.names),
        )


RULE = Rule(
    code="POOL404",
    name="begin-after-autobegin",
    level=Level.ERROR,
    summary="begin() is called where a transaction has already begun by itself",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "sqlalchemy.exc.InvalidRequestError: A transaction is already begun on this Session.",
        (
            "This connection has already initialized a SQLAlchemy Transaction() object via "
            "begin() or autobegin; can't call begin() here unless rollback() or commit() is "
            "called first."
        ),
    ),
)
