"""What a file is for, by its outline: a test module, or a program that runs from top to bottom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pool_lint.syntax.outline import Part

_TEST_LIBRARIES = frozenset(("pytest", "unittest", "pytest_asyncio"))
_TEST = re.compile(r"test_\w|Test[A-Z_]|Test\Z").match
_FIXTURE = re.compile(r"@(?:pytest\.|pytest_asyncio\.)?fixture\b").match
# A statement that runs a function and ends with it.
_RUN = re.compile(
    r"(?:await[ \t]+|sys\.exit\(|exit\(|raise[ \t]+SystemExit\()?"
    r"(?:(?:asyncio|anyio|trio|uvloop)\.run\(\s*|[\w.()]*\.run_until_complete\(\s*|(?=(?:async_)?main\())"
    r"(\w+)"
).match
_PARSER = re.compile(r"\w+[ \t]*=[ \t]*(?:argparse\.)?ArgumentParser\(").match
_WORKS = re.compile(r"(?:async[ \t]+)?with[ \t][^\n]*(?:\.connect\(|\.begin\(|Session\w*\()").match
# Makes what serves requests, or whose functions do.
_SERVES = re.compile(
    r"\w+[ \t]*(?::[^\n=]*)?=[ \t]*(?:\w+\.)*"
    r"(?:FastAPI|APIRouter|Flask|Blueprint|Starlette|Quart|Sanic|Litestar|Celery)\("
).match
# The same below a ``try`` or in a loop, and a connection that is only asked for.
_WORKS_BELOW = re.compile(
    r"^[ \t]+(?:(?:async[ \t]+)?with[ \t][^\n]*(?:\.connect\(|\.begin\(|Session\w*\()"
    r"|[\w.]+\.(?:connect|raw_connection)\(\)[ \t\r]*$)",
    re.MULTILINE,
).search


def is_test(parts: list[Part]) -> bool:
    """Whether a file defines tests or fixtures of tests and imports what runs them, or mocks.

    Args:
        parts: the top-level statements of the file.
    """
    paths = {path for part in parts for path in part.paths.values()}
    mocks = any(path.startswith("unittest.mock") for path in paths)
    if mocks and not any(part.kind == "other" and _SERVES(part.text) for part in parts):
        return True
    return any(path.partition(".")[0] in _TEST_LIBRARIES for path in paths) and any(
        (part.kind in ("def", "class") and any(_TEST(name) for name in part.names))
        or (part.kind == "def" and _FIXTURE(part.text))
        for part in parts
    )


def programs(parts: list[Part]) -> frozenset[str] | None:
    """The functions that a file runs as soon as it is run itself.

    Args:
        parts: the top-level statements of the file.

    Returns:
        Their names; None where the file is no program that ends with its last statement.
    """
    others = [part for part in parts if part.kind == "other"]
    found = [match[1] for part in others if (match := _RUN(part.text))]
    if found or any(_PARSER(part.text) for part in others):
        return frozenset(found)
    kinds = {part.kind for part in parts}
    speaks = any(part.text.startswith("print(") for part in others) and _runs_itself(parts)
    if kinds <= ({"other", "import", "def"} if speaks else {"other", "import"}) and any(
        _WORKS(part.text) or _WORKS_BELOW(part.text) for part in others
    ):
        return frozenset()
    return None


def _runs_itself(parts: list[Part]) -> bool:
    """Whether all functions of a file are there for the file itself."""
    return all(
        any(name in other.text for name in part.names for other in parts if other is not part)
        for part in parts
        if part.kind == "def"
    )
