"""# pool-reset-disabled (POOL115)

`pool_reset_on_return=None` gives connections to the next user as the last one left them.

## What it does

Reports an engine with `pool_reset_on_return=None` or `False` whose transactions are not
autocommitted.

## Why it hurts

When a connection comes back, the pool rolls back what is open on it. `Connection.close()` and
`Session.close()` do so themselves; the pool is there for those that do not: `raw_connection()`,
which is what COPY, cursors of one's own and several data libraries work with, and connections that
nobody has closed. Without it their transaction stays open on the server (`idle in transaction`,
with its locks), and the next user of the connection goes on in it. Measured with psycopg 3
(SQLAlchemy 2.1.9 and 2.0.57) after a raw connection was closed, and after a `Connection` was
forgotten:

```text
the next user sees 1 uncommitted rows
```

What the first user gave up is committed by the second. With `pool_pre_ping=True`, psycopg 3 refuses
the connection instead: `can't change 'autocommit' now: connection in transaction status INTRANS`.

## Example

```python
from sqlalchemy import create_engine

engine = create_engine(
    "postgresql+psycopg://app@db.internal/shop",
    pool_reset_on_return=None,
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

## Use instead

```python
from sqlalchemy import create_engine

engine = create_engine(
    "postgresql+psycopg://app@db.internal/shop",
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

Whoever wants to save the round trip for reads that need no transaction says
`isolation_level="AUTOCOMMIT"` as well: then there is nothing to roll back.

## Fix safety

Unsafe: the keyword is taken away, and with it what may have been held open on purpose.

## When not to use it

* Engines with `isolation_level="AUTOCOMMIT"`, with `NullPool`, and those whose file listens to the
  pool's `reset` event and so does the reset itself; the rule is silent there.
* SQLite, tests, migrations and command-line scripts; the rule is silent there too.

## References

* Reset On Return: <https://docs.sqlalchemy.org/en/20/core/pooling.html#pool-reset-on-return>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Applicability, Level
from pool_lint.model import rewriting
from pool_lint.model.engine_calls import engine_calls, listens_to
from pool_lint.model.engines import is_sqlite
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.engine_calls import EngineCall
    from pool_lint.model.module import ModuleModel

_POOLS = (None, "QueuePool", "AsyncAdaptedQueuePool", "SingletonThreadPool")


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in engine_calls(model):
        value = engine.value("pool_reset_on_return")
        if (value is None or value is False) and not _needs_none(engine):
            yield Report(
                engine.call,
                f"`pool_reset_on_return={value}` leaves the last user's transaction to the next one",
                "drop it",
                fix=rewriting.drop(engine, ["pool_reset_on_return"], Applicability.UNSAFE),
            )


def _needs_none(engine: EngineCall) -> bool:
    """Whether there is nothing to reset, or somebody else does it."""
    if {"isolation_level", "execution_options"} & engine.keywords.values.keys():
        return True
    if engine.keywords.is_open or engine.explicit_pool not in _POOLS or engine.is_quiet:
        return True
    if engine.pool is None and "poolclass" in engine.keywords:
        return True
    return is_sqlite(engine.creation) or listens_to(engine.model, "reset")


RULE = Rule(
    code="POOL115",
    name="pool-reset-disabled",
    level=Level.ERROR,
    summary="pool_reset_on_return=None leaves open transactions to the next user",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.ProgrammingError: (psycopg.ProgrammingError) can't change 'autocommit' "
            "now: connection in transaction status INTRANS"
        ),
        "idle in transaction",
    ),
)
