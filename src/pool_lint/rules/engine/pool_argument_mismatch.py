"""# pool-argument-mismatch (POOL105)

A pool class is given an argument that it does not take.

## What it does

Reports `pool_size`, `max_overflow`, `pool_timeout` and `pool_use_lifo` beside a pool class that
refuses them: `NullPool`, `StaticPool`, `AssertionPool`, `SingletonThreadPool` (which takes
`pool_size` alone), and the classes that SQLite databases in memory get by themselves.

## Why it hurts

The engine cannot be made, so the module cannot be imported (SQLAlchemy 2.1.9, 2.0.57 and 1.4.54):

```text
TypeError: Invalid argument(s) 'pool_size' sent to create_engine(), using configuration
PGDialect_asyncpg/NullPool/Engine.  Please check that the keyword arguments are appropriate for
this combination of components.
```

It often comes late: where the pool class depends on a setting, in the one environment that has it.

## Example

```python
from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    poolclass=NullPool,
    pool_size=5,
)
```

## Use instead

```python
from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    poolclass=NullPool,
)
```

What takes what:

| | `pool_size` | `max_overflow`, `pool_timeout`, `pool_use_lifo` |
|---|---|---|
| `QueuePool`, `AsyncAdaptedQueuePool` | yes | yes |
| `SingletonThreadPool`, and `sqlite://` in memory | yes | no |
| `NullPool`, `StaticPool`, `AssertionPool`, and `sqlite+aiosqlite://` in memory | no | no |

`pool_recycle`, `pool_pre_ping` and `pool_reset_on_return` are taken by all.

## Fix safety

Safe: the arguments are taken away, and with them only the error. Whoever wanted a pool has to take
`poolclass` away instead.

## When not to use it

Always use it. Where the pool class or the arguments are chosen at run time, the rule is silent.

## References

* Switching Pool Implementations:
  <https://docs.sqlalchemy.org/en/20/core/pooling.html#switching-pool-implementations>
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
    from pool_lint.model.engine_calls import EngineCall
    from pool_lint.model.module import ModuleModel

_ARGUMENTS = ("pool_size", "max_overflow", "pool_timeout", "pool_use_lifo")


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in engine_calls(model):
        names = [name for name in _ARGUMENTS if name in engine.certain]
        wrong = _refused(engine, names) if names else []
        if wrong:
            listed = " and ".join(f"`{name}`" for name in wrong)
            yield Report(
                engine.call,
                f"{engine.pool} does not take {listed}: the engine cannot be made",
                f"drop {listed}",
                fix=rewriting.drop(engine, wrong, Applicability.SAFE),
            )


def _refused(engine: EngineCall, names: list[str]) -> list[str]:
    from pool_lint.knowledge.accepted import words

    if engine.pool is None or engine.is_special:
        return []
    taken = words(f"pool {engine.pool}", engine.release)
    return [name for name in names if taken and name not in taken]


RULE = Rule(
    code="POOL105",
    name="pool-argument-mismatch",
    level=Level.ERROR,
    summary="a pool class is given an argument that it refuses",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "TypeError: Invalid argument(s) 'pool_size' sent to create_engine(), using "
            "configuration PGDialect_asyncpg/NullPool/Engine."
        ),
        (
            "TypeError: Invalid argument(s) 'pool_size','max_overflow' sent to create_engine(), "
            "using configuration SQLiteDialect_aiosqlite/StaticPool/Engine."
        ),
    ),
)
