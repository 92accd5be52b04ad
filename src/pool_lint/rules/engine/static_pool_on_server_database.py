"""# static-pool-on-server-database (POOL108)

All users of a server's database share one connection, and with it one transaction.

## What it does

Reports `poolclass=StaticPool`, `SingletonThreadPool` or `AssertionPool` with the URL of a database
server.

## Why it hurts

`StaticPool` has one connection, which everybody gets at the same time. It is meant for SQLite in
memory, where a second connection would be a second database. On a server it mixes the
transactions of all requests: one request that ends rolls back what another is about to commit. The
other's `commit()` then returns without an error. Measured with psycopg 3 (SQLAlchemy 2.1.9 and
2.0.57):

```text
the committed row is not there
```

`SingletonThreadPool` does the same to all that runs in one thread. `AssertionPool` raises
`AssertionError: connection is already checked out` at the second request.

## Example

```python
from sqlalchemy import StaticPool, create_engine

engine = create_engine(
    "postgresql+psycopg://app@db.internal/shop",
    poolclass=StaticPool,
)
```

## Use instead

```python
from sqlalchemy import create_engine

engine = create_engine(
    "postgresql+psycopg://app@db.internal/shop",
    pool_size=1,
    max_overflow=0,
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

`pool_size=1, max_overflow=0` is a pool of one connection that one user has at a time.

## Fix safety

Unsafe: `poolclass` is taken away, so that the program has up to fifteen connections where it had
one. Such a pool needs `pool_recycle` and `pool_pre_ping`, and they are written in its place.

## When not to use it

Tests, migrations and command-line scripts, where the rule is silent: a test may share one
connection with the code under test on purpose, to roll everything back. Where the URL does not show
which database it is, the rule is silent as well.

## References

* StaticPool:
  <https://docs.sqlalchemy.org/en/20/core/pooling.html#sqlalchemy.pool.StaticPool>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Applicability, Level
from pool_lint.model import rewriting
from pool_lint.model.engine_calls import engine_calls
from pool_lint.model.engines import is_server
from pool_lint.model.recycling import good_recycle
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.engine_calls import EngineCall
    from pool_lint.model.module import ModuleModel

_SHARED = {
    "StaticPool": "gives one connection to all at once: their transactions mix, and rows are lost",
    "SingletonThreadPool": "gives one connection to all in a thread: their transactions mix",
    "AssertionPool": "has one connection, and raises at the second request",
}


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in engine_calls(model):
        pool = engine.explicit_pool
        if pool not in _SHARED or not is_server(engine.creation) or engine.is_special:
            continue
        if (engine.is_async and pool == "SingletonThreadPool") or engine.is_quiet:
            continue
        yield Report(
            engine.call,
            f"{pool} {_SHARED[pool]}",
            "drop `poolclass`; for a single connection write `pool_size=1, max_overflow=0`",
            fix=_usual_pool(engine),
        )


def _usual_pool(engine: EngineCall) -> rewriting.Fixing | None:
    """Drop the pool, and give the usual one in its place what it must not lack."""
    given = engine.written("poolclass")
    wanted = {
        "pool_recycle": str(good_recycle(engine.creation, engine.model.settings)),
        "pool_pre_ping": "True",
    }
    lacking = [f"{name}={value}" for name, value in wanted.items() if engine.keywords.lacks(name)]
    if given is None or not lacking:
        return rewriting.drop(engine, ["poolclass"], Applicability.UNSAFE)
    text = ", ".join(lacking)
    return rewriting.replace_node(
        given, text, f"Write `{text}` in the place of `poolclass`", Applicability.UNSAFE
    )


RULE = Rule(
    code="POOL108",
    name="static-pool-on-server-database",
    level=Level.ERROR,
    summary="a pool that shares one connection among all is used with a database server",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "AssertionError: connection is already checked out",
        "InterfaceError: cannot perform operation: another operation is in progress",
    ),
)
