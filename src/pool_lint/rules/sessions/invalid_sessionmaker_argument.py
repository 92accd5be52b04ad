"""# invalid-sessionmaker-argument (POOL316)

A session factory is given an argument that no session takes.

## What it does

Reports `autocommit=True`, `future=False` and keywords that a session does not know (`pool_size`,
`pool_pre_ping`, `echo`, `isolation_level`, `subtransactions`, `scopefunc`, ...) in
`sessionmaker(...)` and `async_sessionmaker(...)`.

## Why it hurts

A factory takes any keyword and hands it to its sessions, so the module is imported without
complaint. The first session fails (SQLAlchemy 2.1.9 and 2.0.57):

```text
sqlalchemy.exc.ArgumentError: autocommit=True is no longer supported
```

The arguments of an engine, put here by mistake, come out as `TypeError: Session.__init__() got an
unexpected keyword argument 'pool_size'`.

`autocommit=True` was right on SQLAlchemy 1.3 and still worked on 1.4, so it is found in code that
was brought over.

## Example

```python
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, autocommit=True, expire_on_commit=False)
```

## Use instead

```python
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)
```

Code that counted on `autocommit` has to commit: `async with new_session.begin() as session:` does
so at its end. Where each statement should be a transaction of its own, that is a matter of the
engine: `create_async_engine(url, isolation_level="AUTOCOMMIT")`. The size of the pool is one too.

## Fix safety

Safe: the keyword is taken away, and with it only an error. Whether the sessions need a commit now,
or the engine the argument, is for the author to look at.

## When not to use it

* Where a project is for SQLAlchemy 1.4, `autocommit` and `future=False` are not reported. That is
  read from its lock file or its requirements, unless `target-sqlalchemy` in `[tool.pool-lint]`
  says it.
* `autocommit=False` and `future=True` say what is so anyway, work, and are not reported. Neither
  are the keywords of a factory whose `class_` is a class of your own, nor those of a class of your
  own that has a constructor: it may know them.

## References

* Session API: sessionmaker:
  <https://docs.sqlalchemy.org/en/20/orm/session_api.html#sqlalchemy.orm.sessionmaker>
* Migrating to SQLAlchemy 2.0:
  <https://docs.sqlalchemy.org/en/20/changelog/migration_20.html>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.arguments import drop_arguments
from pool_lint.model.constructors import has_own_constructor
from pool_lint.model.creations import constant
from pool_lint.model.report import Report
from pool_lint.model.values import UNKNOWN, Class, Origin
from pool_lint.rules.rule import Rule
from pool_lint.settings import is_before

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.creations import Creation
    from pool_lint.model.module import ModuleModel

_KNOWN = frozenset(
    ("bind", "class_", "autoflush", "future", "expire_on_commit", "autobegin", "twophase", "binds",
     "enable_baked_queries", "info", "query_cls", "autocommit", "join_transaction_mode",
     "close_resets_only", "execution_options", "sync_session_class")
)  # fmt: skip
# What SQLAlchemy 1.4 took still, and which value raises since.
_GONE = {"autocommit": True, "future": False}
_MAKERS = frozenset(("sessionmaker", "async_sessionmaker", "Session", "AsyncSession"))


def check(model: ModuleModel) -> Iterable[Report]:
    for creation in model.creations:
        if not creation.makes_session or not _is_plain(creation):
            continue
        wrong = list(_refused(creation, model))
        if not wrong:
            continue
        nodes = creation.keywords.nodes
        written = [nodes[name] for name in wrong if name in nodes]
        yield Report(
            creation.call,
            f"a session does not take {' and '.join(f'`{name}`' for name in wrong)}, and raises",
            _advice(wrong),
            fix=drop_arguments(creation.call, written) if len(written) == len(wrong) else None,
        )


def _is_plain(creation: Creation) -> bool:
    """Whether the class of the sessions is SQLAlchemy's own, so that its arguments are known."""
    for name in ("class_", "sync_session_class"):
        value = creation.keywords.get(name)
        if value is not None and not (isinstance(value, Origin) and sa.class_of(value.path)):
            return False
    made = creation.scope.owner.lookup.expression(creation.call.func, creation.scope)
    if isinstance(made, Class) and has_own_constructor(made.info):
        return False
    return creation.name in _MAKERS


def _refused(creation: Creation, model: ModuleModel) -> Iterator[str]:
    keywords = creation.keywords
    for name, value in keywords.values.items():
        if name in _GONE:
            is_gone = constant(value) is _GONE[name]
            if is_gone and not is_before(model.target("sqlalchemy"), (2,)):
                yield name
        elif name not in _KNOWN and (name in keywords.nodes or value is not UNKNOWN):
            yield name


def _advice(wrong: list[str]) -> str:
    if "autocommit" in wrong:
        return "drop it, and commit where its sessions are used"
    if "future" in wrong:
        return "drop it: there is no other way any more"
    return "give it to the engine, if it is one of the engine's"


RULE = Rule(
    code="POOL316",
    name="invalid-sessionmaker-argument",
    level=Level.ERROR,
    summary="a session factory is given an argument that its sessions refuse",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "sqlalchemy.exc.ArgumentError: autocommit=True is no longer supported",
        "TypeError: Session.__init__() got an unexpected keyword argument 'pool_size'",
        (
            "sqlalchemy.exc.ArgumentError: The 'future' parameter passed to Session() may only "
            "be set to True."
        ),
    ),
)
