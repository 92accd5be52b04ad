"""Which calls may fail, and which are sure to take a connection."""

from __future__ import annotations

import libcst as cst

from pool_lint.knowledge import slow
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.values import Origin, Value
from pool_lint.syntax.walk import last_word

_LOGGING = frozenset(("debug", "info", "warning", "error", "exception", "critical", "log"))
# Calls that do nothing which could fail.
CALM = frozenset(("begin", "begin_nested", "execution_options", "cursor", "transaction", "add",
                   "query", "expunge", "is_closed"))  # fmt: skip


def surely_takes(node: cst.CSTNode | None) -> bool:
    """Whether a call runs a statement: ``run_sync`` may do anything, and ``merge`` may read nothing."""
    if not isinstance(node, cst.Call):
        return True
    return last_word(node.func) not in ("run_sync", "merge")


def is_calm(callee: Value, node: cst.Call) -> bool:
    """Whether a call does nothing that is likely to fail: it writes a log, or builds a statement."""
    word = last_word(node.func)
    if word in _LOGGING or word in CALM:
        return True
    if isinstance(callee, Origin):
        root = callee.path.partition(".")[0]
        if sa.is_sqlalchemy(callee.path):
            return True
        return root in slow.LOCAL_ROOTS or "." not in callee.path
    return False
