"""# retry-without-rollback (POOL409)

A statement fails, the error is caught, and the next attempt uses the session as the error left it.

## What it does

Reports a handler in a loop that catches an error of the database and goes round again, without a
`rollback()` on the session or connection that was made before the loop. It follows the code from
the handler back to the `try`: a handler that raises, returns or breaks is fine, and so are a
`rollback()` or `close()` anywhere in the loop, in a helper too, a `begin()` block or a savepoint
inside of the `try`, and a session of its own for each attempt.

A loop that ends with the first success is reported for whatever it asks of the database. A loop
over other things is reported where it writes (`flush()`, `commit()`): one bad row, and all that
follow are lost with it.

Reported as well are functions under a retry decorator (tenacity, backoff, stamina, retrying,
retry) and the blocks of `for attempt in Retrying():`, where the session comes from outside and
nothing rolls back.

## Why it hurts

The retry is there for the bad moment, and cannot succeed in it. After a failed flush SQLAlchemy
refuses the session until it is rolled back (measured on 2.1.9 and 2.0.57):

```text
sqlalchemy.exc.PendingRollbackError: This Session's transaction has been rolled back due to a
previous exception during flush. To begin a new transaction with this Session, first issue
Session.rollback().
```

After any other failed statement PostgreSQL does (`current transaction is aborted, commands ignored
until end of transaction block`), and after a lost connection it is `Can't reconnect until invalid
transaction is rolled back`. Every attempt fails with the second error, and the log shows that one
instead of the first. With a `rollback()` in the handler the same program was through at its second
attempt.

## Example

```python
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Order


async def place(session: AsyncSession, order: Order) -> None:
    for attempt in range(3):
        try:
            session.add(order)
            await session.commit()
            return
        except OperationalError:
            print("attempt failed", attempt)
    raise RuntimeError("the order was not placed")
```

## Use instead

```python
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Order


async def place(session: AsyncSession, order: Order) -> None:
    for attempt in range(3):
        try:
            session.add(order)
            await session.commit()
            return
        except OperationalError:
            await session.rollback()
            print("attempt failed", attempt)
    raise RuntimeError("the order was not placed")
```

Or open a session for each attempt, inside of the `try`; that is the only way where a decorator
does the retrying.

## Fix safety

Unsafe: `rollback()` becomes the first statement of the handler. It undoes everything since the
last commit, which may be more than the attempt, and it empties the objects that the session holds.

## When not to use it

Where the database goes on after an error and nothing is flushed (SQLite, MySQL) and nobody can see
from the code which one it is, suppress the finding.

## References

* This Session's transaction has been rolled back due to a previous exception during flush:
  <https://docs.sqlalchemy.org/en/20/faq/sessions.html>
* Can't reconnect until invalid transaction is rolled back:
  <https://docs.sqlalchemy.org/en/20/errors.html#error-8s2b>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model import retry_mending
from pool_lint.model.report import Remark, Report
from pool_lint.model.retrying import TriedAgain
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for _, analysis in model.analyses():
        for event in analysis.events.noted(TriedAgain):
            again = "the next attempt" if event.is_retry else "the next round of the loop"
            rolls_back = event.handler is not None
            yield Report(
                event.node,
                f"an error of the database is caught here and not rolled back: {again} fails as well",
                "roll back in the handler, or open a session for each attempt"
                if rolls_back
                else "open a session for each attempt, or roll back before the error leaves",
                (
                    Remark(event.work, "this may fail"),
                    *(
                        ()
                        if event.subject.site is event.work
                        else (
                            Remark(event.subject.site, "and all attempts share what is made here"),
                        )
                    ),
                ),
                fix=retry_mending.roll_back(event, model.names),
            )


RULE = Rule(
    code="POOL409",
    name="retry-without-rollback",
    level=Level.WARNING,
    summary="an error of the database is caught and the loop goes on without a rollback",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.PendingRollbackError: This Session's transaction has been rolled back "
            "due to a previous exception during flush. To begin a new transaction with this "
            "Session, first issue Session.rollback()."
        ),
        (
            "sqlalchemy.exc.PendingRollbackError: Can't reconnect until invalid transaction is "
            "rolled back."
        ),
        "current transaction is aborted, commands ignored until end of transaction block",
    ),
)
