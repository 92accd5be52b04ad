"""# session-escapes-to-task (POOL504)

A task is given a session that ends while the task still runs.

## What it does

Reports a session or connection that is handed to work which outlives it:

* `BackgroundTasks.add_task` and `BackgroundTask`, which run when the response has been sent;
* `create_task`, `ensure_future` and `start_soon`, when nothing waits for the task before the
  session's block ends, the session is closed, or the function returns to the session's owner.

The task may get the session as an argument, by keyword, in a `partial`, in an object that holds
it, or by naming it in a nested function or a lambda. Tasks that are awaited in time are not
reported, and neither are those which only close the session.

## Why it hurts

A request's session belongs to its request. What a background task finds depends on the release of
FastAPI. Below 0.106 and since 0.118 the dependency waits for the task, and its connection with it:
with a pool of 2 and two such tasks, another request failed (SQLAlchemy 2.1.9 and 2.0.57):

```text
sqlalchemy.exc.TimeoutError: QueuePool limit of size 2 overflow 0 reached, connection timed out,
timeout 1.00
```

From 0.106 to 0.117 the session is closed before the task begins. A closed session opens itself
again without a word, takes a connection, and nobody is left who would give it back. The same
happens to a task that runs on when the block of its session has ended. After everything was over:

```text
connections that nobody gave back: 1
```

While both run, two tasks work with one session at a time, see
[POOL503](concurrent-session-use).

## Example

```python
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from shop.db import get_session
from shop.models import Order

app = FastAPI()


async def send_receipt(session: AsyncSession, order_id: int):
    order = await session.get(Order, order_id)
    order.receipt_sent = True
    await session.commit()


@app.post("/orders/{order_id}/pay")
async def pay(
    order_id: int, background: BackgroundTasks, session: AsyncSession = Depends(get_session)
):
    background.add_task(send_receipt, session, order_id)
```

## Use instead

```python
from fastapi import BackgroundTasks, FastAPI

from shop.db import new_session
from shop.models import Order

app = FastAPI()


async def send_receipt(order_id: int):
    async with new_session() as session, session.begin():
        order = await session.get(Order, order_id)
        order.receipt_sent = True


@app.post("/orders/{order_id}/pay")
async def pay(order_id: int, background: BackgroundTasks):
    background.add_task(send_receipt, order_id)
```

Give the task ids and plain values, and let it open a session of its own. If the handler has used
its session before, let it commit before it returns: otherwise it may keep a connection while the
task waits for a second one.

## Fix safety

There is no automatic fix: the task needs a session of its own, and objects that belong to the
request's session have to be read again.

## When not to use it

* A function that starts a task and returns it, keeps it on an object or hands it on leaves it to
  others to wait for it, and is not reported.

## References

* FastAPI: Background Tasks and Dependencies with yield:
  <https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/>
* Using AsyncSession with Concurrent Tasks:
  <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.report import Report
from pool_lint.model.shares import Escaped
from pool_lint.rules.rule import Rule
from pool_lint.rules.sharing import noun, remarks

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for _, analysis in model.analyses():
        for event in analysis.events.noted(Escaped):
            if event.how == "thread":
                continue
            kind = noun(event.subject)
            what = "a background task" if event.how == "background" else "a task"
            ends = "the request is over" if event.how == "background" else f"the {kind} has ended"
            yield Report(
                event.node,
                f"{what} is given this {kind}, and runs when {ends}",
                f"give it ids and plain values, and let it open a {kind} of its own",
                remarks(event, model),
            )


RULE = Rule(
    code="POOL504",
    name="session-escapes-to-task",
    level=Level.ERROR,
    summary="a task is given a session that ends before it: the connection leaks",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "The garbage collector is trying to clean up non-checked-in connection, which will "
            "be terminated."
        ),
        (
            "sqlalchemy.exc.InvalidRequestError: This Session has been permanently closed and "
            "is unable to handle any more transaction requests."
        ),
    ),
    fixable=False,
)
