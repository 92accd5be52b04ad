"""# wrong-pool-class (POOL107)

A pool class of the sync side is given to an async engine, or the reverse.

## What it does

Reports `poolclass=QueuePool` or `SingletonThreadPool` in `create_async_engine(...)`, and
`poolclass=AsyncAdaptedQueuePool` in `create_engine(...)`.

## Why it hurts

The engine cannot be made, so the module cannot be imported (SQLAlchemy 2.1.9 and 2.0.57):

```text
sqlalchemy.exc.ArgumentError: Pool class QueuePool cannot be used with asyncio engine
```

SQLAlchemy 1.4 took it, and the pool then blocked the event loop.

## Example

```python
from sqlalchemy import QueuePool
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    poolclass=QueuePool,
    pool_size=20,
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

## Use instead

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_size=20,
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

The queue is what an engine has by itself: `AsyncAdaptedQueuePool` an async one, `QueuePool` a sync
one. Nobody has to name it. `NullPool` and `StaticPool` work with both.

## Fix safety

Safe: `poolclass` is taken away, so that the engine gets its own queue. With it, it could not be
made. The import of the class stays, in case something else needs it.

## When not to use it

Where a project is for SQLAlchemy 1.4 (see `target-sqlalchemy`); the rule is silent there.

## References

* Switching Pool Implementations:
  <https://docs.sqlalchemy.org/en/20/core/pooling.html#switching-pool-implementations>
* Pool class cannot be used with asyncio engine: <https://sqlalche.me/e/20/pcls>
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

_OTHER = {True: "sync", False: "async"}


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in engine_calls(model):
        if engine.explicit_pool is None or engine.is_special or not _is_wrong(engine):
            continue
        own, other = ("an async", "sync") if engine.is_async else ("a sync", "async")
        yield Report(
            engine.call,
            f"{engine.explicit_pool} is for {other} engines: {own} one cannot be made with it",
            "drop `poolclass`: a queue of the right kind is the default",
            fix=_fix(engine),
        )


def _is_wrong(engine: EngineCall) -> bool:
    from pool_lint.knowledge.accepted import flavour_of, words

    if engine.explicit_pool not in words(f"pools {_OTHER[engine.is_async]}", engine.release):
        return False
    if engine.is_async:
        return True
    # What counts is the driver, and an async engine may be built of a sync one.
    is_sync = engine.scheme and flavour_of(engine.scheme, engine.release) in ("sync", "both")
    return bool(is_sync) or (engine.scheme is None and not engine.is_wrapped)


def _fix(engine: EngineCall) -> rewriting.Fixing | None:
    in_memory = engine.url is not None and engine.url.startswith("sqlite")
    return None if in_memory else rewriting.drop(engine, ["poolclass"], Applicability.SAFE)


RULE = Rule(
    code="POOL107",
    name="wrong-pool-class",
    level=Level.ERROR,
    summary="an async engine is given a sync pool class, or the reverse",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "sqlalchemy.exc.ArgumentError: Pool class QueuePool cannot be used with asyncio engine",
        (
            "sqlalchemy.exc.ArgumentError: Pool class AsyncAdaptedQueuePool cannot be used with "
            "non-asyncio engine"
        ),
        (
            "sqlalchemy.exc.ArgumentError: Pool class SingletonThreadPool cannot be used with "
            "asyncio engine"
        ),
    ),
)
