"""What names stand for where a block ends: what cannot be used behind it any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pool_lint.model.values import (
    ENGINE,
    FACTORY,
    POOL,
    Coroutine,
    Entity,
    Manager,
    Resource,
    Stream,
    Value,
)  # fmt: skip
from pool_lint.model.watching import Watcher

if TYPE_CHECKING:
    import libcst as cst

# What is as good outside of a block as it is inside.
LASTING = frozenset((ENGINE, FACTORY, POOL))


class BlockEnd:
    """The names at the end of a ``with`` block.

    Attributes:
        block: the block.
        bound: names of sessions, connections, results and what else belongs to them.
        entities: names of mapped objects.
    """

    __slots__ = ("block", "bound", "entities")

    def __init__(self, block: cst.With) -> None:
        self.block = block
        self.bound: set[str] = set()
        self.entities: set[str] = set()


class BlockWatcher(Watcher):
    """Notes the end of every block."""

    def left(self, value: Value, node: cst.BaseExpression, block: cst.With, kind: str) -> None:
        if kind not in ("", "return"):
            return
        known = self.flow.events.noted_under(BlockEnd, id(block))
        end = known if known is not None else BlockEnd(block)
        self.flow.events.note(id(block), end)
        for name, known_as in self.flow.state.env.items():
            if isinstance(known_as, Entity):
                end.entities.add(name)
            elif isinstance(known_as, (Manager, Stream, Coroutine)) or (
                isinstance(known_as, Resource) and known_as.kind not in LASTING
            ):
                end.bound.add(name)
