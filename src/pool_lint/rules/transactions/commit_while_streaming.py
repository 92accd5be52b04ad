"""# commit-while-streaming (POOL413)

A transaction is ended while rows of its server-side cursor are still to be fetched.

## What it does

Reports a `commit()` or `rollback()` between the beginning of a stream and the next fetch from it:
in a loop over `await session.stream(...)`, `stream_scalars()`, a statement with `yield_per` or
`stream_results`, or `query.yield_per()`, on the same session or connection, also where a helper
that is given the session commits.

## Why it hurts

A cursor on the server lives as long as its transaction. The loop stops at the first fetch behind
the commit (asyncpg, SQLAlchemy 2.1.9 and 2.0.57):

```text
asyncpg.exceptions.NoActiveSQLTransactionError: cursor cannot be created outside of a transaction
```

and what was committed until then stays: the work is done by half, and with few rows, which come in
one piece, not at all, so that tests pass.

## Example

```python
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Order


async def archive(session: AsyncSession) -> None:
    orders = await session.stream_scalars(select(Order))
    async for order in orders:
        order.archived = True
        await session.commit()
```

## Use instead

```python
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Order


async def archive(session: AsyncSession) -> None:
    orders = await session.stream_scalars(select(Order))
    async for order in orders:
        order.archived = True
    await session.commit()
```

Where one transaction would be too long, read on one session and write on another, or fetch page by
page with `LIMIT` and the last key, a transaction for each page.

## Fix safety

There is no automatic fix: how much may be committed together is not to be seen from the code.

## When not to use it

Always use it on PostgreSQL. It is silent where the database is known to be SQLite, whose cursors
survive a commit, or of the family of MySQL.

## References

* Using Server Side Cursors:
  <https://docs.sqlalchemy.org/en/20/core/connections.html>
* PostgreSQL, DECLARE:
  <https://www.postgresql.org/docs/current/sql-declare.html>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.report import Remark, Report
from pool_lint.model.row_streams import BrokenStream
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for _, analysis in model.analyses():
        for event in analysis.events.noted(BrokenStream):
            if model.is_expected_to_fail(event.commits[0]):
                continue
            yield Report(
                event.commits[0],
                "this ends the transaction while its rows are still streaming; the next fetch fails",
                "commit behind the loop, or write on another session",
                (
                    Remark(event.stream, "the stream begins here"),
                    Remark(event.fetch, "and goes on here"),
                ),
            )


RULE = Rule(
    code="POOL413",
    name="commit-while-streaming",
    level=Level.ERROR,
    summary="a commit ends the cursor that is still being read",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    fixable=False,
    symptoms=(
        (
            "asyncpg.exceptions.NoActiveSQLTransactionError: cursor cannot be created outside of a "
            "transaction"
        ),
    ),
)
