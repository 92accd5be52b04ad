"""# unbounded-checkout-fan-out (POOL507)

As many coroutines are started at once as there are elements, and each opens a session.

## What it does

Reports `asyncio.gather`, `as_completed` and `wait` over a comprehension, or a list that was filled
in a loop, whose coroutines each open a session or connection of an engine, be it in a function
that they call. It does so only where nothing limits the elements: a parameter, a field of a
request, what a function or a query gives.

A semaphore or another limit around the session, a slice, `range`, `.limit()`, batches, constants
and literal lists are limits, and are not reported. Neither is a pool of asyncpg's, which lets its
callers wait for as long as it takes.

## Why it hurts

A thousand elements are a thousand coroutines, and all but `pool_size + max_overflow` of them wait
in line for a connection. Whoever has waited for `pool_timeout` seconds fails, and with `gather` so
do all the others. It passes the tests, which have three elements. With a pool of 2 and
`pool_timeout=1`, 12 elements whose statement takes 0.5 seconds (SQLAlchemy 2.1.9):

```text
sqlalchemy.exc.TimeoutError: QueuePool limit of size 2 overflow 0 reached, connection timed out,
timeout 1.00
```

Meanwhile every other request of the process stands in the same line.

## Example

```python
import asyncio

from shop.db import new_session
from shop.models import User


async def refresh(user_id: int) -> None:
    async with new_session() as session, session.begin():
        user = await session.get(User, user_id)
        user.refreshed = True


async def refresh_all(user_ids: list[int]) -> None:
    await asyncio.gather(*(refresh(user_id) for user_id in user_ids))
```

## Use instead

```python
import asyncio

from shop.db import new_session
from shop.models import User


async def refresh(user_id: int, limit: asyncio.Semaphore) -> None:
    async with limit, new_session() as session, session.begin():
        user = await session.get(User, user_id)
        user.refreshed = True


async def refresh_all(user_ids: list[int]) -> None:
    limit = asyncio.Semaphore(5)
    await asyncio.gather(*(refresh(user_id, limit) for user_id in user_ids))
```

Choose a limit below the size of the pool, so that others find a connection too. Often one
statement for all elements is better than either.

## Fix safety

There is no automatic fix: how many may work at a time is for the author to say.

## When not to use it

* Where the elements are known to be few, suppress the finding and say so.
* Tests, migrations and command-line scripts keep nobody waiting. Where the code shows that it is
  one of these, the rule is silent.

## References

* Error messages: QueuePool limit reached:
  <https://docs.sqlalchemy.org/en/20/errors.html#error-3o7r>
* Python: Semaphore:
  <https://docs.python.org/3/library/asyncio-sync.html#semaphore>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.fan_out import FanOut
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule
from pool_lint.rules.sharing import noun

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for info, analysis in model.analyses():
        if model.graph.is_quiet(info):
            continue
        for event in analysis.events.noted(FanOut):
            kind = noun(event.opened.subject)
            opened = event.opened.node
            yield Report(
                event.node,
                f"each of any number of coroutines opens a {kind} at the same time",
                "limit them by a semaphore that is smaller than the pool",
                (
                    Remark(event.elements, "there is one for each of these"),
                    Remark(opened, f"each works with a {kind} of its own here"),
                ),
            )


RULE = Rule(
    code="POOL507",
    name="unbounded-checkout-fan-out",
    level=Level.WARNING,
    summary="any number of coroutines each open a session at once: the pool runs dry",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, "
            "connection timed out, timeout 30.00"
        ),
    ),
    fixable=False,
)
