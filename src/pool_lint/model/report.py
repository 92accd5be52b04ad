"""What a rule says about the tree, before anybody knows where in the text that is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import libcst as cst

    from pool_lint.findings import Fix, Level
    from pool_lint.syntax.tree import Tree


@dataclass(frozen=True)
class Remark:
    """A note of a report: a node and what is to be said of it."""

    node: cst.CSTNode
    message: str


@dataclass(frozen=True)
class Report:
    """A finding in terms of nodes.

    Attributes:
        node: where the mistake is.
        message: what is wrong, one sentence without a final stop.
        help: what to write instead.
        notes: the other places that matter.
        level: where it differs from the rule's own.
        fix: gives the fix when asked, or None where this one cannot be mended.
    """

    node: cst.CSTNode
    message: str
    help: str = ""
    notes: tuple[Remark, ...] = field(default=())
    level: Level | None = None
    fix: Callable[[Tree], Fix | None] | None = None
