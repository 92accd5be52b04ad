"""What POOL401, POOL402 and POOL403 say alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model import mending, moving
from pool_lint.model.report import Remark

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.findings import Fix
    from pool_lint.model.events import SlowCall
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.waits import Wait
    from pool_lint.syntax.tree import Tree


def described(call: SlowCall) -> str:
    """A slow call as the subject of a sentence."""
    return f"`{call.label}()`"


def remarks(wait: Wait, model: ModuleModel) -> tuple[Remark, ...]:
    """Where the connection was taken, what else waits, and where it is given back."""
    found = []
    if wait.since is not None:
        found.append(Remark(wait.since, "the connection is taken here"))
    for event in (wait.first, *wait.others):
        if event is not wait.first:
            found.append(Remark(event.call.node, f"{described(event.call)} also waits"))
        if event.call.inner is not None:
            found.append(Remark(event.call.inner, f"{described(event.call)} waits here"))
    found.extend(
        Remark(node, f"the connection is given back {_when(node, model)}") for node in wait.until
    )
    return tuple(found)


def _when(node: cst.CSTNode, model: ModuleModel) -> str:
    """A block is pointed at by what it enters, and gives back at its end."""
    if isinstance(model.names.parents.get(id(node)), cst.WithItem):
        return "when this block ends"
    return "when this loop ends" if isinstance(node, cst.For) else "here"


def mended(wait: Wait, model: ModuleModel) -> Callable[[Tree], Fix | None] | None:
    """Move the slow end of a block behind the block, or show where a commit would help."""
    if wait.tail is not None:
        return moving.move_behind(wait.tail)
    return moving.commit_before(wait, model.names)


def move_before(wait: Wait, model: ModuleModel) -> Callable[[Tree], Fix | None] | None:
    """Move a call that begins its block in front of the block."""
    names = model.names
    statement = names.enclosing(wait.first.call.node, cst.SimpleStatementLine)
    suite = names.parents.get(id(statement)) if statement is not None else None
    block = names.parents.get(id(suite)) if suite is not None else None
    if (
        statement is None
        or not isinstance(suite, cst.IndentedBlock)
        or not isinstance(block, cst.With)
        or suite.body[0] is not statement
        or len(suite.body) < 2
    ):
        return None
    return mending.move_out(statement, block, "Move the call in front of the block")
