"""# invalid-suppression (POOL901)

A comment silences a rule that does not exist.

## What it does

Reports what is no rule of this linter in `# pool-lint: ignore[...]` and
`# pool-lint: ignore-file[...]`, and a code in `# noqa: ...` that begins with `POOL` and a digit and
belongs to no rule.

## Why it hurts

The comment looks as if it silenced something, and does not. The finding that it was written for
is still reported, or it was never checked at all and whoever reads the comment believes it was.

## Example

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_pre_ping=True,
    pool_recycle=1800,
)  # pool-lint: ignore[no-pool-recycle]
```

## Use instead

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_pre_ping=True,
)  # pool-lint: ignore[missing-pool-recycle]
```

## Fix safety

There is no automatic fix: which rule was meant is not known.

## When not to use it

The codes of other linters in a `# noqa` are theirs and are never reported.

## References

* flake8: Selecting and Ignoring Violations:
  <https://flake8.pycqa.org/en/latest/user/violations.html>
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pool_lint.findings import Finding, Level, Position, Range
from pool_lint.rules.rule import Rule
from pool_lint.syntax.suppression import names

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.report import Report
    from pool_lint.settings import Settings
    from pool_lint.syntax.source import Source
    from pool_lint.syntax.suppression import Suppressions

_CODE = re.compile(r"POOL\d").match


def check(model: ModuleModel) -> Iterable[Report]:
    return iter(())


def unknown_words(
    comments: Suppressions, findings: list[Finding], source: Source, settings: Settings
) -> Iterator[Finding]:
    """Find what stands for no rule in the comments that silence rules.

    Args:
        comments: the comments of the file.
        findings: not used.
        source: the file.
        settings: not used.

    Yields:
        A finding for each word.
    """
    from pool_lint.rules import RULES

    for one in comments.silencers():
        for word, column in one.words or ():
            if one.is_noqa and not _CODE(word):
                continue
            if any(names(word, rule.code, rule.name) for rule in RULES.values()):
                continue
            place = Range(Position(one.row, column + 1), Position(one.row, column + len(word) + 1))
            yield Finding(
                code=RULE.code,
                name=RULE.name,
                level=RULE.level,
                message=f"no rule is called `{word}`: the comment silences nothing with it",
                filename=source.filename,
                range=place,
                help="write the code or the name of a rule",
            )


RULE = Rule(
    code="POOL901",
    name="invalid-suppression",
    level=Level.WARNING,
    summary="a suppression names a rule that does not exist",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    fixable=False,
)
