"""# lifespan-and-on-event (POOL207)

An application has a `lifespan`, and its `on_event` handlers are ignored without a word.

## What it does

Reports `@app.on_event("startup")`, `@app.on_event("shutdown")` and `app.add_event_handler(...)` of
a FastAPI or Starlette application that is made with `lifespan=`.

## Why it hurts

A `lifespan` replaces the other events, it does not join them. Whoever adds one to an application
that opens its pool in a start-up event has closed the pool for good: the handlers are still
there, and nobody calls them. It was so on every FastAPI release that was measured, 0.105 to
0.163, and with `on_startup=` beside `lifespan=` too; the only sign is a `DeprecationWarning`,
which comes with and without a lifespan. Then the first request fails for what start-up should
have made:

```text
AttributeError: 'State' object has no attribute 'names'
```

A shutdown event that should have closed the pool fails in silence: it does not run, and the
connections stay until the process is gone.

## Example

```python
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import load_settings

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.settings = load_settings()
    yield


app = FastAPI(lifespan=lifespan)


@app.on_event("shutdown")
async def close_pool():
    await engine.dispose()
```

## Use instead

```python
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import load_settings

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.settings = load_settings()
    try:
        yield
    finally:
        await engine.dispose()


app = FastAPI(lifespan=lifespan)
```

## Fix safety

There is no automatic fix: what the events did has to move into the lifespan, before its `yield` or
after it, and the order in which things start is the author's to choose.

## When not to use it

Always use it. What was measured to run is not reported: the events of an application without a
lifespan, although FastAPI calls them deprecated, the events of an included router, and those of an
application whose router has the lifespan.

## References

* FastAPI: Lifespan Events:
  <https://fastapi.tiangolo.com/advanced/events/>
* Starlette: Lifespan:
  <https://www.starlette.io/lifespan/>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.applications import ignored_events
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for event in ignored_events(model):
        yield Report(
            event.call,
            "the application has a `lifespan`, so this handler never runs",
            "move what it does into the lifespan, before its `yield` or after it",
            (Remark(event.lifespan, "the lifespan is given here"),),
        )


RULE = Rule(
    code="POOL207",
    name="lifespan-and-on-event",
    level=Level.ERROR,
    summary="the application has a lifespan, so its on_event handlers never run",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "AttributeError: 'State' object has no attribute 'pool'",
        "AttributeError: 'State' object has no attribute 'engine'",
        "on_event is deprecated, use lifespan event handlers instead.",
    ),
    fixable=False,
)
