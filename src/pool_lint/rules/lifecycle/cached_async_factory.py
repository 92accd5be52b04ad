"""# cached-async-factory (POOL208)

`lru_cache` stands on an `async def` that makes an engine: the second `await` of it fails.

## What it does

Reports `functools.lru_cache`, `functools.cache` and `functools.cached_property` on a coroutine
function that makes an engine, a session factory or an asyncpg pool.

## Why it hurts

The cache keeps what the call returned, and a call of an `async def` returns a coroutine. The first
caller awaits it and gets the engine. Every later one is handed the same coroutine, which is used
up (Python 3.10 to 3.13):

```text
RuntimeError: cannot reuse already awaited coroutine
```

So the first request works, in a test that is all there is, and each one after it fails.

## Example

```python
from functools import lru_cache

from sqlalchemy.ext.asyncio import create_async_engine


@lru_cache
async def get_engine():
    return create_async_engine(
        "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
    )
```

## Use instead

```python
from functools import lru_cache

from sqlalchemy.ext.asyncio import create_async_engine


@lru_cache
def get_engine():
    return create_async_engine(
        "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
    )
```

Making an engine needs no `await`, with or without a running event loop: the first statement
connects. An asyncpg pool does need one, because `create_pool()` connects at once. Make it in the
application's lifespan and keep it there.

## Fix safety

There is no automatic fix: without `async` every `await` of the function has to go as well, and
some of them may stand in other files.

## When not to use it

Always use it. A cache that is made for coroutines (`alru_cache` of async-lru, `cached` of
aiocache) keeps the result and is not reported.

## References

* Python: functools.lru_cache:
  <https://docs.python.org/3/library/functools.html#functools.lru_cache>
* Asynchronous I/O (asyncio):
  <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.caches import cached_coroutines
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for info, decorator, cache in cached_coroutines(model):
        yield Report(
            decorator,
            f"`{cache}` keeps the coroutine of `{info.name}`, which can be awaited only once",
            "make it a plain `def` where nothing in it is awaited, else keep the result in the "
            "lifespan",
        )


RULE = Rule(
    code="POOL208",
    name="cached-async-factory",
    level=Level.ERROR,
    summary="lru_cache on a coroutine function keeps the coroutine, which can be awaited only once",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=("RuntimeError: cannot reuse already awaited coroutine",),
    fixable=False,
)
