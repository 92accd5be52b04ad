"""# engine-not-disposed (POOL203)

An engine or a pool is made in something that ends, and its connections are not closed with it.

## What it does

Reports an engine or an asyncpg pool that is made in a lifespan, in a start-up hook or in a function
that ends, and that is not disposed of (`dispose()`, for a pool `close()` or `terminate()`) on every
path. `await engine.dispose()` after a `yield` without `finally` is not every path.

## Why it hurts

The connections live on in the process. SQLAlchemy's engines give theirs back when the garbage
collector comes by, asyncpg's pools only after `max_inactive_connection_lifetime`, five minutes if
nobody says otherwise. Measured on SQLAlchemy 2.1.9 and 2.0.57, connections still open after

* 10 calls of a function that makes an engine, runs one statement and returns: 4 to 6, and 10 with
  the collector off;
* 10 calls of one that disposes of it behind a statement which raises: 10, and none with `dispose()`
  in a `finally`;
* a lifespan that was left by an exception, with `dispose()` behind a `yield` without `finally`: 1;
* 5 calls of a function that makes an `asyncpg.create_pool(min_size=2)`: 10, the garbage collector
  notwithstanding.

A program that makes five such pools, and asks the server afterwards, is told:

```text
connections that nobody closed: 10
```

Under `python -X dev` a process that ends with such connections says `ResourceWarning: unclosed
connection`. Otherwise nobody says anything, until a process that reloads, runs tests or makes an
engine per tenant meets the server's limit.

## Example

```python
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine


@asynccontextmanager
async def lifespan(app: FastAPI):
    engine = create_async_engine(
        "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
    )
    app.state.engine = engine
    yield
```

## Use instead

```python
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine


@asynccontextmanager
async def lifespan(app: FastAPI):
    engine = create_async_engine(
        "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
    )
    app.state.engine = engine
    try:
        yield
    finally:
        await engine.dispose()
```

For an asyncpg pool the shortest form is `async with asyncpg.create_pool(...) as pool:`.

## Fix safety

Unsafe: the `yield` of a lifespan, or what follows the creation in a function, is put into a `try`,
and a `finally` disposes of the engine. Code that still uses the engine after that would open
connections again. There is no fix for a start-up hook, nor where the engine is disposed of in
several places.

## When not to use it

* An engine at module level lives as long as the process, and the server notices its end. The rule
  is silent there; no harm could be measured.
* An engine that is returned, or kept in an object that closes it, is its new owner's to dispose of
  and is not reported.
* `NullPool` and SQLite in memory leave no connection behind; the rule is silent there.
* Tests, migrations and command-line scripts: where the code shows that it is one of these, the
  rule is silent.

## References

* Engine Disposal:
  <https://docs.sqlalchemy.org/en/20/core/connections.html#engine-disposal>
* FastAPI: Lifespan Events:
  <https://fastapi.tiangolo.com/advanced/events/>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.disposal import Unclosed, unclosed
from pool_lint.model.engines import thing
from pool_lint.model.finishing import add_finally
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for found in unclosed(model):
        what = thing(found.creation)
        word = "disposed of" if found.creation.makes_engine else "closed"
        notes: tuple[Remark, ...] = ()
        if found.closings:
            notes = (Remark(found.closings[0], "an error before this goes past it"),)
        yield Report(
            found.creation.call,
            f"{what} is made in `{found.function.name}` and not {word} "
            f"{'on every path' if notes else 'at its end'}",
            _advice(found),
            notes,
            fix=add_finally(found, model.names),
        )


def _advice(found: Unclosed) -> str:
    word = "dispose" if found.creation.makes_engine else "close"
    await_ = "await " if found.creation.is_async else ""
    call = f"`{await_}{'it' if found.name == 'it' else found.name}.{word}()`"
    if found.is_hook:
        return f"write {call} in a shutdown hook"
    return f"write {call} in a `finally`"


RULE = Rule(
    code="POOL203",
    name="engine-not-disposed",
    level=Level.WARNING,
    summary="an engine or a pool is made where something ends, and is not closed on every path",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "ResourceWarning: unclosed connection",
        "ResourceWarning: unclosed transport",
        "remaining connection slots are reserved for non-replication superuser connections",
    ),
)
