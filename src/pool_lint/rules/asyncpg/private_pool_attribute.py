"""# private-pool-attribute (POOL610)

Code reads what an asyncpg pool keeps for itself.

## What it does

Reports attributes of asyncpg's pool that begin with an underscore: `pool._minsize`,
`pool._holders`, `pool._queue`, `pool._working_addr` and the like, also through `getattr()`.

## Why it hurts

They change without notice, and some do not say what they seem to. Measured with asyncpg 0.32, on a
pool of `min_size=1` and `max_size=10` whose one connection was in use:

```text
len(pool._holders) is 10, pool._queue.qsize() is 9, and the server has 1 connection
```

There is a holder for every connection that the pool may ever open, so the first number is always
`max_size`, and the second counts connections that do not exist. `_working_addr` was there until
the release 0.28:

```text
AttributeError: 'Pool' object has no attribute '_working_addr'
```

## Example

```python
import asyncpg


def usage(pool: asyncpg.Pool) -> dict[str, int]:
    return {"limit": pool._maxsize, "open": len(pool._holders)}
```

## Use instead

```python
import asyncpg


def usage(pool: asyncpg.Pool) -> dict[str, int]:
    return {"limit": pool.get_max_size(), "open": pool.get_size()}
```

| what is read | what to call |
|---|---|
| `_minsize`, `_maxsize` | `get_min_size()`, `get_max_size()` |
| `len(_holders)` | `get_size()`: the connections that are open |
| `_queue.qsize()` | `get_idle_size()`: those of them that nobody uses |
| `_closed`, `_closing` | `is_closing()`, which stands for either |

For the others there is no method. The arguments of `create_pool()` can be kept by whoever calls it.

## Fix safety

Safe for `_minsize` and `_maxsize`: the method returns the very same. Unsafe for the others in the
table, which return what was meant. The methods are there since asyncpg 0.25, `is_closing()` since
0.28. Where an attribute is written to, or read by `getattr()`, nothing is edited.

## When not to use it

For code that is bound to one release of asyncpg, and looks at its pool for a person.

## References

* asyncpg: Pool:
  <https://magicstack.github.io/asyncpg/current/api/index.html#asyncpg.pool.Pool>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.private_parts import PrivateUse, call_public
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for _, analysis in model.analyses():
        for use in analysis.events.noted(PrivateUse):
            yield Report(
                use.node,
                f"`{use.name}` is asyncpg's own, and may be gone in its next release",
                f"call `{use.instead}`"
                if use.instead
                else "keep what you need of the pool yourself",
                fix=call_public(use),
            )


RULE = Rule(
    code="POOL610",
    name="private-pool-attribute",
    level=Level.WARNING,
    summary="code reads what an asyncpg pool keeps for itself",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "AttributeError: 'Pool' object has no attribute '_working_addr'",
        "AttributeError: 'Pool' object has no attribute '_working_config'",
        "AttributeError: 'Pool' object has no attribute '_working_params'",
    ),
)
