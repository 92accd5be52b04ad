"""# recycle-exceeds-idle-timeout (POOL120)

`pool_recycle` is longer than the time after which the server or a proxy drops a connection.

## What it does

Reports an engine whose `pool_recycle` is not below `idle-timeout` of the settings, or not below the
`idle_session_timeout` that the engine itself asks PostgreSQL for in its `connect_args`. Where
neither is there, the rule has nothing to say.

```toml
[tool.pool-lint]
idle-timeout = 600
```

## Why it hurts

`pool_recycle` protects by throwing a connection away before somebody else does. It looks at the
age of a connection when that is taken from the pool; what has been quiet for ten minutes and is to
be recycled after an hour is handed out, and has been dropped long ago. Measured with
`idle_session_timeout` at 1.5 seconds and a pause of two, `pool_recycle=30` failed like none at all,
and `pool_recycle=1` did not (SQLAlchemy 2.1.9 and 2.0.57):

```text
sqlalchemy.exc.InterfaceError: (sqlalchemy.dialects.postgresql.asyncpg.InterfaceError)
connection is closed
```

`pool_pre_ping=True` ([POOL102](missing-pool-pre-ping)) finds a connection that was closed in this
way, at the price of a round trip for each checkout. One that was dropped in silence, by a firewall
or a load balancer, lets the ping hang as well.

## Example

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_pre_ping=True,
    pool_recycle=3600,
)
```

## Use instead

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_pre_ping=True,
    pool_recycle=300,
)
```

## Fix safety

Unsafe: the value is replaced by half of the timeout, and half an hour at the most. The setting
holds for the whole project, and this engine may talk to another server.

## When not to use it

* An engine for another server than the one that the setting speaks of: suppress it there.
* `NullPool`, SQLite, tests, migrations and command-line scripts; the rule is silent there.

## References

* Setting Pool Recycle:
  <https://docs.sqlalchemy.org/en/20/core/pooling.html#setting-pool-recycle>
* PostgreSQL: `idle_session_timeout`:
  <https://www.postgresql.org/docs/current/runtime-config-client.html>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Applicability, Level
from pool_lint.model import mending
from pool_lint.model.recycling import good_recycle, idle_timeout_of, recycle_of
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in model.lasting_engines():
        limit, seconds = idle_timeout_of(engine, model.settings), recycle_of(engine)
        if limit is None or seconds is None or seconds < limit:
            continue
        good = good_recycle(engine, model.settings)
        given = engine.keywords.nodes.get("pool_recycle")
        yield Report(
            engine.call,
            f"`pool_recycle={seconds}` is not below the idle timeout of {limit} seconds: the pool "
            "keeps connections that have been dropped",
            f"write `pool_recycle={good}`",
            fix=None
            if given is None
            else mending.set_keyword(engine.call, given, str(good), Applicability.UNSAFE),
        )


RULE = Rule(
    code="POOL120",
    name="recycle-exceeds-idle-timeout",
    level=Level.WARNING,
    summary="pool_recycle is longer than the configured idle timeout",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=("terminating connection due to idle-session timeout",),
)
