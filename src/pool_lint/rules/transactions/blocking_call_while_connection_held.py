"""# blocking-call-while-connection-held (POOL403)

A blocking call in an `async def` stops the event loop while a connection is held.

## What it does

Reports `requests`, `time.sleep`, `subprocess.run`, `urllib`, the plain clients of `httpx`, boto3
and the like, called in an `async def` between the moment when a connection is taken from the pool
and the moment when it is given back. It is [POOL401](external-call-in-transaction) with a second
fault.

## Why it hurts

The connection is held, as in POOL401. And the event loop stands still, so that no other request
gets on with its work either: not the ones that wait for a connection, and not the ones that hold
one and only need to commit. Measured for calls that take 250 ms, the loop was blocked by
`requests.get` for 260 ms, by `httpx.get` for 289 ms, by `time.sleep` for 244 ms and by
`subprocess.run` for 258 ms. `time.sleep(0.3)` in a `begin()` block gave (SQLAlchemy 2.1.9 and
2.0.57):

```text
event loop blocked 296 ms
```

and 2 ms with an awaited sleep in its place. No exception tells. What shows is an application
whose every endpoint is slow at once, then `QueuePool limit of size 5 overflow 10 reached,
connection timed out, timeout 30.00`.

## Example

```python
import requests
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Order


async def pay(session: AsyncSession, order_id: int) -> None:
    async with session.begin():
        order = await session.get(Order, order_id)
        requests.post("https://pay.example/charges", json={"amount": order.total}, timeout=10)
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
    await client.post("https://pay.example/charges", json={"amount": amount}, timeout=10)
```

Two things change: the call is awaited, and it stands behind the block. Where there is no async
client, `await asyncio.to_thread(requests.post, ...)` frees the event loop; it must stand outside
of the block as well, because the connection is held while the thread works.

## Fix safety

Unsafe: a call that ends the block is moved behind it, as for
[POOL401](external-call-in-transaction), under the same conditions. It still stops the event loop
there, and only the connection is free meanwhile; which async client takes its place is for a
person to decide.

## When not to use it

Always use it. A blocking call outside of a transaction stops the event loop too, but costs no
connection; that is not this linter's subject (flake8-async and ruff's `ASYNC` rules report it).

## References

* Asynchronous I/O (asyncio):
  <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html>
* Python: Running Blocking Code:
  <https://docs.python.org/3/library/asyncio-dev.html#running-blocking-code>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.report import Report
from pool_lint.model.waits import STOPS_LOOP
from pool_lint.rules.rule import Rule
from pool_lint.rules.waiting import described, mended, remarks

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for wait in model.waits():
        if wait.kind == STOPS_LOOP:
            yield Report(
                wait.first.call.node,
                f"{described(wait.first.call)} stops the event loop while a connection of the pool is "
                "held",
                f"{_instead(wait.first.call.label)}, after the transaction",
                remarks(wait, model),
                fix=mended(wait, model),
            )


def _instead(label: str) -> str:
    return "use `asyncio.sleep()`" if label == "time.sleep" else "use an async client"


RULE = Rule(
    code="POOL403",
    name="blocking-call-while-connection-held",
    level=Level.ERROR,
    summary="a blocking call stops the event loop while a connection is held",
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
    ),
)
