"""# use-after-commit-in-begin (POOL407)

A `begin()` block goes on after a commit or rollback that has ended its transaction.

## What it does

Reports the first use of a session or connection inside of a `begin()` block behind a `commit()` or
`rollback()` in the same block: by `session.begin()`, `session_factory.begin()`, `engine.begin()` or
`connection.begin()`, sync and async, also where a helper that is given the session commits, and
where each round of a loop commits and the next one goes on.

A commit as the last thing of a block is fine.

## Why it hurts

It never works (SQLAlchemy 2.1.9 and 2.0.57):

```text
sqlalchemy.exc.InvalidRequestError: Can't operate on closed transaction inside context manager.
Please complete the context manager before emitting further commands.
```

What was committed before stays, so the work is done by half: `execute`, `scalar`, `get`, `add`,
`add_all`, `delete`, `merge`, `refresh`, `begin`, `begin_nested` and, on a session, a second
`commit` were all measured to raise.

## Example

```python
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Order


async def place_order(session: AsyncSession, customer_id: int) -> Order:
    async with session.begin():
        order = Order(customer_id=customer_id)
        session.add(order)
        await session.commit()
        await session.refresh(order)
    return order
```

## Use instead

```python
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Order


async def place_order(session: AsyncSession, customer_id: int) -> Order:
    async with session.begin():
        order = Order(customer_id=customer_id)
        session.add(order)
        await session.flush()
        await session.refresh(order)
    return order
```

The block commits at its end; `flush()` is enough to have the keys before. Where there are to be
several transactions, give each a block, or none a block and each a `commit()`.

## Fix safety

Unsafe: the fix makes a `flush()` of a session's `commit()`, takes that of a connection out, and
leaves the commit to the end of the block, so that all is committed together or not at all.

## When not to use it

Always use it: what it reports raises every time it is reached. It is silent where the block is over
on some paths only.

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
from pool_lint.model.block_ends import UsedAfterEnd
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for _, analysis in model.analyses():
        for event in analysis.events.noted(UsedAfterEnd):
            if model.is_expected_to_fail(event.node):
                continue
            yield Report(
                event.node,
                f"the `begin()` block that this stands in is over since the {event.word}; using the "
                f"{event.subject.kind} again raises InvalidRequestError",
                "leave the commit to the end of the block"
                if event.word == "commit"
                else "leave the block before going on",
                tuple(Remark(end, f"the {event.word} that ends it") for end in event.ends),
                fix=write_mending.drop_commit(event, model.names),
            )


RULE = Rule(
    code="POOL407",
    name="use-after-commit-in-begin",
    level=Level.ERROR,
    summary="a begin() block goes on behind its own commit",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.InvalidRequestError: Can't operate on closed transaction inside context "
            "manager. Please complete the context manager before emitting further commands."
        ),
    ),
)
