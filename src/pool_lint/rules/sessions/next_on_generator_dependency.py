"""# next-on-generator-dependency (POOL307)

`next(get_session())` takes the session out of a dependency that closes it in the same moment.

## What it does

Reports `next(...)` and `anext(...)` on a generator made in the same expression, where the generator
yields a session.

## Why it hurts

Nobody keeps the generator. As soon as `next()` has its value, Python throws the generator away,
which runs its `finally`: the session is closed before its first statement. A closed session opens
again in silence, takes a connection and is never closed after that. Measured with a pool of 2 on
SQLAlchemy 2.1.9 and 2.0.57, the third call failed:

```text
sqlalchemy.exc.TimeoutError: QueuePool limit of size 2 overflow 0 reached, connection timed out,
timeout 1.00
```

`await anext(get_session())` does the same, only that the event loop closes the session a moment
later, perhaps in the middle of the work. A commit behind the `yield` never runs in either.

## Example

```python
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

engine = create_engine(
    "postgresql+psycopg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = sessionmaker(engine)


def get_session():
    session = new_session()
    try:
        yield session
    finally:
        session.close()


def count_users():
    session = next(get_session())
    return session.scalar(text("select count(*) from users"))
```

## Use instead

```python
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

engine = create_engine(
    "postgresql+psycopg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = sessionmaker(engine)


def get_session():
    session = new_session()
    try:
        yield session
    finally:
        session.close()


def count_users():
    with new_session() as session:
        return session.scalar(text("select count(*) from users"))
```

Where the generator does more than open a session, enter it as what it is:
`with contextlib.contextmanager(get_session)() as session:`, and `asynccontextmanager` for an async
one.

Where the session is closed afterwards (`with next(get_session()) as session:`, or a `close()` in
the same function) no connection is lost, and the finding is a warning: what the generator does
behind its `yield` is then done too early or not at all.

## Fix safety

There is no automatic fix: everything that uses the session has to go into a block, and only the
author knows where that ends.

## When not to use it

Always use it in code that runs. A generator that is kept in a variable and closed afterwards is not
reported: it was measured, and it gives its connection back. Nor is a session that is thrown away
at once: the generator has closed it, and nobody opens it again.

## References

* FastAPI: Dependencies with yield:
  <https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/>
* Python: generator.close:
  <https://docs.python.org/3/reference/expressions.html#generator.close>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.dependencies import taken_by_next
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for taken in taken_by_next(model):
        message = (
            "the session is closed as soon as it is taken out of its generator, opens again in "
            "silence, and is never closed"
        )
        if taken.is_closed:
            message = (
                "the generator is over as soon as the session is taken out of it: what it does "
                "behind its `yield` is done before the session is used, or not at all"
            )
        yield Report(
            taken.call,
            message,
            "open a session in a `with` block, or enter the generator as a context manager",
            (Remark(taken.generator.yields[0], "it is yielded here, by a generator nobody keeps"),),
            level=Level.WARNING if taken.is_closed else None,
        )


RULE = Rule(
    code="POOL307",
    name="next-on-generator-dependency",
    level=Level.ERROR,
    summary="next() takes a session out of a generator, which closes it at once",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, "
            "connection timed out, timeout 30.00"
        ),
        (
            "The garbage collector is trying to clean up non-checked-in connection, which will "
            "be terminated."
        ),
    ),
    fixable=False,
)
