"""# session-shared-between-threads (POOL506)

A session or connection is used by several threads at a time, or by a thread that outlives it.

## What it does

Reports a session or connection in the hands of

* several threads at once: `asyncio.to_thread`, `run_in_executor` or `run_in_threadpool` more than
  once in a `gather`, `ThreadPoolExecutor.submit` again before the first result, `Executor.map`;
* a thread, while the function that started it goes on with the session;
* a `Thread`, or what `submit` and `run_in_executor` have started, when nothing waits for it before
  the session is closed or the function returns to the session's owner.

One call in a thread that is awaited at once is right, and is not reported: the session is then in
one pair of hands at a time. Nor is a `scoped_session`, which is another session in each thread.

## Why it hurts

A session keeps its state in plain attributes which nothing protects. Eight threads that each added
a row to one session and committed (SQLAlchemy 2.1.9 and 2.0.57), with another of these errors from
one run to the next:

```text
sqlalchemy.exc.IllegalStateChangeError: Method 'commit()' can't be called here; method
'_prepare_impl()' is already in progress and this would cause an unexpected state change
sqlalchemy.exc.InvalidRequestError: This session is provisioning a new connection; concurrent
operations are not permitted
sqlalchemy.exc.ResourceClosedError: This transaction is closed
```

What one thread rolls back is gone for all of them. With luck nothing raises, and a thread commits
what another one was still writing.

## Example

```python
import asyncio

from sqlalchemy.orm import Session

from shop.db import engine
from shop.models import Item


def add_item(session: Session, name: str) -> None:
    session.add(Item(name=name))
    session.commit()


async def add_items(names: list[str]) -> None:
    with Session(engine) as session:
        await asyncio.gather(*(asyncio.to_thread(add_item, session, name) for name in names))
```

## Use instead

```python
import asyncio

from sqlalchemy.orm import Session

from shop.db import engine
from shop.models import Item


def add_item(name: str) -> None:
    with Session(engine) as session:
        session.add(Item(name=name))
        session.commit()


async def add_items(names: list[str]) -> None:
    for name in names:
        await asyncio.to_thread(add_item, name)
```

The engine may be shared by all threads, the session belongs to one.

## Fix safety

There is no automatic fix: the thread needs a session of its own, and objects that belong to the
other session have to be read again.

## When not to use it

* A pool with one thread does one thing after the other, and is not reported where its size is seen.
* Threads that take turns, because each of them holds a lock while it uses the session, are not
  reported.

## References

* Session Basics: Is the Session thread-safe?
  <https://docs.sqlalchemy.org/en/20/orm/session_basics.html#session-faq-threadsafe>
* Contextual/Thread-local Sessions:
  <https://docs.sqlalchemy.org/en/20/orm/contextual.html>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.report import Report
from pool_lint.model.shares import Concurrent, Escaped
from pool_lint.rules.rule import Rule
from pool_lint.rules.sharing import besides, noun, remarks

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel

_HELP = "open a session in each thread; the engine may be shared"


def check(model: ModuleModel) -> Iterable[Report]:
    for _, analysis in model.analyses():
        concurrent = [e for e in analysis.events.noted(Concurrent) if e.is_thread]
        for event in concurrent:
            message = f"one {noun(event.subject)} is used in several threads at the same time"
            yield Report(event.node, message, _HELP, besides(event))
        shared = {id(event.node) for event in concurrent}
        for escaped in analysis.events.noted(Escaped):
            if escaped.how == "thread" and id(escaped.node) not in shared:
                kind = noun(escaped.subject)
                message = f"a thread is given this {kind}, and runs when the {kind} has ended"
                yield Report(escaped.node, message, _HELP, remarks(escaped, model))


RULE = Rule(
    code="POOL506",
    name="session-shared-between-threads",
    level=Level.ERROR,
    summary="several threads use one session or connection, and spoil its state",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.IllegalStateChangeError: Method 'commit()' can't be called here; "
            "method '_prepare_impl()' is already in progress"
        ),
        (
            "sqlalchemy.exc.InvalidRequestError: This session is provisioning a new "
            "connection; concurrent operations are not permitted"
        ),
        "sqlalchemy.exc.ResourceClosedError: This transaction is closed",
        (
            "sqlalchemy.exc.InvalidRequestError: This session is in 'prepared' state; no further "
            "SQL can be emitted within this transaction."
        ),
    ),
    fixable=False,
)
