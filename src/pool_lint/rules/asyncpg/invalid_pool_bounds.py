"""# invalid-pool-bounds (POOL604)

An asyncpg pool is given sizes that contradict each other, or a size of nothing.

## What it does

Reports `asyncpg.create_pool(...)` with a `max_size` below `min_size`, which is 10 where it is not
said, a `min_size` above `max_size`, which is 10 as well, a `max_size` or `max_queries` of 0, and
negative numbers.

## Why it hurts

The pool cannot be made. `max_size=5` alone is enough (asyncpg 0.32):

```text
ValueError: min_size is greater than max_size
```

The others say `max_size is expected to be greater than zero`, `min_size is expected to be greater
or equal to zero`, and so on.

## Example

```python
import asyncpg


async def start():
    return await asyncpg.create_pool("postgresql://app@db.internal/shop", max_size=5)
```

## Use instead

```python
import asyncpg


async def start():
    return await asyncpg.create_pool("postgresql://app@db.internal/shop", max_size=5, min_size=1)
```

`min_size` connections are opened at once and kept; `min_size=0` opens the first when it is needed.

## Fix safety

Safe: `min_size=1` is added where only `max_size` is given, the size that is missing where only
`min_size` is given, and `min_size` is lowered to `max_size` where both are written. The call could
not work before. Sizes of nothing are left to a person.

## When not to use it

Always use it. Numbers from the settings are not known here and are not reported.

## References

* asyncpg: create_pool():
  <https://magicstack.github.io/asyncpg/current/api/index.html#asyncpg.pool.create_pool>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Level
from pool_lint.knowledge.sqlalchemy import PG_POOL
from pool_lint.model import mending
from pool_lint.model.creations import constant
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.findings import Fix
    from pool_lint.model.creations import Creation
    from pool_lint.model.module import ModuleModel
    from pool_lint.syntax.tree import Tree

_DEFAULT = 10
# Above which number each has to be.
_LEAST = {"max_size": 0, "min_size": -1, "max_queries": 0, "max_inactive_connection_lifetime": -1}
_FOREIGN = frozenset(("minsize", "maxsize", "pool_size"))


def check(model: ModuleModel) -> Iterable[Report]:
    for creation in model.creations:
        if creation.role != PG_POOL or not _FOREIGN.isdisjoint(creation.keywords.values):
            continue
        numbers = {name: _number(creation, name) for name in _LEAST}
        small = [
            f"`{name}={n}`" for name, n in numbers.items() if n is not None and n <= _LEAST[name]
        ]
        least, most = _bound(creation, "min_size"), _bound(creation, "max_size")
        if small:
            message = f"{' and '.join(small)} cannot be: the pool is not made"
            yield Report(creation.call, message, "raise it")
        elif least is not None and most is not None and least > most:
            said = "" if "min_size" in creation.keywords else ", its default,"
            yield Report(
                creation.call,
                f"`min_size={least}`{said} is greater than `max_size={most}`: the pool is not made",
                "write both" if said else "let `min_size` be the smaller one",
                fix=_fix(creation, least, most),
            )


def _number(creation: Creation, name: str) -> int | None:
    value = constant(creation.keywords.get(name))
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _bound(creation: Creation, name: str) -> int | None:
    return _DEFAULT if creation.keywords.lacks(name) else _number(creation, name)


def _fix(creation: Creation, least: int, most: int) -> Callable[[Tree], Fix | None] | None:
    call, nodes = creation.call, creation.keywords.nodes
    if creation.keywords.lacks("min_size"):
        return mending.add_keyword(call, "min_size", "1", Applicability.SAFE)
    if creation.keywords.lacks("max_size"):
        return mending.add_keyword(call, "max_size", str(least), Applicability.SAFE)
    if "min_size" not in nodes or "max_size" not in nodes:
        return None
    limit = nodes["max_size"].value
    text = limit.value if isinstance(limit, cst.Name) else str(most)
    return mending.set_keyword(call, nodes["min_size"], text, Applicability.SAFE)


RULE = Rule(
    code="POOL604",
    name="invalid-pool-bounds",
    level=Level.ERROR,
    summary="an asyncpg pool is given sizes that contradict each other",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "ValueError: min_size is greater than max_size",
        "ValueError: max_size is expected to be greater than zero",
        "ValueError: min_size is expected to be greater or equal to zero",
        "ValueError: max_queries is expected to be greater than zero",
    ),
)
