"""# ineffective-pool-argument (POOL118)

`pool_pre_ping` or `pool_recycle` beside `NullPool` does nothing.

## What it does

Reports `pool_pre_ping=True` and `pool_recycle` in an engine with `poolclass=NullPool`. The rule is
off unless it is selected by its code or its group.

## Why it hurts

It does not, except readers. `NullPool` opens a connection for each user and closes it afterwards:
none grows old, and none has to be tested. Measured with SQLAlchemy 2.1.9: `0 pings for 3
checkouts`. Who reads the call is led to believe that there is a pool.

## Example

```python
from sqlalchemy import NullPool, create_engine

engine = create_engine(
    "postgresql+psycopg://app@db.internal/shop",
    poolclass=NullPool,
    pool_pre_ping=True,
)
```

## Use instead

```python
from sqlalchemy import NullPool, create_engine

engine = create_engine(
    "postgresql+psycopg://app@db.internal/shop",
    poolclass=NullPool,
)
```

## Fix safety

Safe: the arguments are taken away, which did nothing.

## When not to use it

Where `NullPool` is a passing measure and the arguments shall be there when it goes.

## References

* NullPool: <https://docs.sqlalchemy.org/en/20/core/pooling.html#sqlalchemy.pool.NullPool>
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


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in engine_calls(model):
        if engine.explicit_pool != "NullPool":
            continue
        names = [name for name in ("pool_pre_ping", "pool_recycle") if name in engine.certain]
        names = [name for name in names if engine.value(name) not in (False, -1)]
        if names:
            listed = " and ".join(f"`{name}`" for name in names)
            yield Report(
                engine.call,
                f"{listed} beside NullPool has no effect: it keeps no connection",
                f"drop {listed}",
                fix=rewriting.drop(engine, names, Applicability.SAFE),
            )


RULE = Rule(
    code="POOL118",
    name="ineffective-pool-argument",
    level=Level.INFO,
    summary="pool_pre_ping or pool_recycle has no effect with NullPool",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    default=False,
)
