"""Where the statements of a loop stand: within which attempt, and before or after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.names import Names

_LOOPS = (cst.For, cst.While)


def is_within(node: cst.CSTNode, region: cst.CSTNode, names: Names) -> bool:
    """Whether a node is another one, or stands in it."""
    return any(one is region for one in _above(node, names))


def loop_of(node: cst.CSTNode, names: Names) -> cst.For | cst.While | None:
    """The loop around a node, within its function."""
    found = names.enclosing(node, *_LOOPS, cst.FunctionDef)
    return found if isinstance(found, _LOOPS) else None


def is_attempted(node: cst.CSTNode, handler: cst.CSTNode, names: Names) -> bool:
    """Whether a node stands in the ``try`` that a handler belongs to."""
    attempt = names.parents.get(id(handler))
    return isinstance(attempt, cst.Try) and is_within(node, attempt.body, names)


def comes_first(node: cst.CSTNode, handler: cst.CSTNode, names: Names) -> bool:
    """Whether a round of the loop comes by ``node`` before it comes to the handler's ``try``."""
    loop = loop_of(handler, names)
    if loop is None or not is_within(node, loop.body, names):
        return False
    above = list(_above(handler, names))
    for one in _above(node, names):
        body = getattr(names.parents.get(id(one)), "body", None)
        if not isinstance(body, (tuple, list)):
            continue
        other = next((step for step in above if any(step is part for part in body)), None)
        if other is not None:
            order = [id(part) for part in body]
            return order.index(id(one)) < order.index(id(other))
    return False


def _above(node: cst.CSTNode, names: Names) -> Iterator[cst.CSTNode]:
    current: cst.CSTNode | None = node
    while current is not None:
        yield current
        current = names.parents.get(id(current))


def ends_with_success(attempt: cst.Try, names: Names) -> bool:
    """Whether all rounds of a loop are alike, and one that went well is the last."""
    loop = loop_of(attempt, names)
    if loop is None or (isinstance(loop, cst.For) and not _counts(loop.iter)):
        return False
    parts = [attempt.body, *([attempt.orelse] if attempt.orelse is not None else [])]
    if any(isinstance(node, (cst.Return, cst.Break)) for part in parts for node in walk(part)):
        return True
    suite = loop.body.body
    place = next((i for i, one in enumerate(suite) if one is attempt), len(suite))
    return any(
        isinstance(inner, (cst.Return, cst.Break))
        for one in suite[place + 1 :]
        if isinstance(one, cst.SimpleStatementLine)
        for inner in one.body
    )


def _counts(node: cst.BaseExpression) -> bool:
    """``range(3)``, ``itertools.count()``."""
    name = node.func if isinstance(node, cst.Call) else None
    name = name.attr if isinstance(name, cst.Attribute) else name
    return isinstance(name, cst.Name) and name.value in ("range", "count")
