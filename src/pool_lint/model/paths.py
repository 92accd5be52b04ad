"""The paths of a function: where they part, where they meet, and how they leave a construct."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model import operations
from pool_lint.model.assignments import bind
from pool_lint.model.flow import Flow
from pool_lint.model.states import State, meet
from pool_lint.model.values import UNKNOWN, Bundle, Coroutine, Manager, Value, join

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo


class Frame:
    """Where paths are caught that leave a construct: by kind, the state they leave with.

    At the frame of the whole function nobody reads names any more, only conditions and facts.
    """

    __slots__ = ("is_last", "pending", "seen")

    def __init__(self, is_last: bool = False) -> None:
        self.pending: dict[str, State | None] = {}
        self.seen: tuple[State, int] | None = None
        self.is_last = is_last

    def add(self, kind: str, state: State | None) -> None:
        self.pending[kind] = meet(self.pending.get(kind), state)


class Paths(Flow):
    """A flow that can go several ways."""

    def __init__(self, model: ModuleModel, info: FunctionInfo) -> None:
        super().__init__(model, info, info.scope)
        self.reached = True
        self.frames: list[Frame] = []

    def may_raise(self) -> None:
        frame, state = self.frames[-1], self.state
        version = state.changes if frame.is_last else state.version
        if frame.seen is not None and frame.seen[0] is state and frame.seen[1] == version:
            return
        frame.seen = (state, version)
        frame.add("raise", state.copy())

    def leave(self, kind: str) -> None:
        """The current path ends here and goes on elsewhere."""
        self.frames[-1].add(kind, self.state.copy())
        self.reached = False

    def resume(self, state: State | None) -> None:
        """Go on from ``state``; None where no path leads."""
        self.reached = state is not None
        if state is not None:
            self.state = state

    def run_in_frame(self, work: Callable[[], None]) -> dict[str, State | None]:
        """Do ``work``; all the paths that leave it, the normal one under ""."""
        frame = Frame()
        self.frames.append(frame)
        try:
            work()
        finally:
            self.frames.pop()
        frame.pending[""] = self.state if self.reached else None
        return frame.pending

    def forward(self, pending: dict[str, State | None]) -> None:
        """Send on the paths that leave, and go on with the normal one."""
        for kind, state in pending.items():
            if kind and state is not None:
                self.frames[-1].add(kind, state)
        self.resume(pending.get(""))

    # -- expressions with paths of their own -------------------------------------------------------

    def comprehension(self, node: cst.BaseSimpleComp | cst.DictComp) -> Value:
        clause: cst.CompFor | None = node.for_in
        while clause is not None:
            value = self.value(clause.iter)
            if isinstance(value, Coroutine) and value.subject is not None:
                self.drop(value, "iterated", clause.iter)
            bind(self, clause.target, operations.iterated(value))
            for condition in clause.ifs:
                self.value(condition.test)
            clause = clause.inner_for_in
        if isinstance(node, cst.DictComp):
            self.value(node.key)
            value = self.value(node.value)
        else:
            value = self.value(node.elt)
        if isinstance(value, (Coroutine, Manager, Bundle)):
            return Bundle((value,))
        return UNKNOWN

    def conditional(self, node: cst.IfExp) -> Value:
        self._used(node.test, "truth")
        before = self.state.copy()
        first = self.value(node.body)
        after = self.state
        self.state = before
        second = self.value(node.orelse)
        self.resume(meet(after, self.state))
        return join(first, second)

    def boolean(self, node: cst.BooleanOperation) -> Value:
        left = (
            self._used(node.left, "truth")
            if isinstance(node.operator, cst.And)
            else self.value(node.left)
        )
        before = self.state.copy()
        right = self.value(node.right)
        self.resume(meet(before, self.state))
        return join(left, right) if isinstance(node.operator, cst.Or) else right
