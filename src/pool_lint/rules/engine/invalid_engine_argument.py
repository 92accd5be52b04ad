"""# invalid-engine-argument (POOL106)

An engine is given a keyword, or a kind of value, that `create_engine` refuses.

## What it does

Reports keywords that `create_engine(...)` and `create_async_engine(...)` do not take: words of
older releases (`encoding`, `convert_unicode`, `pool_threadlocal`), of other pools (`min_size`,
`max_size`, `max_connections`), of drivers (`command_timeout`, `statement_cache_size`), of sessions
(`expire_on_commit`, `autocommit`), misspelt ones, `dialect_options`, and `future=False`. Also
`pool_size`, `max_overflow` and `pool_recycle` that are a string or `None`.

What a dialect takes besides is known for those of SQLAlchemy. Where the URL does not show which it
is, only words are reported that none takes.

## Why it hurts

The engine cannot be made, so the module cannot be imported (SQLAlchemy 2.1.9, 2.0.57 and 1.4.54):

```text
TypeError: Invalid argument(s) 'dialect_options' sent to create_engine(), using configuration
PGDialect_asyncpg/AsyncAdaptedQueuePool/Engine.  Please check that the keyword arguments are
appropriate for this combination of components.
```

`future=False` says `sqlalchemy.exc.ArgumentError: The 'future' parameter passed to create_engine()
may only be set to True.` A number that is a string fails when the pool counts with it:
`pool_size="5"` at once with `TypeError: unsupported operand type(s) for -: 'int' and 'str'`,
`pool_recycle="1800"` at the second checkout with `TypeError: '>' not supported between instances
of 'str' and 'int'`.

## Example

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    dialect_options={"asyncpg": {"prepared_statement_cache_size": 100}},
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

## Use instead

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    connect_args={"prepared_statement_cache_size": 100},
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

## Fix safety

Safe, where it is clear what was meant: `dialect_options` of the driver, and single words of the
driver, become `connect_args`, a word is renamed that has another name here (`poolsize`,
`pool_max_overflow`), words without a meaning are taken away (`encoding`, `future=False`), and a
number loses its quotes. The call could not work before. Everything else is advice.

## When not to use it

* Where a package of yours registers a dialect of its own under the name of one of SQLAlchemy's.
* Engines with `plugins`, `creator`, `pool` or `strategy` are not looked at.

## References

* create_engine: <https://docs.sqlalchemy.org/en/20/core/engines.html#sqlalchemy.create_engine>
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


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in engine_calls(model):
        if engine.certain:
            yield from _check(engine)


def _check(engine: EngineCall) -> Iterable[Report]:
    from pool_lint.model import engine_arguments as args

    wrong = args.refused(engine)
    texts = args.no_numbers(engine)
    if wrong:
        listed = " and ".join(f"`{name}`" for name in wrong)
        yield Report(
            engine.call,
            f"{engine.maker} does not take {listed}: the engine cannot be made",
            args.advice(engine, wrong[0]),
            fix=args.mend(engine, wrong),
        )
    elif args.is_not_future(engine):
        yield Report(
            engine.call,
            "`future=False` is gone: the engine cannot be made",
            "drop it: there is no other way any more",
            fix=rewriting.drop(engine, ["future"], Applicability.SAFE),
        )
    elif texts:
        listed = " and ".join(f"`{name}={value!r}`" for name, value in texts.items())
        yield Report(
            engine.call,
            f"{listed} must be a number: the pool fails when it counts with it",
            "write the number",
            fix=args.as_numbers(engine, texts),
        )


RULE = Rule(
    code="POOL106",
    name="invalid-engine-argument",
    level=Level.ERROR,
    summary="an engine is given a keyword that create_engine refuses",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "TypeError: Invalid argument(s) 'dialect_options' sent to create_engine(), using "
            "configuration PGDialect_asyncpg/AsyncAdaptedQueuePool/Engine."
        ),
        "TypeError: Invalid argument(s) 'encoding' sent to create_engine(), using configuration",
        (
            "sqlalchemy.exc.ArgumentError: The 'future' parameter passed to create_engine() may "
            "only be set to True."
        ),
        "TypeError: unsupported operand type(s) for -: 'int' and 'str'",
        "TypeError: '>' not supported between instances of 'str' and 'int'",
        "TypeError: '>' not supported between instances of 'NoneType' and 'int'",
    ),
)
