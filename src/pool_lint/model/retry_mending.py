"""Fixes for handlers that try again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability
from pool_lint.model import mending
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.findings import Fix
    from pool_lint.model.names import Names
    from pool_lint.model.retrying import TriedAgain
    from pool_lint.syntax.tree import Tree


def roll_back(event: TriedAgain, names: Names) -> Callable[[Tree], Fix | None] | None:
    """Make ``rollback()`` the first statement of the handler."""
    handler, call = event.handler, event.work
    owner = (
        call.func.value
        if isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute)
        else None
    )
    name = dotted(owner) if owner is not None else None
    if handler is None or name is None or event.subject.is_async is None:
        return None
    if not isinstance(handler.body, cst.IndentedBlock) or event.is_helped:
        return None
    word = "await " if event.subject.is_async else ""
    text = f"{word}{name}.rollback()"
    return mending.insert_line_before(
        handler.body.body[0], text, f"Write `{text}` in the handler", Applicability.UNSAFE
    )
