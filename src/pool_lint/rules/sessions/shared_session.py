"""# shared-session (POOL304)

One session is made for everybody: at module level, as a default argument, on the application.

## What it does

Reports a session that is made once and used by many: in a module-level variable, filled there or
by a start-up hook, as the default of a parameter (Python makes it when the function is defined),
as an attribute of a class, on `app.state`.

## Why it hurts

A session is the workplace of one request. It holds a connection, a transaction and the objects that
were loaded, and nothing in it is made for two at a time. Four concurrent requests to a handler that
used a module-level session (SQLAlchemy 2.1.9 and 2.0.57):

```text
sqlalchemy.exc.InvalidRequestError: This session is provisioning a new connection; concurrent
operations are not permitted
```

One request after the other is no better. The first error poisons them all: after one failed
statement every later request fails with `current transaction is aborted, commands ignored until
end of transaction block`, until the process is restarted. Whose rows a commit saves is a matter
of luck, an object that was loaded once is never read again, and the server shows a connection
that is `idle in transaction` for days.

As a default argument it is easily overlooked: `def count_items(session=new_session())` makes one
session, when the module is imported, for all calls there will ever be. Its connection was still
checked out after the call: 1.

## Example

```python
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

app = FastAPI()
engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)
session = new_session()


@app.get("/users")
async def count_users():
    return await session.scalar(text("select count(*) from users"))
```

## Use instead

```python
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

app = FastAPI()
engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


@app.get("/users")
async def count_users():
    async with new_session() as session:
        return await session.scalar(text("select count(*) from users"))
```

The engine and the factory are for everybody, the session is for one.

## Fix safety

There is no automatic fix: each user of the session needs one of its own, and where that begins and
ends is for the author to say.

## When not to use it

* A `scoped_session` or an `async_scoped_session` at module level is a registry, not a session, and
  is not reported.
* A program with one thread and no event loop may live with one session: a script, a notebook, a
  desktop application. Where the code shows that it is a script or a test, the rule is silent;
  elsewhere suppress the finding.

## References

* Session Basics: Is the Session thread-safe? Is AsyncSession safe to share in concurrent tasks?
  <https://docs.sqlalchemy.org/en/20/orm/session_basics.html#session-faq-threadsafe>
* Error messages: This session is provisioning a new connection:
  <https://docs.sqlalchemy.org/en/20/errors.html#error-isce>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model import shared_sessions
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


_PLACES = {
    shared_sessions.MODULE: "the module's `{}` is one session for all requests, threads and tasks",
    shared_sessions.CLASS: "`{}` is one session for all objects of the class",
    shared_sessions.DEFAULT: "the default of `{}` is made once: one session for all calls",
    shared_sessions.APPLICATION: "`{}` is one session for all requests of the application",
}


def check(model: ModuleModel) -> Iterable[Report]:
    for shared in shared_sessions.find(model):
        yield Report(
            shared.call,
            _PLACES[shared.place].format(shared.name),
            "share the factory, and open a session in a `with` block where one is needed",
        )


RULE = Rule(
    code="POOL304",
    name="shared-session",
    level=Level.ERROR,
    summary="one session serves all requests, threads or tasks",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.InvalidRequestError: This session is provisioning a new "
            "connection; concurrent operations are not permitted"
        ),
        (
            "sqlalchemy.exc.IllegalStateChangeError: Method 'close()' can't be called here; "
            "method '_connection_for_bind()' is already in progress"
        ),
        "current transaction is aborted, commands ignored until end of transaction block",
        "(psycopg.errors.InFailedSqlTransaction)",
        (
            "sqlalchemy.exc.PendingRollbackError: This Session's transaction has been rolled "
            "back due to a previous exception during flush."
        ),
        "idle in transaction",
    ),
    fixable=False,
)
