"""Exception handlers: what they catch, and whether the work goes on behind them."""

from __future__ import annotations

import libcst as cst

from pool_lint.knowledge.errors import OF_DATABASE
from pool_lint.syntax.walk import dotted


def covers_database(node: cst.BaseExpression | None) -> bool:
    """Whether ``except node:`` catches an error of the database; a bare one does.

    Args:
        node: what stands behind ``except``.
    """
    if node is None:
        return True
    if isinstance(node, cst.Tuple):
        return any(covers_database(element.value) for element in node.elements)
    return (dotted(node) or "").rpartition(".")[2] in OF_DATABASE


def goes_on(handler: cst.ExceptHandler) -> bool:
    """Whether a handler lets the function go on with what stands around it."""
    last = handler.body.body[-1] if handler.body.body else None
    if isinstance(last, cst.SimpleStatementLine) and last.body:
        return not isinstance(last.body[-1], (cst.Raise, cst.Return, cst.Break))
    return not isinstance(last, (cst.Raise, cst.Return, cst.Break))
