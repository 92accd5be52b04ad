"""# unused-suppression (POOL900)

A comment silences a rule that has nothing to say here.

## What it does

Reports `# pool-lint: ignore[...]`, `# pool-lint: ignore-file[...]` and the codes of this linter in
`# noqa: ...` where nothing is found that they would silence, whether the code was mended or the
comment stands on the wrong line.

## Why it hurts

The comment says that there is a mistake, and that somebody has looked at it. Neither is true. The
next mistake on this line is silenced before anybody has seen it.

## Example

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_pre_ping=True,
    pool_recycle=1800,  # pool-lint: ignore[POOL101] the server is on this machine
)
```

## Use instead

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    pool_pre_ping=True,
    pool_recycle=1800,
)
```

## Fix safety

Safe: the code is taken out of the comment, or the whole comment away where it silences nothing
else. What others have written into it stays: their codes in a `# noqa`, and other comments on the
line. The fix is unsafe where a reason stands behind the comment, which would be lost with it.

## When not to use it

Rules that do not run are not judged: a comment is unused only if all rules that it names, and that
are on by default, are enabled for this file. A `# noqa` without codes may be meant for any linter
and is never reported, nor are the codes of others. Files that cannot be read as a whole are left
alone. Name POOL900 itself in the comment that has to stay.

Under flake8 the comments are judged as everywhere else, by what is found in the file: whether
flake8 itself leaves a code out, or runs with `--disable-noqa`, makes no difference.

## References

* flake8: Selecting and Ignoring Violations:
  <https://flake8.pycqa.org/en/latest/user/violations.html>
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pool_lint.findings import Applicability, Edit, Finding, Fix, Level, Position, Range
from pool_lint.rules.rule import Rule
from pool_lint.syntax.suppression import names

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.report import Report
    from pool_lint.settings import Settings
    from pool_lint.syntax.source import Source
    from pool_lint.syntax.suppression import Silencer, Suppressions

_EVERYTHING = "POOL"


def check(model: ModuleModel) -> Iterable[Report]:
    return iter(())


def unused(
    comments: Suppressions, findings: list[Finding], source: Source, settings: Settings
) -> Iterator[Finding]:
    """Find the comments that silence nothing.

    Args:
        comments: the comments of the file.
        findings: all that is found in its code, silenced or not.
        source: the file.
        settings: which rules run in it.

    Yields:
        A finding for each comment with something in it that is of no use.
    """
    for one in comments.silencers():
        heard = [found for found in findings if _speaks_of(one, found.range.start.row)]
        if one.words is None:
            if not _is_idle(_EVERYTHING, one, heard, settings):
                continue
            idle = kept = []
        else:
            idle = [word for word in one.words if _is_idle(word[0], one, heard, settings)]
            kept = [word for word in one.words if word not in idle]
            if not idle and one.words:
                continue
        yield _finding(one, [word for word, _ in idle], kept, comments, source.filename)


def _speaks_of(one: Silencer, row: int) -> bool:
    return one.rows is None or one.rows[0] <= row <= one.rows[1]


def _is_idle(word: str, one: Silencer, heard: list[Finding], settings: Settings) -> bool:
    """Whether a word stands for rules that run, and say nothing here."""
    from pool_lint.rules import RULES

    rules = [rule for rule in RULES.values() if _names(word, one, rule.code, rule.name)]
    if any(_names(word, one, found.code, found.name) for found in heard):
        return False
    # What is said of the file itself can be known only when everything has been said.
    judged = [rule for rule in rules if rule.default and not rule.code.startswith("POOL9")]
    return bool(judged) and all(settings.enabled(rule.code) for rule in judged)


def _names(word: str, one: Silencer, code: str, name: str) -> bool:
    if one.is_noqa:
        return word.startswith(_EVERYTHING) and code.startswith(word)
    return names(word, code, name)


def _finding(
    one: Silencer,
    idle: list[str],
    kept: list[tuple[str, int]],
    comments: Suppressions,
    filename: str,
) -> Finding:
    where = "in this file" if one.rows is None else "here"
    listed = " and ".join(f"`{word}`" for word in idle)
    verb = "is" if len(idle) == 1 else "are"
    what = f"{listed} {verb} not found {where}" if idle else f"nothing is found {where}"
    return Finding(
        code=RULE.code,
        name=RULE.name,
        level=RULE.level,
        message=f"{what}: the comment silences {'less than it says' if kept else 'no mistake'}",
        filename=filename,
        range=Range(Position(one.row, one.start + 1), Position(one.row, one.end + 1)),
        help=f"take {listed} out of it" if kept else "take it away",
        fix=_without(one, idle, kept, comments) if kept else _gone(one, comments),
    )


def _without(
    one: Silencer, idle: list[str], kept: list[tuple[str, int]], comments: Suppressions
) -> Fix:
    """Take some words out of a comment, each with what separates it from the next."""
    line = comments.line(one.row)
    words = one.words or ()
    text = ""
    for before, word in zip((None, *words), words, strict=False):
        if word in kept:
            gap = line[before[1] + len(before[0]) : word[1]] if before is not None else ""
            text += (gap if text else "") + word[0]
    last = words[-1][1] + len(words[-1][0])
    edit = Edit(_place(one.row, words[0][1], last), text)
    listed = " and ".join(f"`{word}`" for word in idle)
    return Fix(Applicability.SAFE, f"Take {listed} out of the comment", (edit,))


def _gone(one: Silencer, comments: Suppressions) -> Fix:
    """Take a comment away, and leave the others of its line."""
    line = comments.line(one.row)
    reason, sharp, _ = line[one.end :].partition("#")
    how = Applicability.UNSAFE if reason.strip(" \t.,:;-") else Applicability.SAFE
    if sharp:
        place = _place(one.row, one.start, one.end + len(reason))
    elif one.alone and one.start == one.opening:
        place = Range(Position(one.row, 1), Position(one.row + 1, 1))
    else:
        place = _place(one.row, len(line[: one.start].rstrip()), len(line))
    return Fix(how, "Take the comment away", (Edit(place, ""),))


def _place(row: int, start: int, end: int) -> Range:
    return Range(Position(row, start + 1), Position(row, end + 1))


RULE = Rule(
    code="POOL900",
    name="unused-suppression",
    level=Level.WARNING,
    summary="a suppression silences nothing",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
)
