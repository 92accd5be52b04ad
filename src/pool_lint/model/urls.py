"""The URL of an engine as it is written: its scheme, its options, and the literal they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.values import Const, Text
from pool_lint.syntax.walk import dotted, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.creations import Creation
    from pool_lint.model.names import Scope

Literal = cst.SimpleString | cst.FormattedString
# Stands for what is not known in a URL.
HOLE = "\0"
_WRAPPERS = ("str", "make_url", "create", "render_as_string")
_MAX_STEPS = 4


def text_of_url(creation: Creation) -> str | None:
    """The URL with :data:`HOLE` for what is not known; None where its scheme is not known."""
    url = creation.keywords.get("url")
    if isinstance(url, Const) and isinstance(url.value, str):
        text = url.value
    elif isinstance(url, Text):
        text = "".join(HOLE if part is None else part for part in url.parts)
    else:
        return None
    scheme = text.partition("://")[0]
    return text if "://" in text and scheme and HOLE not in scheme else None


def scheme_of(url: str) -> str:
    """``postgresql+asyncpg`` of a URL."""
    return url.partition("://")[0]


def options_of(url: str) -> Iterator[tuple[str, str]]:
    """The options behind the question mark; those whose name is not known are left out."""
    for option in url.partition("?")[2].split("&"):
        name, sign, value = option.partition("=")
        if sign and name and HOLE not in name:
            yield name, value


def database_of(url: str) -> str:
    """What comes after the host, without options."""
    return url.partition("://")[2].partition("?")[0].partition("/")[2]


def literals_of(node: cst.CSTNode, scope: Scope) -> list[Literal]:
    """The pieces of text that a URL is written with, here or in the constant that it is.

    Args:
        node: the argument.
        scope: where it stands.

    Returns:
        The literals in order; none where a URL comes from elsewhere.
    """
    source = origin_of(node, scope)
    if isinstance(source, (cst.SimpleString, cst.FormattedString)):
        return [source]
    if isinstance(source, cst.ConcatenatedString):
        return [n for n in walk(source) if isinstance(n, (cst.SimpleString, cst.FormattedString))]
    return []


def origin_of(node: cst.CSTNode, scope: Scope) -> cst.CSTNode:
    """The expression behind a name that is bound once, and behind what only hands it on."""
    for _ in range(_MAX_STEPS):
        if isinstance(node, cst.Call) and node.args and not node.args[0].star:
            if (dotted(node.func) or "").rpartition(".")[2] not in _WRAPPERS:
                return node
            node = node.args[0].value
        elif isinstance(node, cst.Name):
            home = scope.find(node.value)
            bindings = home.names[node.value] if home is not None else []
            if len(bindings) != 1 or bindings[0].kind != "assign":
                return node
            node, scope = bindings[0].node, bindings[0].scope
        else:
            return node
    return node
