"""# connect-write-without-commit (POOL405)

A connection of `engine.connect()` writes, and is given back without a commit.

## What it does

Reports `engine.connect()` where the same function runs an INSERT, UPDATE or DELETE on the
connection, and no path leads from it to a commit. Statements are known by how they are built
(`insert(...)`, `table.update()`, `text("DELETE ...")`), also in a variable and in functions that
are given the connection. What changes tables (`CREATE`, `ALTER`, `metadata.create_all`) is
reported where the database is known to be PostgreSQL: others commit it by themselves.

The finding stands where the connection is taken; its notes name each write.

## Why it hurts

Nothing raises, and nothing is saved: the pool rolls back whatever is open on a connection that
comes back. The next look at the table shows it:

```text
the row was not saved
```

(SQLAlchemy 2.1.9 and 2.0.57, sync and async.) Version 1 committed each such statement by itself, so
this is what code loses that moves to version 2 as it is.

## Example

```python
from sqlalchemy import create_engine, delete

from shop.models import Cart

engine = create_engine("postgresql://app@db/shop", pool_pre_ping=True, pool_recycle=1800)


def empty_carts() -> None:
    with engine.connect() as connection:
        connection.execute(delete(Cart))
```

## Use instead

```python
from sqlalchemy import create_engine, delete

from shop.models import Cart

engine = create_engine("postgresql://app@db/shop", pool_pre_ping=True, pool_recycle=1800)


def empty_carts() -> None:
    with engine.begin() as connection:
        connection.execute(delete(Cart))
```

`engine.begin()` commits at the end of its block and rolls back when the block raises. Where several
transactions follow each other on one connection, call `connection.commit()` after each.

## Fix safety

Unsafe: the fix turns `connect()` into `begin()` where nothing else in the block begins or ends a
transaction. What was never saved is saved from then on, and somebody should have looked at it.

## When not to use it

Turn it off for tools that try statements out and want them rolled back; an explicit `rollback()`
says so too, and is silent. It is silent for engines and connections in AUTOCOMMIT, wherever they
were declared, for temporary tables, for connections that are returned, stored or given to what
cannot be seen, in tests and migrations, for databases without transactions, and in projects that
pin SQLAlchemy below 2 or say so with `target-sqlalchemy`.

## References

* Working with Transactions and the DBAPI:
  <https://docs.sqlalchemy.org/en/20/tutorial/dbapi_transactions.html>
* Working with Engines and Connections:
  <https://docs.sqlalchemy.org/en/20/core/connections.html>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model import write_mending
from pool_lint.model.lost_writes import lost_writes
from pool_lint.model.report import Report
from pool_lint.model.values import CONNECTION
from pool_lint.rules.losing import remarks
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for event in lost_writes(model, CONNECTION):
        yield Report(
            event.subject.site,
            "what is written on this connection is never committed, and is lost",
            "use `engine.begin()`, or commit before the connection is closed",
            remarks(event, model),
            fix=write_mending.commit_at_end(event, model.names),
        )


RULE = Rule(
    code="POOL405",
    name="connect-write-without-commit",
    level=Level.ERROR,
    summary="writes on a connection are never committed",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(),
)
