"""# async-expire-on-commit (POOL301)

The objects of an async session expire at commit, and reading one of them afterwards is an error.

## What it does

Reports `async_sessionmaker(...)`, `sessionmaker(class_=AsyncSession)` and `AsyncSession(...)`
without `expire_on_commit=False`. It is an error instead of a warning where a function also reads an
attribute after the commit, be it its own or that of a helper which it gives the session to.

## Why it hurts

After a commit a session marks its objects as expired, and the next attribute that is read is
loaded again. A plain session does so behind the scenes. An async session cannot: reading an
attribute is not an `await`, so no query can run. It is not slow, it fails, for every attribute,
the primary key included (SQLAlchemy 2.1.9; 2.0.57 says `await_only()`):

```text
sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; can't call await_() here.
Was IO attempted in an unexpected place?
```

Once the session is closed, as it is when a response is made from the object, it reads:

```text
sqlalchemy.orm.exc.DetachedInstanceError: Instance <User at 0x7f15419fc110> is not bound to a
Session; attribute refresh operation cannot proceed
```

The end of an `async with session.begin():` block is a commit too.

## Example

```python
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker


def make_sessions(engine: AsyncEngine):
    return async_sessionmaker(engine)
```

## Use instead

```python
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker


def make_sessions(engine: AsyncEngine):
    return async_sessionmaker(engine, expire_on_commit=False)
```

Or load what is needed again yourself, with `await session.refresh(user)` after the commit; this
takes a connection from the pool again.

## Fix safety

Unsafe: `expire_on_commit=False` is added, and it changes what a session does after a commit.

* Objects keep the values they had. A second `select` in the same session returned the old value
  where another writer had changed the row; `await session.refresh(user)` gets the new one.
* A column that the server fills in an update (`onupdate=func.now()`) still raises
  `MissingGreenlet` after the commit, unless the mapper has `eager_defaults=True`.
* `rollback()` expires the objects in any case.

## When not to use it

* Where no object outlives its commit, the default is as good; suppress the finding there.
* A factory whose callers pass `expire_on_commit=False` themselves, or whose session class sets
  it, is fine.
* A plain `Session` is never reported: it can load again while it is open.
* Tests, migrations and command-line scripts: where the code shows that it is one of these, the
  rule is silent.

## References

* Asynchronous I/O (asyncio): Preventing Implicit IO when Using AsyncSession:
  <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html>
* Error messages: MissingGreenlet:
  <https://docs.sqlalchemy.org/en/20/errors.html#error-xd2s>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Applicability, Level
from pool_lint.model import mending
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    reads = model.expired_reads()
    for creation in model.creations:
        if not creation.makes_session or creation.is_async is not True:
            continue
        keywords = creation.keywords
        given = keywords.nodes.get("expire_on_commit")
        if keywords.lacks("expire_on_commit"):
            fix = mending.add_keyword(
                creation.call, "expire_on_commit", "False", Applicability.UNSAFE
            )
        elif keywords.literal("expire_on_commit") is True and given is not None:
            fix = mending.set_keyword(creation.call, given, "False", Applicability.UNSAFE)
        else:
            continue
        read = reads.get(id(creation.call))
        if read is None and (model.is_quiet(creation) or model.is_configured_later(creation)):
            continue
        yield Report(
            creation.call,
            "`expire_on_commit` is on for an async session: reading an attribute after the commit "
            "raises MissingGreenlet",
            "write `expire_on_commit=False`",
            ()
            if read is None
            else (
                Remark(read.commit, "this commit empties the objects of the session"),
                Remark(read.node, "and this reads one of them"),
            ),
            level=None if read is None else Level.ERROR,
            fix=fix,
        )


RULE = Rule(
    code="POOL301",
    name="async-expire-on-commit",
    level=Level.WARNING,
    summary="objects of an async session expire at commit and cannot be read any more",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; can't call "
            "await_() here. Was IO attempted in an unexpected place?"
        ),
        (
            "sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; can't call "
            "await_only() here. Was IO attempted in an unexpected place?"
        ),
        (
            "sqlalchemy.orm.exc.DetachedInstanceError: Instance is not bound to a Session; "
            "attribute refresh operation cannot proceed"
        ),
    ),
)
