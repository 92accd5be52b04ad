"""# missing-pool-recycle (POOL101)

A server's engine has no `pool_recycle`, so its pool keeps connections for ever.

## What it does

Reports `create_engine(...)`, `create_async_engine(...)` and their relatives for a database server
when `pool_recycle` is missing (its default, `-1`, means never).

## Why it hurts

Between a program and its database stand firewalls, load balancers, proxies and the server's own
idle limit. Each of them gives a quiet connection up after some minutes or hours. The pool does
not notice and hands the dead connection to the next request.

*The peer says goodbye.* With `idle_session_timeout` at 1.5 seconds and a pause of two, the next
request on asyncpg failed with (SQLAlchemy 2.1.9; 2.0.57 puts asyncpg's class before the text):

```text
sqlalchemy.exc.InterfaceError: (sqlalchemy.dialects.postgresql.asyncpg.InterfaceError)
connection is closed
```

*Nobody says anything.* A firewall that forgets a connection drops its packets in silence. Then
nothing fails: the request waits. Measured on 2.1.9 and 2.0.57, it was still waiting when a
watchdog ended it after 12 seconds, and with `pool_pre_ping=True` **the ping itself hung** just as
long. With `pool_recycle` below the limit the pool opened a new connection and the request was
answered at once. That is why pre-ping ([POOL102](missing-pool-pre-ping)) and recycling are both
needed: neither does the other's work.

`pool_recycle` is a limit on the *age* of a connection, looked at when the connection is taken
from the pool. A value above the shortest limit on the way does not help: `pool_recycle=3600`
failed like no value at all.

## Example

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_pre_ping=True,
)
```

## Use instead

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_pre_ping=True,
    pool_recycle=1800,
)
```

Half an hour suits most servers; take less where something on the way gives up earlier. Where the
settings name an `idle-timeout`, half of that is proposed, if it is the shorter. It costs one new
connection per pooled connection and period, so there is no reason to go near zero:
`pool_recycle=0` connects again on every checkout (9.4 ms instead of 1.1 ms).

## Fix safety

Safe when the URL is known to be a server's: `pool_recycle` is added, and every pool class
accepts it. Unsafe when the URL is not known here: it could be an in-memory SQLite database, which
lives in its one connection and is wiped when that connection is replaced.

## When not to use it

* SQLite, where there is no network in between; the rule is silent there.
* `NullPool`, which keeps no connection that could grow old; the rule is silent there too.
* Tests, migrations and command-line scripts end before a connection grows old. Where the code
  shows that it is one of these, the rule is silent.

## References

* Setting Pool Recycle:
  <https://docs.sqlalchemy.org/en/20/core/pooling.html#setting-pool-recycle>
* Dealing with Disconnects:
  <https://docs.sqlalchemy.org/en/20/core/pooling.html#dealing-with-disconnects>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Applicability, Level
from pool_lint.model import mending
from pool_lint.model.engines import is_server
from pool_lint.model.recycling import good_recycle, idle_timeout_of
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in model.lasting_engines():
        seconds = str(good_recycle(engine, model.settings))
        given = engine.keywords.nodes.get("pool_recycle")
        safe = Applicability.SAFE if is_server(engine) else Applicability.UNSAFE
        if engine.keywords.lacks("pool_recycle"):
            fix = mending.add_keyword(engine.call, "pool_recycle", seconds, safe)
        elif engine.keywords.literal("pool_recycle") == -1 and given is not None:
            fix = mending.set_keyword(engine.call, given, seconds, safe)
        else:
            continue
        advice = f"write `pool_recycle={seconds}`"
        if idle_timeout_of(engine, model.settings) is None:
            advice += ", or less than the idle timeout on the way"
        yield Report(
            engine.call,
            "this engine never recycles its connections: one that a firewall or the server has "
            "dropped is handed out and fails, or hangs",
            advice,
            fix=fix,
        )


RULE = Rule(
    code="POOL101",
    name="missing-pool-recycle",
    level=Level.WARNING,
    summary="an engine without pool_recycle hands out connections of any age",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.InterfaceError: "
            "(sqlalchemy.dialects.postgresql.asyncpg.InterfaceError) connection is closed"
        ),
        "terminating connection due to idle-session timeout",
        "server closed the connection unexpectedly",
        "MySQL server has gone away",
    ),
)
