"""# session-write-without-commit (POOL406)

A session writes, and is closed without a commit.

## What it does

Reports a session that a function opens for itself where the function adds, deletes, merges or runs
an INSERT, UPDATE or DELETE on it, and no path leads from there to a commit. Helpers that are given
the session count: those that write, and those that commit. So do context managers that open the
session: one that commits behind its `yield` is silent, one that only closes is not.

The finding stands where the session is opened; its notes name each write.

## Why it hurts

Nothing raises, and nothing is saved. Within the session the rows are there, `flush()` even gives
them their keys; closing it rolls everything back:

```text
the row was not saved
```

(SQLAlchemy 2.1.9 and 2.0.57.)

## Example

```python
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from shop.models import Order

engine = create_engine("postgresql://app@db/shop", pool_pre_ping=True, pool_recycle=1800)
new_session = sessionmaker(engine)


def place_order(customer_id: int) -> None:
    with new_session() as session:
        session.add(Order(customer_id=customer_id))
```

## Use instead

```python
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from shop.models import Order

engine = create_engine("postgresql://app@db/shop", pool_pre_ping=True, pool_recycle=1800)
new_session = sessionmaker(engine)


def place_order(customer_id: int) -> None:
    with new_session.begin() as session:
        session.add(Order(customer_id=customer_id))
```

`new_session.begin()` commits at the end of its block; `session.commit()` before the end does as
well.

## Fix safety

Unsafe: the fix writes a commit at the end of the block. What was never saved is saved from then on,
and somebody should have looked at it.

## When not to use it

Turn it off for tools that try changes out and throw them away; an explicit `rollback()` says so
too, and is silent. It is silent for sessions that are given to the function, injected, returned,
stored or handed to what cannot be seen, for `scoped_session` and sessions of a class of one's own,
for AUTOCOMMIT engines, in tests and migrations, and for objects that are only added again to be
read: `add()` counts where its object is made or changed in the same function.

## References

* Managing Transactions:
  <https://docs.sqlalchemy.org/en/20/orm/session_transaction.html>
* Session Basics:
  <https://docs.sqlalchemy.org/en/20/orm/session_basics.html>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model import write_mending
from pool_lint.model.lost_writes import lost_writes
from pool_lint.model.report import Report
from pool_lint.model.values import SESSION
from pool_lint.rules.losing import remarks
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for event in lost_writes(model, SESSION):
        yield Report(
            event.subject.site,
            "what is written on this session is never committed, and is lost",
            "commit before the session is closed, or open it with `begin()` and let that close it",
            remarks(event, model),
            fix=write_mending.commit_at_end(event, model.names),
        )


RULE = Rule(
    code="POOL406",
    name="session-write-without-commit",
    level=Level.WARNING,
    summary="writes on a session are never committed",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(),
)
