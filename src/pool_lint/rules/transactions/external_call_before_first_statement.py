"""# external-call-before-first-statement (POOL402)

Slow work stands in a session's `begin()` block before its first statement: harmless now, and one
line away from [POOL401](external-call-in-transaction).

## What it does

Reports slow work that is not the database's (the same as in POOL401) inside of an `async with
session.begin():` block, before the block's first statement.

## Why it hurts

It does not yet. `session.begin()` takes no connection; the first statement does. Measured while
such a call ran, on SQLAlchemy 2.1.9 and 2.0.57: connections checked out 0, sessions `idle in
transaction` on the server 0.

But nothing in the block says so. One line added above the call, a lookup or a permission check,
and the connection is held through the whole call: checked out 1, idle in transaction 1, and under
load `QueuePool limit of size 5 overflow 10 reached`. Above the block the call is safe from that,
and the block says what belongs to the transaction.

## Example

```python
import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Rate


async def store_rate(session: AsyncSession, client: httpx.AsyncClient) -> None:
    async with session.begin():
        response = await client.get("/rates/eur")
        session.add(Rate(value=response.json()["value"]))
```

## Use instead

```python
import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Rate


async def store_rate(session: AsyncSession, client: httpx.AsyncClient) -> None:
    response = await client.get("/rates/eur")
    async with session.begin():
        session.add(Rate(value=response.json()["value"]))
```

## Fix safety

Unsafe: the call is moved above the block. It does the same work in the same order, but an
exception from it now leaves before the transaction has begun, which code around the block may
notice.

## When not to use it

It is advice (level info) about code that works; leave it out where a block is known to stay as it
is. `engine.begin()`, `engine.connect()` and a pool's `acquire()` hold a connection from their
first line, so a call in them is always POOL401.

## References

* Managing Transactions:
  <https://docs.sqlalchemy.org/en/20/orm/session_transaction.html>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.report import Report
from pool_lint.model.waits import NOT_YET
from pool_lint.rules.rule import Rule
from pool_lint.rules.waiting import described, move_before, remarks

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for wait in model.waits():
        if wait.kind == NOT_YET:
            yield Report(
                wait.first.call.node,
                f"{described(wait.first.call)} waits inside a `begin()` block: nothing is held yet, and "
                "one statement before it changes that",
                "do it before the block",
                remarks(wait, model),
                fix=move_before(wait, model),
            )


RULE = Rule(
    code="POOL402",
    name="external-call-before-first-statement",
    level=Level.INFO,
    summary="slow work stands inside a begin block, before the first statement takes a connection",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
)
