"""What POOL405 and POOL406 say alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.report import Remark

if TYPE_CHECKING:
    from pool_lint.model.fates import LostWrites
    from pool_lint.model.module import ModuleModel


def remarks(event: LostWrites, model: ModuleModel) -> tuple[Remark, ...]:
    """What is written, and where it is lost."""
    found = [Remark(node, "this is never committed") for node in event.nodes]
    closed = event.closed
    if closed is not None and not isinstance(model.names.parents.get(id(closed)), cst.WithItem):
        found.append(Remark(closed, "and lost here"))
    return tuple(found)
