"""# sqlalchemy-words-in-asyncpg (POOL605)

asyncpg is spoken to in SQLAlchemy's words, which it does not understand.

## What it does

Reports `asyncpg.create_pool(...)` and `asyncpg.connect(...)` with a URL that names a driver
(`postgresql+asyncpg://`), or with a keyword that belongs to SQLAlchemy or to another library's
pool: `pool_size`, `max_overflow`, `pool_timeout`, `pool_recycle`, `pool_pre_ping`, `poolclass`,
`connect_args`, `echo`, `minsize`, `maxsize`, `max_lifetime`, `connect_timeout`, `sslmode`.

## Why it hurts

One setting, `DATABASE_URL`, serves SQLAlchemy and asyncpg in many applications, and the driver in
it is only for the first. Measured with asyncpg 0.32:

```text
asyncpg.exceptions._base.ClientConfigurationError: invalid DSN: scheme is expected to be either
"postgresql" or "postgres", got 'postgresql+asyncpg'
```

A keyword that the pool does not know is handed on to each connection, which does not know it
either. The error names `connect()`, which nobody has called:

```text
TypeError: connect() got an unexpected keyword argument 'pool_size'
```

Both come when the pool is awaited, so at start-up.

## Example

```python
import asyncpg


async def count_users():
    async with asyncpg.create_pool("postgresql+asyncpg://app@db.internal/shop") as pool:
        return await pool.fetchval("select count(*) from users")
```

## Use instead

```python
import asyncpg


async def count_users():
    async with asyncpg.create_pool("postgresql://app@db.internal/shop") as pool:
        return await pool.fetchval("select count(*) from users")
```

What the words are called in asyncpg:

| SQLAlchemy and others | asyncpg |
|---|---|
| `pool_size`, `minsize` | `min_size`, the connections that are kept (10 if not said) |
| `pool_size` + `max_overflow`, `maxsize` | `max_size`, which must not be below `min_size` |
| `pool_timeout` | `pool.acquire(timeout=...)`; the `timeout` of `create_pool` is for connecting |
| `connect_timeout` | `timeout` |
| `pool_recycle`, `max_lifetime` | none; `max_inactive_connection_lifetime` limits idle time |
| `pool_pre_ping` | not needed: the pool replaces a connection that was closed while it was idle |
| `sslmode` | `ssl`, or `?sslmode=` in the URL |

## Fix safety

Safe: the driver is taken out of a literal URL, and a keyword with a counterpart is renamed
(`minsize`, `maxsize`, `connect_timeout`, `sslmode`). `pool_size=20` becomes `max_size=20`, with
`min_size=1` where it would be below the default minimum, and `pool_pre_ping` is taken away. The
call could not work before. Where two words have to become one (`pool_size` and `max_overflow`),
or the counterpart means something else, the finding says what to do and nothing is edited.

## When not to use it

Always use it. A URL from the settings is not known here and is not reported, nor is one whose
driver is taken away on the spot: `url.replace("+asyncpg", "")`.

## References

* asyncpg: Connection Pools:
  <https://magicstack.github.io/asyncpg/current/api/index.html#connection-pools>
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Level
from pool_lint.knowledge.sqlalchemy import PG_POOL
from pool_lint.model.arguments import removal
from pool_lint.model.creations import POOL_ROLES, constant
from pool_lint.model.report import Report
from pool_lint.model.values import UNKNOWN
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.creations import Creation
    from pool_lint.model.module import ModuleModel
    from pool_lint.syntax.tree import Tree

_ADVICE = {
    "pool_size": "write `min_size` and `max_size`",
    "max_overflow": "write `max_size`, which is all of them together",
    "pool_timeout": "give the timeout to `acquire()`",
    "pool_recycle": "`max_inactive_connection_lifetime` is the nearest there is",
    "pool_pre_ping": "drop it: the pool replaces what was closed",
    "poolclass": "drop it",
    "connect_args": "give its entries as keywords",
    "echo": "drop it",
    "minsize": "write `min_size`",
    "maxsize": "write `max_size`",
    "max_lifetime": "`max_inactive_connection_lifetime` is the nearest there is",
    "connect_timeout": "write `timeout`",
    "sslmode": "write `ssl`",
}
_RENAMED = {"connect_timeout": "timeout", "sslmode": "ssl"}
_RENAMED_IN_POOL = {"minsize": "min_size", "maxsize": "max_size", "pool_size": "max_size"}
_DEFAULT_MINIMUM = 10
_DRIVER = re.compile(r"^(\W*\w*\W*postgres(?:ql)?)\+\w+(?=:)")


def check(model: ModuleModel) -> Iterable[Report]:
    for creation in model.creations:
        if creation.role not in POOL_ROLES:
            continue
        names = [name for name in _ADVICE if _is_given(creation, name)]
        scheme = (creation.url_prefix or "").partition(":")[0]
        if "+" in scheme:
            yield Report(
                creation.call,
                f"`{scheme}` is a URL of SQLAlchemy's: asyncpg knows `postgresql` and no driver",
                "write `postgresql://`",
                fix=_fix(creation, names, has_driver=True),
            )
        elif names:
            yield Report(
                creation.call,
                f"asyncpg does not take {' and '.join(f'`{name}`' for name in names)}, and raises",
                _ADVICE[names[0]],
                fix=_fix(creation, names, has_driver=False),
            )


def _is_given(creation: Creation, name: str) -> bool:
    keywords = creation.keywords
    return name in keywords.nodes or keywords.values.get(name, UNKNOWN) is not UNKNOWN


def _fix(
    creation: Creation, names: list[str], *, has_driver: bool
) -> Callable[[Tree], Fix | None] | None:
    """Mend the whole call, or nothing of it."""
    keywords = creation.keywords
    words = {name: _word(creation, name) for name in names}
    new = [word for word in words.values() if word]
    url = keywords.nodes.get("dsn")
    if None in words.values() or len(set(new)) < len(new) or any(word in keywords for word in new):
        return None
    if has_driver and (
        url is None or not isinstance(url.value, (cst.SimpleString, cst.FormattedString))
    ):
        return None

    def fix(tree: Tree) -> Fix | None:
        edits: list[Edit] = []
        if has_driver and url is not None:
            text, count = _DRIVER.subn(r"\1", tree.text_of(url.value))
            if not count:
                return None
            edits.append(Edit(tree.range_of(url.value), text))
        for name, word in words.items():
            keyword = keywords.nodes[name].keyword
            if word and keyword is not None:
                least = "min_size=1, " if _needs_minimum(creation, name) else ""
                edits.append(Edit(tree.range_of(keyword), f"{least}{word}"))
        dropped = [keywords.nodes[name] for name, word in words.items() if not word]
        edits.extend(removal(tree, creation.call, dropped))
        return Fix(Applicability.SAFE, "Say it in asyncpg's words", tuple(edits))

    return fix


def _word(creation: Creation, name: str) -> str | None:
    """What a keyword is called in asyncpg; "" for one to drop, None where a person must decide."""
    if name not in creation.keywords.nodes:
        return None
    if name == "pool_pre_ping":
        return ""
    if name == "pool_size" and not isinstance(constant(creation.keywords.get(name)), int):
        return None
    in_pool = _RENAMED_IN_POOL.get(name) if creation.role == PG_POOL else None
    return _RENAMED.get(name) or in_pool


def _needs_minimum(creation: Creation, name: str) -> bool:
    """Whether a pool would be smaller than the connections that it keeps by default."""
    if name not in ("pool_size", "maxsize") or not {"min_size", "minsize"}.isdisjoint(
        creation.keywords.values
    ):
        return False
    size = constant(creation.keywords.get(name))
    return isinstance(size, int) and size < _DEFAULT_MINIMUM


RULE = Rule(
    code="POOL605",
    name="sqlalchemy-words-in-asyncpg",
    level=Level.ERROR,
    summary="asyncpg is given a URL or a keyword of SQLAlchemy's, which it refuses",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "asyncpg.exceptions._base.ClientConfigurationError: invalid DSN: scheme is "
            'expected to be either "postgresql" or "postgres", got \'postgresql+asyncpg\''
        ),
        (
            'ValueError: invalid DSN: scheme is expected to be either "postgresql" or '
            "\"postgres\", got 'postgresql+asyncpg'"
        ),
        "TypeError: connect() got an unexpected keyword argument 'pool_size'",
        "TypeError: connect() got an unexpected keyword argument 'max_overflow'",
        "TypeError: connect() got an unexpected keyword argument 'pool_recycle'",
        "TypeError: connect() got an unexpected keyword argument 'minsize'",
    ),
)
