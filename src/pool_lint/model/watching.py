"""Watchers: what a rule needs to know of a function while it is being followed.

The flow knows names, paths and conditions.  What only some rules ask for (which writes nobody has
committed, which tasks have been started with a session) is kept by watchers, each in a module of
its own.  The flow tells them what happens in the order in which it happens, once for every path and
every round of a loop; what depends on the path a watcher keeps in the facts of the flow's state,
which part and meet with the paths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import libcst as cst

    from pool_lint.model.analysis import Analysis
    from pool_lint.model.flow import Flow
    from pool_lint.model.states import Condition, State
    from pool_lint.model.values import Foreign, Function, Resource, Value


class Watcher:
    """Is told what happens; this one does not care.  A subclass defines what it wants to hear.

    Args:
        flow: the function that is followed.
    """

    def __init__(self, flow: Flow) -> None:
        self.flow = flow

    def created(self, resource: Resource) -> None:
        """A session or connection came to be."""

    def happened(
        self, subject: Resource, effect: str, node: cst.CSTNode, before: Condition, after: Condition
    ) -> None:
        """An effect of :mod:`pool_lint.model.states` on a session or connection."""

    def helped(
        self, subject: Resource, inner: Resource, function: Function, node: cst.Call
    ) -> None:
        """A function that is called works with a resource, which it knows as ``inner``."""

    def method(self, subject: Resource, name: str, node: cst.CSTNode, result: Value) -> None:
        """A method of a resource runs: where it is called, or awaited if it is a coroutine."""

    def called(self, callee: Value, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        """Anything is called; ``values`` are its arguments in order."""

    def running(self, function: Function, summary: Analysis, node: cst.Call) -> None:
        """The same, before anything of it has happened; ``summary`` is what will."""

    def raised(self, node: cst.Raise) -> None:
        """An exception is about to be raised."""

    def ran(self, function: Function, node: cst.Call) -> None:
        """A function of the project runs: where it is called, or awaited if it is a coroutine."""

    def unread(self, function: Foreign, node: cst.Call) -> None:
        """The same for a function of another module that nobody has read."""

    def awaited(self, value: Value, node: cst.Await) -> None:
        """Anything is awaited, and has run."""

    def entered(self, value: Value, node: cst.BaseExpression, block: cst.With) -> None:
        """A ``with`` block begins; ``node`` is the expression of its item."""

    def left(self, value: Value, node: cst.BaseExpression, block: cst.With, kind: str) -> None:
        """A ``with`` block is left, normally ("") or by raise, return, break or continue."""

    def read(self, value: Value, node: cst.CSTNode) -> None:
        """An attribute of ``value`` is read, or an item."""

    def iterated(self, value: Value, node: cst.For) -> None:
        """A ``for`` loop begins over ``value``."""

    def bound(self, target: cst.BaseExpression, value: Value) -> None:
        """A value is assigned to a name, an attribute or an item."""

    def yielded(self, value: Value, node: cst.Yield) -> None:
        """A generator hands on a value, and waits for as long as its caller likes."""

    def returned(self, value: Value, node: cst.Return) -> None:
        """A function returns a value."""

    def caught(self, handler: cst.ExceptHandler | cst.ExceptStarHandler) -> None:
        """A handler begins."""

    def cleaning(self, final: cst.Finally) -> None:
        """A ``finally`` begins, whatever has led there."""

    def ended(self, ends: dict[str, State | None]) -> None:
        """The function is over: the state in which it returns ("") and in which it raises.

        That in which it comes to its end without a ``return`` is "through".
        """


_HOOKS = (
    "created", "happened", "helped", "method", "called", "running", "raised", "ran", "unread", "awaited", "entered",
    "left", "read", "iterated", "bound", "yielded", "returned", "caught", "cleaning", "ended",
)  # fmt: skip


class Watch:
    """All watchers of a function, by what they want to hear."""

    __slots__ = _HOOKS

    created: list[Callable[[Resource], None]]
    happened: list[Callable[[Resource, str, cst.CSTNode, Condition, Condition], None]]
    helped: list[Callable[[Resource, Resource, Function, cst.Call], None]]
    method: list[Callable[[Resource, str, cst.CSTNode, Value], None]]
    called: list[Callable[[Value, cst.Call, Sequence[Value], Value], None]]
    running: list[Callable[[Function, Analysis, cst.Call], None]]
    raised: list[Callable[[cst.Raise], None]]
    ran: list[Callable[[Function, cst.Call], None]]
    unread: list[Callable[[Foreign, cst.Call], None]]
    awaited: list[Callable[[Value, cst.Await], None]]
    entered: list[Callable[[Value, cst.BaseExpression, cst.With], None]]
    left: list[Callable[[Value, cst.BaseExpression, cst.With, str], None]]
    read: list[Callable[[Value, cst.CSTNode], None]]
    iterated: list[Callable[[Value, cst.For], None]]
    bound: list[Callable[[cst.BaseExpression, Value], None]]
    yielded: list[Callable[[Value, cst.Yield], None]]
    returned: list[Callable[[Value, cst.Return], None]]
    caught: list[Callable[[cst.ExceptHandler | cst.ExceptStarHandler], None]]
    cleaning: list[Callable[[cst.Finally], None]]
    ended: list[Callable[[dict[str, State | None]], None]]

    def __init__(self, kinds: Sequence[type[Watcher]], flow: Flow) -> None:
        watchers = [kind(flow) for kind in kinds]
        for hook in _HOOKS:
            setattr(self, hook, [])
        for watcher in watchers:
            for hook in _heard(type(watcher)):
                getattr(self, hook).append(getattr(watcher, hook))


_HEARD: dict[type[Watcher], tuple[str, ...]] = {}


def _heard(kind: type[Watcher]) -> tuple[str, ...]:
    """What a kind of watcher wants to hear."""
    found = _HEARD.get(kind)
    if found is None:
        ignored: Any = Watcher
        hooks = (hook for hook in _HOOKS if getattr(kind, hook) is not getattr(ignored, hook))
        found = _HEARD[kind] = tuple(hooks)
    return found
