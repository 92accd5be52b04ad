"""The paths of a function: where they part, where they meet, and how they leave a construct."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model import comprehensions
from pool_lint.model.deciding import decide, operands, parted
from pool_lint.model.flow import Flow
from pool_lint.model.states import State, meet
from pool_lint.model.values import UNKNOWN, Value, join

if TYPE_CHECKING:
    from pool_lint.model.loops import Memory
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo


class Frame:
    """Where paths are caught that leave a construct: by kind, the state they leave with.

    At the frame of the whole function nobody reads names any more, only conditions and facts.
    """

    __slots__ = ("_last", "is_last", "pending", "seen")

    def __init__(self, is_last: bool = False) -> None:
        self.pending: dict[str, State | None] = {}
        self._last: dict[str, State] = {}
        self.seen: tuple[State, int] | None = None
        self.is_last = is_last

    def add(self, kind: str, state: State) -> None:
        """One more path of a kind; its state is not to be changed afterwards."""
        if self.is_last:
            state = state.nameless()
        met, last = self.pending.get(kind), self._last.get(kind)
        # What has not changed since the last path of this kind is taken in already.
        if met is None or last is None:
            self.pending[kind] = state.copy()
        else:
            met.take_in(state, last)
        self._last[kind] = state


class Paths(Flow):
    """A flow that can go several ways."""

    def __init__(self, model: ModuleModel, info: FunctionInfo) -> None:
        super().__init__(model, info, info.scope)
        self.reached = True
        self.frames: list[Frame] = []
        self.loops: dict[tuple[int, tuple[str, ...]], Memory] = {}
        # On which kinds of ways out the flow is inside of a ``finally``.
        self.context: tuple[str, ...] = ()

    def may_raise(self) -> None:
        if not self.reached:
            return
        frame, state = self.frames[-1], self.state
        version = state.changes if frame.is_last else state.version
        if frame.seen is not None and frame.seen[0] is state and frame.seen[1] == version:
            return
        frame.seen = (state, version)
        # What names stand for the last frame does not keep, and copies the rest itself.
        frame.add("raise", state if frame.is_last else state.copy())

    def leave(self, kind: str) -> None:
        """The current path ends here and goes on elsewhere; nowhere if ``kind`` is empty."""
        if self.reached and kind:
            frame = self.frames[-1]
            frame.add(kind, self.state if frame.is_last else self.state.copy())
        self.reached = False

    def resume(self, state: State | None) -> None:
        """Go on from ``state``; None where no path leads."""
        self.reached = state is not None
        if state is not None:
            self.state = state

    def rejoin(self, before: State) -> None:
        self.resume(meet(before, self.here))

    @property
    def here(self) -> State | None:
        """The state of the current path; None where there is none."""
        return self.state if self.reached else None

    def part(self) -> None:
        """From here on everything that leaves is caught, until :meth:`caught`."""
        self.frames.append(Frame())

    def caught(self) -> dict[str, State | None]:
        """All the paths that left since the last :meth:`part`, the normal one under ""."""
        pending = self.frames.pop().pending
        pending[""] = self.here
        return pending

    def run_in_frame(self, work: Callable[[], None]) -> dict[str, State | None]:
        """Do ``work``; all the paths that leave it, the normal one under ""."""
        self.part()
        work()
        return self.caught()

    def forward(self, pending: dict[str, State | None]) -> None:
        """Send on the paths that leave, and go on with the normal one."""
        for kind, state in pending.items():
            if kind and state is not None:
                self.frames[-1].add(kind, state)
        self.resume(pending.get(""))

    def assumed(self, node: cst.BaseExpression) -> bool | None:
        """What is taken for granted of a test on the paths that are followed now."""
        return None

    # -- expressions with paths of their own -------------------------------------------------------

    def comprehension(self, node: cst.BaseSimpleComp | cst.DictComp) -> Value:
        return comprehensions.evaluate(self, node)

    def conditional(self, node: cst.IfExp) -> Value:
        yes, no = decide(self, node.test)
        values: list[Value] = []
        ends: State | None = None
        for state, branch in ((yes, node.body), (no, node.orelse)):
            self.resume(state)
            if self.reached:
                values.append(self.value(branch))
            ends = meet(ends, self.here)
        self.resume(ends)
        if not values:
            return UNKNOWN
        return values[0] if len(values) == 1 else join(values[0], values[1])

    def boolean(self, node: cst.BooleanOperation) -> Value:
        is_or = isinstance(node.operator, cst.Or)
        ends: State | None = None
        result: Value | None = None
        *first, last = operands(node)
        for operand in first:
            value = self.value(operand) if is_or else self.used(operand, "truth")
            result = value if result is None or not is_or else join(result, value)
            yes, no = parted(self, operand, value)
            ends = meet(ends, yes if is_or else no)
            self.resume(no if is_or else yes)
            if not self.reached:
                self.resume(ends)
                return result
        value = self.value(last)
        self.resume(meet(ends, self.here))
        return join(result, value) if is_or and result is not None else value

    def negation(self, node: cst.UnaryOperation) -> Value:
        if isinstance(node.operator, cst.Not):
            yes, no = decide(self, node)
            self.resume(meet(yes, no))
            return UNKNOWN
        return super().negation(node)

    def comparison(self, node: cst.Comparison) -> Value:
        """``a < b < c`` asks for ``c`` only if ``a < b``."""
        self.used(node.left, "truth")
        ends: State | None = None
        for target in node.comparisons:
            self.value(target.comparator)
            if target is not node.comparisons[-1] and self.reached:
                ends = meet(ends, self.state.copy())
        self.resume(meet(ends, self.here))
        return UNKNOWN
