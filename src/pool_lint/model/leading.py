"""The tests that lead to a place: those of the branches around it, and of the ways out before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

import libcst as cst

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LEAVING = (cst.Return, cst.Raise, cst.Continue, cst.Break)


def tests_leading_to(
    node: cst.CSTNode,
    parents: Mapping[int, cst.CSTNode],
    within: tuple[type[cst.CSTNode], ...] = (cst.FunctionDef, cst.ClassDef),
) -> Iterator[tuple[cst.BaseExpression, bool]]:
    """The tests that stand between the beginning of a function and a node, innermost first.

    Args:
        node: what is done.
        parents: of each node the one around it, by its identity.
        within: what ends the search.

    Returns:
        Each test, and whether it holds where the node is reached.
    """
    child, parent = node, parents.get(id(node))
    while parent is not None and not isinstance(parent, within):
        if isinstance(parent, (cst.If, cst.IfExp)):
            if child is parent.body or child is parent.orelse:
                yield parent.test, child is parent.body
        elif isinstance(parent, (cst.IndentedBlock, cst.Module)):
            for statement in parent.body:
                if statement is child:
                    break
                if is_guard(statement):
                    yield statement.test, False
        child, parent = parent, parents.get(id(parent))


def is_guard(statement: cst.CSTNode) -> TypeGuard[cst.If]:
    """Whether a statement is an ``if`` that nothing goes on from: ``if not url: return``."""
    if not isinstance(statement, cst.If) or statement.orelse is not None:
        return False
    last = statement.body.body[-1] if statement.body.body else None
    if isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1]
    return isinstance(last, _LEAVING)
