"""# engine-across-fork (POOL206)

The connections of an engine are shared by a process and the one that it has forked.

## What it does

Reports

* `engine.dispose()` without `close=False` in what runs in a forked process first: `post_fork` of
  gunicorn, `worker_process_init` of Celery, `postfork` of uWSGI, the `after_in_child` of
  `os.register_at_fork()`, the initializer of a pool of processes;
* `multiprocessing.Process`, a pool of processes and `ProcessPoolExecutor` with a function that uses
  an engine which the same function has used before.

## Why it hurts

A fork copies the pool, but not the connections: from then on two processes write to the same
sockets, and each reads what the server answers to the other. Measured with a used pool, two
children and psycopg 3 (SQLAlchemy 2.1.9):

```text
the forked processes failed or hung: sqlalchemy.exc.ResourceClosedError: This result object does
not return rows. It has been closed automatically.
```

With psycopg2 it was `DatabaseError: error with status PGRES_TUPLES_OK and no message from the
libpq`. Which error comes, and in which process, depends on the moment.

`dispose()` in the child makes a new pool and closes the old connections first. Closing one tells
the server to end it, and it is the parent's too. The child works, the parent fails at its next
statement:

```text
sqlalchemy.exc.OperationalError: (psycopg.OperationalError) consuming input failed: server closed
the connection unexpectedly
```

With `pool_pre_ping=True` the parent notices that before the statement and connects anew, so that
each fork costs it its connections.

## Example

```python
from celery.signals import worker_process_init
from sqlalchemy import create_engine

engine = create_engine(
    "postgresql+psycopg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)


@worker_process_init.connect
def forget_connections(**kwargs):
    engine.dispose()
```

## Use instead

```python
from celery.signals import worker_process_init
from sqlalchemy import create_engine

engine = create_engine(
    "postgresql+psycopg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)


@worker_process_init.connect
def forget_connections(**kwargs):
    engine.dispose(close=False)
```

`dispose(close=False)` makes a new pool and leaves the connections of the old one to the parent. It
has to be the first thing that a forked process does with the engine.

## Fix safety

Unsafe: `close=False` is written in the hook, or `engine.dispose(close=False)` as the first line of
what a `Process` runs. From then on the process opens connections of its own. What a pool of
processes runs it runs many times; there the finding says what to do and nothing is edited.

## When not to use it

* Processes that are spawned share nothing: with `get_context("spawn")`, `set_start_method("spawn")`
  or `mp_context=` the rule is silent. From Python 3.14 on, processes are not forked unless one asks
  for it.
* Whether anybody has used the pool before the fork shows only where both stand in one function.
  Where it does not show, nothing but a hook with a plain `dispose()` is reported. Where the parent
  never connects, that is harmless.
* Engines with `NullPool` keep nothing that could be shared and are not reported.

## References

* Using Connection Pools with Multiprocessing or os.fork():
  <https://docs.sqlalchemy.org/en/20/core/pooling.html#pooling-multiprocessing>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Level
from pool_lint.knowledge import frameworks as fw
from pool_lint.model.forked_pools import Forked
from pool_lint.model.forking import disposed_after_fork
from pool_lint.model.mending import add_keyword, insert_line_before
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.forking import Disposed
    from pool_lint.model.module import ModuleModel
    from pool_lint.syntax.tree import Tree

_QUIET = frozenset((fw.TEST, fw.MIGRATION))


def check(model: ModuleModel) -> Iterable[Report]:
    for event in disposed_after_fork(model):
        notes = (Remark(event.hook, "it runs in each new process"),) if event.hook else ()
        yield Report(
            event.node,
            f"`dispose()` in {event.word} closes connections that belong to the parent process",
            "write `dispose(close=False)`",
            notes,
            fix=_keep_open(event),
        )
    for info, analysis in model.analyses():
        if model.graph.is_quiet(info, _QUIET):
            continue
        for forked in analysis.events.noted(Forked):
            yield Report(
                forked.node,
                f"`{forked.function.name}` uses an engine in a forked process whose pool has "
                "connections already: both processes use them",
                f"call `dispose(close=False)` of the engine first in `{forked.function.name}`"
                if forked.once
                else "give the processes an `initializer` that calls `dispose(close=False)`",
                (
                    Remark(forked.creation.call, "the engine is made here"),
                    Remark(forked.used, "its pool gets a connection here"),
                    Remark(forked.checkout, "and the new process takes one of it here"),
                ),
                fix=_forget_first(forked, model) if forked.once else None,
            )


def _keep_open(event: Disposed) -> Callable[[Tree], Fix | None]:
    node = event.node
    if isinstance(node, cst.Call):
        return add_keyword(node, "close", "False", Applicability.UNSAFE)

    def fix(tree: Tree) -> Fix | None:
        text = f"lambda: {tree.text_of(event.engine)}.dispose(close=False)"
        return Fix(Applicability.UNSAFE, "Write `close=False`", (Edit(tree.range_of(node), text),))

    return fix


def _forget_first(forked: Forked, model: ModuleModel) -> Callable[[Tree], Fix | None] | None:
    """Forget the parent's connections in the first line of what the process runs."""
    info, call = forked.function, forked.creation.call
    parent = model.names.parents.get(id(call))
    target = parent.targets[0].target if isinstance(parent, cst.Assign) else None
    suite = info.node.body
    is_plain = isinstance(target, cst.Name) and forked.creation.function is None
    if info.names is not model.names or not is_plain or not isinstance(suite, cst.IndentedBlock):
        return None
    assert isinstance(target, cst.Name)
    text = f"{target.value}.dispose(close=False)"
    statements = suite.body[1:] if info.node.get_docstring() is not None else suite.body
    if not statements or info.scope.find(target.value) is not model.names.module:
        return None
    return insert_line_before(statements[0], text, f"Write `{text}` first", Applicability.UNSAFE)


RULE = Rule(
    code="POOL206",
    name="engine-across-fork",
    level=Level.WARNING,
    summary="a process and the one that it has forked use the same connections",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.ResourceClosedError: This result object does not return rows. It has "
            "been closed automatically."
        ),
        (
            "sqlalchemy.exc.DatabaseError: (psycopg2.DatabaseError) error with status "
            "PGRES_TUPLES_OK and no message from the libpq"
        ),
        (
            "sqlalchemy.exc.OperationalError: (psycopg.OperationalError) consuming input failed: "
            "server closed the connection unexpectedly"
        ),
    ),
)
