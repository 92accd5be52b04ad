"""# cursor-outside-transaction (POOL608)

A cursor of asyncpg's is opened where there is no transaction.

## What it does

Reports `async for row in connection.cursor(...)` and `await connection.cursor(...)` on a connection
that the function has opened itself, outside of every transaction.

## Why it hurts

A cursor lives in a transaction of the server's, so this raises every time (asyncpg 0.32):

```text
asyncpg.exceptions._base.NoActiveSQLTransactionError: cursor cannot be created outside of a
transaction
```

## Example

```python
import asyncpg


async def names(pool: asyncpg.Pool) -> list[str]:
    async with pool.acquire() as connection:
        return [row["name"] async for row in connection.cursor("select name from users")]
```

## Use instead

```python
import asyncpg


async def names(pool: asyncpg.Pool) -> list[str]:
    async with pool.acquire() as connection, connection.transaction():
        return [row["name"] async for row in connection.cursor("select name from users")]
```

## Fix safety

Unsafe: the transaction is added to the `async with` that opens the connection, so that all of the
block becomes one transaction.

## When not to use it

Always use it. A connection that the function was given is not reported, as its caller may have
begun a transaction, and neither is one on which SQL or a helper may have begun one.

## References

* asyncpg: Cursors:
  <https://magicstack.github.io/asyncpg/current/api/index.html#cursors>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.enclosing import add_transaction
from pool_lint.model.late_use import LooseCursor
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for _, analysis in model.analyses():
        for event in analysis.events.noted(LooseCursor):
            yield Report(
                event.node,
                "a cursor outside a transaction raises NoActiveSQLTransactionError",
                "open it inside `async with connection.transaction()`",
                fix=add_transaction(event, model.names),
            )


RULE = Rule(
    code="POOL608",
    name="cursor-outside-transaction",
    level=Level.ERROR,
    summary="a cursor is opened where there is no transaction",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=("NoActiveSQLTransactionError: cursor cannot be created outside of a transaction",),
)
