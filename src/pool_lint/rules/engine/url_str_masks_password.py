"""# url-str-masks-password (POOL116)

An engine is made of the text of a URL object, in which `***` stands for the password.

## What it does

Reports `create_engine(str(engine.url))`, `create_engine(f"{engine.url}")`, the same through a
variable or `.replace(...)`, and the same with an object of `make_url(...)` or `URL.create(...)`.

## Why it hurts

The text of a URL object is made for logs. Measured with SQLAlchemy 2.1.9 and 2.0.57: the new
engine's

```text
password is '***'
```

so the server refuses it with `password authentication failed`. On a machine where the server trusts
everybody who connects, as in tests, it works.

## Example

```python
from sqlalchemy import create_engine

primary = create_engine(
    "postgresql+psycopg://app:secret@db.internal/shop",
    pool_recycle=1800,
    pool_pre_ping=True,
)
again = create_engine(str(primary.url), pool_recycle=1800, pool_pre_ping=True)
```

## Use instead

```python
from sqlalchemy import create_engine

primary = create_engine(
    "postgresql+psycopg://app:secret@db.internal/shop",
    pool_recycle=1800,
    pool_pre_ping=True,
)
again = create_engine(primary.url, pool_recycle=1800, pool_pre_ping=True)
```

An engine takes the object itself. To change a part of it there is
`engine.url.set(database="other")`; where text is needed,
`engine.url.render_as_string(hide_password=False)` gives it whole.

## Fix safety

Safe: the object is handed on in place of its text; where the text is changed first, it is made with
`render_as_string(hide_password=False)`.

## When not to use it

URLs of SQLite, and those that are seen to have no password, are not reported, nor is anything where
a project is for SQLAlchemy 1.4, whose texts are whole.

## References

* URL.render_as_string:
  <https://docs.sqlalchemy.org/en/20/core/engines.html#sqlalchemy.engine.URL.render_as_string>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Level
from pool_lint.model.engine_calls import engine_calls
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.engine_calls import EngineCall
    from pool_lint.model.masked_urls import Masked
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.rewriting import Fixing
    from pool_lint.syntax.tree import Tree


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in engine_calls(model):
        if engine.written("url") is None or engine.is_special:
            continue
        from pool_lint.model.masked_urls import masked_url

        masked = masked_url(engine)
        if masked is not None and engine.release != "1.4":
            yield Report(
                engine.call,
                "the text of a URL object has `***` for the password: the server will refuse it",
                "give the object itself, or `render_as_string(hide_password=False)`",
                fix=_fix(engine, masked),
            )


def _fix(engine: EngineCall, masked: Masked) -> Fixing | None:
    given = engine.written("url")
    is_direct = given is not None and given.value is masked.node
    if isinstance(masked.node, cst.FormattedString) and len(masked.node.parts) > 1:
        return None
    if not isinstance(masked.inner, (cst.Name, cst.Attribute, cst.Call)):
        return None

    def fix(tree: Tree) -> Fix | None:
        text = tree.text_of(masked.inner)
        if not is_direct:
            text += ".render_as_string(hide_password=False)"
        edit = Edit(tree.range_of(masked.node), text)
        return Fix(Applicability.SAFE, "Hand on the password", (edit,))

    return fix


RULE = Rule(
    code="POOL116",
    name="url-str-masks-password",
    level=Level.ERROR,
    summary="an engine is made of the text of a URL object, whose password is ***",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        'FATAL: password authentication failed for user "app"',
        "password authentication failed for user",
    ),
)
