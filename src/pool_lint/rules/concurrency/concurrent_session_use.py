"""# concurrent-session-use (POOL503)

Several tasks work with one session or one connection at the same time.

## What it does

Reports an async session, or a connection of SQLAlchemy's or asyncpg's, that is used by more than
one task at a time:

* several coroutines in one `asyncio.gather`, `wait` or `as_completed`, or a comprehension or list
  of them, which all run statements on it, be it through functions and objects that are given it;
* tasks of a `TaskGroup`, of `create_task` or of `start_soon`, while another one still runs;
* a task that was given the session which its starter goes on using meanwhile.

One coroutine of a `gather` may use the session as long as no other does. A session for each task,
a factory, and an asyncpg pool are right.

## Why it hurts

A connection does one thing at a time. Two statements in `gather` on a session that had no
connection yet (SQLAlchemy 2.1.9 and 2.0.57):

```text
sqlalchemy.exc.InvalidRequestError: This session is provisioning a new connection; concurrent
operations are not permitted
```

and then, from the block around it,

```text
sqlalchemy.exc.IllegalStateChangeError: Method 'close()' can't be called here; method
'_connection_for_bind()' is already in progress and this would cause an unexpected state change
```

It depends on the warmth of the pool: where a connection is idle, two reads succeed, and that is
why the mistake passes the tests and fails in production. Nothing is gained even then: three
statements of 0.2 seconds took 0.61. Where the tasks write it is worse: of three coroutines that
each added a row and committed, 0 of 3 rows were saved. On a connection of asyncpg:

```text
asyncpg.exceptions._base.InterfaceError: cannot perform operation: another operation is in progress
```

## Example

```python
import asyncio

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Order, User


async def numbers(session: AsyncSession):
    users, orders = await asyncio.gather(
        session.scalar(select(func.count(User.id))),
        session.scalar(select(func.count(Order.id))),
    )
    return users, orders
```

## Use instead

```python
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Order, User


async def numbers(session: AsyncSession):
    users = await session.scalar(select(func.count(User.id)))
    orders = await session.scalar(select(func.count(Order.id)))
    return users, orders
```

Where the statements are slow and there are connections to spare, give each task a session of its
own; they then have a transaction each.

## Fix safety

Unsafe. `gather` is replaced by one `await` after the other, in the order in which they stand there.
What a first coroutine raises now keeps the next ones from being started at all.

## When not to use it

* Tasks that take turns, because each of them holds an `asyncio.Lock` while it uses the session, are
  not reported.

## References

* Session Basics: Is AsyncSession safe to share in concurrent tasks?
  <https://docs.sqlalchemy.org/en/20/orm/session_basics.html#session-faq-threadsafe>
* Using AsyncSession with Concurrent Tasks:
  <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html>
* Error messages: This session is provisioning a new connection:
  <https://docs.sqlalchemy.org/en/20/errors.html#error-isce>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.report import Report
from pool_lint.model.sequencing import one_after_the_other
from pool_lint.model.shares import Concurrent, Escaped
from pool_lint.rules.rule import Rule
from pool_lint.rules.sharing import besides, noun

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for _, analysis in model.analyses():
        escaped = {id(event.node) for event in analysis.events.noted(Escaped)}
        for event in analysis.events.noted(Concurrent):
            if event.is_thread or id(event.node) in escaped:
                continue
            gather = event.gather
            yield Report(
                event.node,
                f"several tasks use one {noun(event.subject)} at the same time",
                "await one after the other, or open a session in each task",
                besides(event),
                fix=one_after_the_other(gather, model.names) if gather is not None else None,
            )


RULE = Rule(
    code="POOL503",
    name="concurrent-session-use",
    level=Level.ERROR,
    summary="several tasks use one session or connection at the same time, which fails under load",
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
        "sqlalchemy.exc.ResourceClosedError: This transaction is closed",
        (
            "asyncpg.exceptions._base.InterfaceError: cannot perform operation: another "
            "operation is in progress"
        ),
        "InterfaceError: cannot use Connection.transaction() in a manually started transaction",
    ),
)
