"""# echo-enabled (POOL117)

An engine logs every statement.

## What it does

Reports an engine with a literal `echo=True` or `echo="debug"`.

## Why it hurts

Each statement writes two lines or more to the log, with its parameters: passwords, addresses,
whatever users type. Writing them takes longer than many a statement: 0.228 instead of 0.150 ms for
a small one on a server on the same machine (SQLAlchemy 2.1.9), half as slow again. The log is what
fills the disk, and where a real error is looked for in vain.

## Example

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    echo=True,
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

## Use instead

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

Statements can be logged without a change of the code, for as long as they are wanted:

    logging.getLogger("sqlalchemy.engine").setLevel(logging.INFO)

`echo=settings.debug` is fine and not reported. `hide_parameters=True` keeps the parameters out of
logs and error texts.

## Fix safety

Safe: the keyword is taken away. What the program does stays the same, it only says less.

## When not to use it

* Tests, migrations, command-line scripts, SQLite and branches that are for development only; the
  rule is silent there.
* Examples that are there to show the SQL.

## References

* Configuring Logging: <https://docs.sqlalchemy.org/en/20/core/engines.html#configuring-logging>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Applicability, Level
from pool_lint.model import rewriting
from pool_lint.model.branches import stands_under
from pool_lint.model.engine_calls import engine_calls
from pool_lint.model.engines import is_sqlite
from pool_lint.model.locality import serves_one_call
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel

_DEVELOPMENT = ("debug", "dev", "echo", "local", "test", "verbose")


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in engine_calls(model):
        given = engine.written("echo")
        if given is None or not rewriting.is_literal(given.value):
            continue
        if engine.value("echo") not in (True, "debug") or engine.is_quiet:
            continue
        creation = engine.creation
        if is_sqlite(creation) or serves_one_call(creation):
            continue
        if not stands_under(creation.call, model.names, _DEVELOPMENT):
            yield Report(
                engine.call,
                "this engine logs every statement and its parameters",
                "drop `echo`; `logging.getLogger('sqlalchemy.engine')` says it where it is wanted",
                fix=rewriting.drop(engine, ["echo"], Applicability.SAFE),
            )


RULE = Rule(
    code="POOL117",
    name="echo-enabled",
    level=Level.WARNING,
    summary="echo=True writes every statement and its parameters to the log",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=("INFO sqlalchemy.engine.Engine", "INFO:sqlalchemy.engine.Engine:"),
)
