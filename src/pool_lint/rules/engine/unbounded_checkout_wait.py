"""# unbounded-checkout-wait (POOL104)

`pool_timeout=None` lets a request wait for a connection for ever.

## What it does

Reports an engine with a literal `pool_timeout=None`.

## Why it hurts

When all connections of a pool are taken, a request waits for one. By default it gives up after 30
seconds with an error that names the pool. With `None` it never does: requests pile up, nothing is
logged, and the program stands still until somebody restarts it. Measured with the one connection
of a pool taken (SQLAlchemy 2.1.9 and 2.0.57): after four seconds, where the measurement ended,
the second request was

```text
still waiting for a connection
```

## Example

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_timeout=None,
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

## Use instead

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_timeout=5,
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

A few seconds suit most services: whoever has waited that long has a client who is gone. Nothing at
all is right as well, it means 30 seconds.

## Fix safety

Unsafe: the keyword is taken away, so that requests which would have waited longer fail after 30
seconds.

## When not to use it

Tests, migrations and command-line scripts; the rule is silent there.

## References

* create_engine: pool_timeout:
  <https://docs.sqlalchemy.org/en/20/core/engines.html#sqlalchemy.create_engine.params.pool_timeout>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Applicability, Level
from pool_lint.model import rewriting
from pool_lint.model.engine_calls import engine_calls
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel

_QUEUES = (None, "QueuePool", "AsyncAdaptedQueuePool")


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in engine_calls(model):
        if engine.value("pool_timeout") is not None or engine.pool not in _QUEUES:
            continue
        if engine.explicit_pool in _QUEUES and not engine.is_quiet:
            yield Report(
                engine.call,
                "`pool_timeout=None` waits for a connection for ever",
                "drop it (30 seconds), or write the seconds that a client waits",
                fix=rewriting.drop(engine, ["pool_timeout"], Applicability.UNSAFE),
            )


RULE = Rule(
    code="POOL104",
    name="unbounded-checkout-wait",
    level=Level.ERROR,
    summary="pool_timeout=None lets a request wait for a connection for ever",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=("waiting for a connection",),
)
