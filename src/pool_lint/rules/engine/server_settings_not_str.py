"""# server-settings-not-str (POOL113)

A value in asyncpg's `server_settings` is not a string.

## What it does

Reports numbers, `True`, `False` and `None` among `server_settings`, in the `connect_args` of an
engine and in `asyncpg.create_pool(...)` and `asyncpg.connect(...)`.

## Why it hurts

The first connection fails (SQLAlchemy 2.1.9, asyncpg 0.32):

```text
server_settings is expected to be None or a Dict[str, str]
```

It comes as `sqlalchemy.exc.InterfaceError`; on SQLAlchemy 2.0, and from asyncpg alone, as
`asyncpg.exceptions._base.ClientConfigurationError`.

## Example

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    connect_args={"server_settings": {"statement_timeout": 30000, "jit": False}},
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

## Use instead

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    connect_args={"server_settings": {"statement_timeout": "30000", "jit": "off"}},
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

## Fix safety

Safe: a number is put into quotes, `True` and `False` become `"on"` and `"off"`. A `None` is left to
a person.

## When not to use it

Always use it.

## References

* asyncpg: connect():
  <https://magicstack.github.io/asyncpg/current/api/index.html#asyncpg.connection.connect>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Applicability, Level
from pool_lint.model.creations import POOL_ROLES
from pool_lint.model.engine_calls import engine_calls
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    import libcst as cst

    from pool_lint.model.creations import Creation
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in engine_calls(model):
        given = engine.certain.get("connect_args")
        if given is not None and not engine.is_special:
            from pool_lint.model.connect_args import entries, mapping_of

            scope = engine.creation.scope
            mapping = mapping_of(given, scope)
            for entry in entries(mapping, scope) if mapping is not None else ():
                if entry.name == "server_settings":
                    yield from _report(engine.creation, entry.element.value)
    for creation in model.creations:
        written = creation.keywords.nodes.get("server_settings")
        if creation.role in POOL_ROLES and written is not None:
            yield from _report(creation, written.value)


def _report(creation: Creation, node: cst.CSTNode) -> Iterable[Report]:
    from pool_lint.model.connect_args import quote_values, server_settings

    wrong = list(server_settings(creation, node))
    if wrong:
        listed = " and ".join(f"`{entry.name}`" for entry in wrong)
        yield Report(
            creation.call,
            f"{listed} in `server_settings` must be a string: the first connection fails",
            "put the value into quotes",
            fix=quote_values(wrong, Applicability.SAFE),
        )


RULE = Rule(
    code="POOL113",
    name="server-settings-not-str",
    level=Level.ERROR,
    summary="a value in asyncpg's server_settings is not a string",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.InterfaceError: (sqlalchemy.dialects.postgresql.asyncpg."
            "InterfaceError) server_settings is expected to be None or a Dict[str, str]"
        ),
        (
            "asyncpg.exceptions._base.ClientConfigurationError: server_settings is expected to be "
            "None or a Dict[str, str]"
        ),
    ),
)
