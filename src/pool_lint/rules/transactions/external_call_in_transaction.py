"""# external-call-in-transaction (POOL401)

A transaction has taken a connection, and keeps it while something else than the database is slow.

## What it does

Reports slow work between the moment when a connection is taken from the pool and the moment when
it is given back: an HTTP request, a mail, a message broker, an object store, a language model, a
sleep, or an awaited function whose body is not known and which is not given the session (one that
is given it does the database's work).

It follows what SQLAlchemy does, not where the lines stand. A connection is held

* by a session from its first statement, inside a `begin()` block or not, until it commits, rolls
  back or is closed;
* by `engine.begin()`, `engine.connect()` and a pool's `acquire()` from their first line.

`session.begin()` alone takes no connection yet: a call before the first statement is
[POOL402](external-call-before-first-statement). A blocking call in an `async def` is
[POOL403](blocking-call-while-connection-held).

The finding stands at the first slow call. Notes show where the connection was taken, the other
slow calls, and where it is given back. One transaction is one finding.

## Why it hurts

The payment provider's bad minute becomes the whole service's outage: a pool serves as many
requests at a time as it has connections, and these now wait for somebody else. Measured with a
pool of 2, 8 requests and a call of 0.8 seconds, 4 of the 8 failed (SQLAlchemy 2.1.9 and 2.0.57):

```text
sqlalchemy.exc.TimeoutError: QueuePool limit of size 2 overflow 0 reached, connection timed out,
timeout 1.00
```

With the call outside of the transaction none failed. Meanwhile the server sees a session that is
`idle in transaction`: its locks stay, and a migration that wants the table waits behind them.
Where `idle_in_transaction_session_timeout` is shorter than the call, the next statement fails
with `cannot call PreparedStatement.fetch(): the underlying connection is closed`.

A larger pool only moves the number of requests at which this happens.

## Example

```python
import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Order


async def pay(session: AsyncSession, client: httpx.AsyncClient, order_id: int) -> None:
    async with session.begin():
        order = await session.get(Order, order_id)
        response = await client.post("/charges", json={"amount": order.total})
        order.receipt = response.json()["id"]
```

## Use instead

```python
import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Order


async def pay(session: AsyncSession, client: httpx.AsyncClient, order_id: int) -> None:
    async with session.begin():
        order = await session.get(Order, order_id)
        amount = order.total
    response = await client.post("/charges", json={"amount": amount})
    async with session.begin():
        order = await session.get(Order, order_id, with_for_update=True)
        order.receipt = response.json()["id"]
```

Read in a transaction of its own, call, write in a second one. The read needs its own `begin()`
block (or an `await session.commit()` after it): a read outside of any block begins a transaction
by itself, keeps the connection all the same, and makes the later `begin()` fail
([POOL404](begin-after-autobegin)). The row may have changed during the call, so read it again
before writing.

## Fix safety

Unsafe, and only for a call that ends the block, with whatever follows it there: these statements
are moved behind the block, if none of them uses the session, writes to an object of it, or reads
one that the commit has emptied. The database's work is then committed before the call is made, and
a call that fails no longer rolls it back.

Everything else is for a person to decide. The finding shows (in JSON as a fix to look at, which is
never applied) where a `commit()` before the call would stand, or how the block would be split into
one for what is read before and one for what is written after; the program then has to cope with
rows that have changed in between.

## When not to use it

* Where the lock is the purpose (a row kept with `with_for_update()` until a call has succeeded),
  say so in a suppression, and give the call a timeout below the pool's.
* A function that is quick, although nobody can see that here, can be named in the settings:
  `not-external` in `[tool.pool-lint]`. `external-calls` names further slow ones.

## References

* Managing Transactions:
  <https://docs.sqlalchemy.org/en/20/orm/session_transaction.html>
* Error messages: QueuePool limit reached:
  <https://docs.sqlalchemy.org/en/20/errors.html#error-3o7r>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.report import Report
from pool_lint.model.waits import HOLDS
from pool_lint.rules.rule import Rule
from pool_lint.rules.waiting import described, mended, remarks

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for wait in model.waits():
        if wait.kind == HOLDS:
            yield Report(
                wait.first.call.node,
                f"{described(wait.first.call)} waits while a connection of the pool is held",
                "commit or leave the block before it, or do it afterwards",
                remarks(wait, model),
                fix=mended(wait, model),
            )


RULE = Rule(
    code="POOL401",
    name="external-call-in-transaction",
    level=Level.WARNING,
    summary="slow work that is not the database's is done while a connection is held",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, "
            "connection timed out, timeout 30.00"
        ),
        "idle in transaction",
        "terminating connection due to idle-in-transaction timeout",
        "InterfaceError: cannot call PreparedStatement.fetch(): the underlying connection is closed",
    ),
)
