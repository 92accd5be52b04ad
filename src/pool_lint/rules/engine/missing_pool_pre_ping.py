"""# missing-pool-pre-ping (POOL102)

A server's engine has no `pool_pre_ping`, so requests get connections that the server has closed.

## What it does

Reports `create_engine(...)`, `create_async_engine(...)` and their relatives for a database server
when `pool_pre_ping=True` is missing.

## Why it hurts

A restart, a failover or an idle limit closes the connections that wait in the pool. The pool
finds out when a request runs its first statement, and that request fails. Measured after the
server had ended all sessions, one request per process and event failed, then the pool threw the
other old connections away.

With asyncpg:

```text
sqlalchemy.exc.InterfaceError: (sqlalchemy.dialects.postgresql.asyncpg.InterfaceError)
connection is closed
```

With psycopg 3:

```text
sqlalchemy.exc.OperationalError: (psycopg.errors.AdminShutdown)
terminating connection due to administrator command
```

With psycopg2:

```text
sqlalchemy.exc.OperationalError: (psycopg2.OperationalError)
server closed the connection unexpectedly
```

(SQLAlchemy 2.1.9; on 2.0.57 the asyncpg text has `<class
'asyncpg.exceptions._base.InterfaceError'>:` before `connection is closed`.) With
`pool_pre_ping=True` no request failed on any of the three.

Mind that asyncpg's error is an `InterfaceError`: code that retries on `OperationalError` does not
see it.

## Example

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_recycle=1800,
)
```

## Use instead

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

## Fix safety

Safe: `pool_pre_ping=True` is added. Every pool class accepts it, and it changes nothing but the
ping. The ping is not free: three more round trips per checkout with asyncpg and one with psycopg
3. With 10 ms between program and server, a checkout and one statement took 64 ms instead of 32
(asyncpg) and 43 instead of 32 (psycopg 3).

## When not to use it

* A ping does not help a connection that dies after it was taken from the pool, nor one that a
  firewall has dropped in silence: there the ping hangs, and `pool_recycle`
  ([POOL101](missing-pool-recycle)) is the cure.
* Where round trips are dear and every request is retried after a disconnect
  (`DBAPIError.connection_invalidated`), leaving it out can be a choice: suppress the finding
  there.
* `NullPool` makes a new connection each time and SQLite has no server; the rule is silent there.
* Tests, migrations and command-line scripts: where the code shows that it is one of these, the
  rule is silent.

## References

* Disconnect Handling - Pessimistic:
  <https://docs.sqlalchemy.org/en/20/core/pooling.html#disconnect-handling-pessimistic>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Applicability, Level
from pool_lint.model import mending
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in model.lasting_engines():
        if engine.keywords.lacks("pool_pre_ping"):
            yield Report(
                engine.call,
                "this engine hands out connections without testing them: after each restart or "
                "idle kill of the server a request fails",
                "write `pool_pre_ping=True`",
                fix=mending.add_keyword(engine.call, "pool_pre_ping", "True", Applicability.SAFE),
            )


RULE = Rule(
    code="POOL102",
    name="missing-pool-pre-ping",
    level=Level.WARNING,
    summary="an engine without pool_pre_ping hands out connections the server has closed",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.InterfaceError: "
            "(sqlalchemy.dialects.postgresql.asyncpg.InterfaceError) connection is closed"
        ),
        "<class 'asyncpg.exceptions._base.InterfaceError'>: connection is closed",
        (
            "sqlalchemy.exc.OperationalError: (psycopg.errors.AdminShutdown) terminating "
            "connection due to administrator command"
        ),
        (
            "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) server closed the "
            "connection unexpectedly"
        ),
        (
            "asyncpg.exceptions.ConnectionDoesNotExistError: connection was closed in the "
            "middle of operation"
        ),
    ),
)
