"""# session-level-setting (POOL411)

A setting, an advisory lock or a temporary table stays on the connection, and the next user of the
pooled connection gets it.

## What it does

Reports what a transaction leaves behind on a PostgreSQL connection of SQLAlchemy's pool:

* `SET name`, `SET SESSION name`, `SET ROLE`, `SET TIME ZONE` and `set_config(..., false)`, where
  the transaction is committed afterwards, or the session is handed to others by `yield`;
* `pg_advisory_lock()` and `pg_try_advisory_lock()` that are not unlocked in the function, or only
  where nothing in between has failed, on a connection that the function itself has opened;
* `CREATE TEMP TABLE` without `ON COMMIT`, and `LISTEN`, that are committed.

What is undone again somewhere in the function (`RESET`, `DISCARD ALL`, a second `SET` of the same
name, an unlock in a `finally`, `DROP TABLE`, `UNLISTEN`) is left alone, and so is a transaction
that is not committed: the rollback takes the setting back. A pool of asyncpg's own resets its
connections and is never reported; neither are `NullPool`, `AUTOCOMMIT` engines, tests, migrations
and scripts.

## Why it hurts

SQLAlchemy resets a connection that comes back to the pool with a `ROLLBACK`, and nothing else.
Measured on 2.1.9 and 2.0.57 with a pool of one: after `SET search_path TO tenant_a` in an
`engine.begin()` block, the next checkout says

```text
the next user of the connection sees search_path=tenant_a
```

and reads the rows of another customer. A `statement_timeout` cancels the reports of somebody who
never asked for one. An advisory lock is held by a connection that nobody works with, until the
pool happens to close it. With `SET LOCAL` the next user sees the default.

## Example

```python
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine


async def move_orders(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("SET search_path TO archive"))
        await connection.execute(text("INSERT INTO orders SELECT * FROM public.orders"))
```

## Use instead

```python
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine


async def move_orders(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("SET LOCAL search_path TO archive"))
        await connection.execute(text("INSERT INTO orders SELECT * FROM public.orders"))
```

`set_config(name, value, true)` and `pg_advisory_xact_lock()` end with the transaction as well, and
so does a table that is created with `ON COMMIT DROP`.

## Fix safety

Unsafe: `SET` becomes `SET LOCAL`, which is over at the first commit or rollback. Where the function
commits several times, it has to be set again in each transaction.

## When not to use it

Where every user of the pool sets the same thing before anything else, nobody sees the leftover;
`server_settings` in `connect_args`, or a `connect` event, sets it once and for all.

## References

* Reset On Return:
  <https://docs.sqlalchemy.org/en/20/core/pooling.html#pool-reset-on-return>
* PostgreSQL: SET: <https://www.postgresql.org/docs/current/sql-set.html>
* PostgreSQL: Advisory Locks:
  <https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS>
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.knowledge import settings_sql as table
from pool_lint.model import setting_mending
from pool_lint.model.leftovers import Left
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel

_WHAT = {
    table.SETTING: "the setting",
    table.LOCK: "the advisory lock",
    table.TABLE: "the temporary table",
    table.LISTEN: "the subscription",
}
_INSTEAD = {
    table.SETTING: "`SET LOCAL`, or `set_config(..., true)`, ends with the transaction",
    table.LOCK: "`pg_advisory_xact_lock()` ends with the transaction; or unlock in a `finally`",
    table.TABLE: "create it with `ON COMMIT DROP`, or drop it",
    table.LISTEN: "listen on a connection of its own",
}


def check(model: ModuleModel) -> Iterable[Report]:
    seen: set[int] = set()
    for info, analysis in model.analyses():
        for left in analysis.events.noted(Left):
            if id(left.node) in seen or model.graph.is_quiet(info):
                continue
            seen.add(id(left.node))
            yield Report(
                left.node,
                f"{_WHAT[left.what]} stays on the connection when it goes back to the pool"
                f"{' after an error' if left.in_between is not None else ''}: the next user has it",
                _INSTEAD[left.what],
                tuple(_remarks(left)),
                fix=setting_mending.set_locally(left),
            )


def _remarks(left: Left) -> Iterator[Remark]:
    if left.in_between is not None:
        yield Remark(left.in_between, "where this fails nothing is unlocked")
    elif left.until is not None:
        yield Remark(left.until, "from here on it is not rolled back any more")


RULE = Rule(
    code="POOL411",
    name="session-level-setting",
    level=Level.WARNING,
    summary="a setting, lock or temporary table stays on a connection that others get",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
)
