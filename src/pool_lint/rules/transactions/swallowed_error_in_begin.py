"""# swallowed-error-in-begin (POOL408)

An error of the database is caught inside the `begin()` block whose transaction it has broken.

## What it does

Reports an `except` inside of a `begin()` block that catches an error of the database and goes on
with the block, where the `try` has no savepoint of its own and the block has written something
else: before the `try`, or in other rounds of a loop.

A `session.flush()` that fails breaks the transaction on every database. A statement that fails
breaks it on PostgreSQL; such a `try` is reported where the engine, the imports of the file or the
dependencies of the project say that PostgreSQL it is, and no test or name around it says otherwise.

## Why it hurts

The whole block is lost, and there is no exception: at its end SQLAlchemy finds a transaction that
cannot be committed any more, and rolls it back without a word (SQLAlchemy 2.1.9 and 2.0.57). In the
proof neither of two rows was there afterwards:

```text
the block ended without an exception and saved nothing
```

Where another statement follows, it fails with `current transaction is aborted, commands ignored
until end of transaction block`, far from the cause.

## Example

```python
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Order, Tag


async def place_order(session: AsyncSession, customer_id: int, tag: str) -> None:
    async with session.begin():
        session.add(Order(customer_id=customer_id))
        try:
            session.add(Tag(name=tag))
            await session.flush()
        except IntegrityError:
            pass
```

## Use instead

```python
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Order, Tag


async def place_order(session: AsyncSession, customer_id: int, tag: str) -> None:
    async with session.begin():
        session.add(Order(customer_id=customer_id))
        try:
            async with session.begin_nested():
                session.add(Tag(name=tag))
        except IntegrityError:
            pass
```

The savepoint takes the blow, and the rest of the block is saved. A statement that cannot fail so,
such as PostgreSQL's `INSERT ... ON CONFLICT DO NOTHING`, needs neither.

## Fix safety

Unsafe: the fix puts the body of the `try` into `begin_nested()`. Rows that were lost are saved from
then on, and each savepoint costs two round trips.

## When not to use it

Turn it off if a block may well come to nothing. It is silent where the handler raises, returns,
breaks out of a loop or rolls back, and where a savepoint is set by hand.

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
from pool_lint.model import write_mending
from pool_lint.model.block_ends import SwallowedError
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for _, analysis in model.analyses():
        for event in analysis.events.noted(SwallowedError):
            others = [node for node in event.others if node is not event.node]
            yield Report(
                event.node,
                "if this fails, the error is swallowed inside the `begin()` block, and all that the "
                "block writes is lost",
                f"give it a savepoint: `{event.subject.kind}.begin_nested()`",
                (
                    Remark(event.handler, "the error is caught here, and the block goes on"),
                    *(Remark(node, "this would be lost with it") for node in others),
                ),
                fix=write_mending.add_savepoint(event, model.names),
            )


RULE = Rule(
    code="POOL408",
    name="swallowed-error-in-begin",
    level=Level.WARNING,
    summary="a database error is swallowed inside a begin() block",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=("current transaction is aborted, commands ignored until end of transaction block",),
)
