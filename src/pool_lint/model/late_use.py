"""What is used when it has been given back already, and cursors that no transaction carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.conditions import END, START
from pool_lint.model.values import (
    POOL_CONNECTION,
    SESSION,
    TRANSACTION,
    Const,
    Manager,
    Resource,
    Value,
)
from pool_lint.model.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pool_lint.model.flow import Flow
    from pool_lint.model.states import Condition

_USES = ("sql", "listen", START)
_INSIDE = "inside"
_PERHAPS = "perhaps"


class UsedAfterRelease:
    """A connection of asyncpg's that is used when it has been released or closed.

    Attributes:
        node: the use.
        subject: the connection.
        released: where it was given back.
    """

    __slots__ = ("node", "released", "subject")

    def __init__(self, node: cst.CSTNode, subject: Resource, released: cst.CSTNode) -> None:
        self.node = node
        self.subject = subject
        self.released = released


class ReturnedFromBlock:
    """A session that a function returns out of the block that closes it.

    Attributes:
        node: the ``return``.
        subject: the session.
        block: the expression that the block enters.
    """

    __slots__ = ("block", "node", "subject")

    def __init__(self, node: cst.Return, subject: Resource, block: cst.CSTNode) -> None:
        self.node = node
        self.subject = subject
        self.block = block


class LooseCursor:
    """A cursor of asyncpg's that is opened where no transaction can be."""

    __slots__ = ("node", "subject")

    def __init__(self, node: cst.CSTNode, subject: Resource) -> None:
        self.node = node
        self.subject = subject


class LateUse(Watcher):
    """Notices uses that come too late."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._released: dict[int, cst.CSTNode] = {}
        self._timely: set[int] = set()
        self._open: dict[int, cst.CSTNode] = {}

    def happened(
        self, subject: Resource, effect: str, node: cst.CSTNode, before: Condition, after: Condition
    ) -> None:
        if subject.kind != POOL_CONNECTION:
            return
        site = id(subject.site)
        if effect == "close":
            self._released.setdefault(site, node)
        elif effect.startswith(_USES):
            if not before.is_closed or site not in self._released:
                self._timely.add(id(node))
                self.flow.events.forget(UsedAfterRelease, id(node))
            elif id(node) not in self._timely:
                event = UsedAfterRelease(node, subject, self._released[site])
                self.flow.events.note(id(node), event)

    # -- sessions out of their block -----------------------------------------------------------

    def entered(self, value: Value, node: cst.BaseExpression, block: cst.With) -> None:
        session = value.entered if isinstance(value, Manager) else value
        if isinstance(session, Resource) and session.kind == SESSION and session.site is node:
            self._open[id(session.site)] = node

    def left(self, value: Value, node: cst.BaseExpression, block: cst.With, kind: str) -> None:
        self._open.pop(id(node), None)

    def returned(self, value: Value, node: cst.Return) -> None:
        if not isinstance(value, Resource) or not isinstance(node.value, cst.Name):
            return
        if id(value.site) in self._open:
            event = ReturnedFromBlock(node, value, self._open[id(value.site)])
            self.flow.events.note(id(node), event)


class Cursors(Watcher):
    """Follows where transactions of asyncpg's connections begin and end.

    Only for connections that the function has opened itself is it certain that there is none.
    """

    def method(self, subject: Resource, name: str, node: cst.CSTNode, result: Value) -> None:
        if subject.kind == TRANSACTION and subject.owner is not None:
            self._may_begin(subject.owner)
        elif subject.kind == POOL_CONNECTION and isinstance(node, cst.Call):
            if name == "cursor":
                self._cursor(subject, node)
            elif name == "execute" and not self._is_no_begin(node):
                self._may_begin(subject)

    def happened(
        self, subject: Resource, effect: str, node: cst.CSTNode, before: Condition, after: Condition
    ) -> None:
        if subject.kind != POOL_CONNECTION:
            return
        key = ("transaction", id(subject.site))
        known = self.flow.state.fact(key)
        if effect.startswith(START):
            self.flow.state.note(key, _INSIDE if known == {""} else _PERHAPS)
        elif effect.startswith(END):
            self.flow.state.note(key, "" if known == {_INSIDE} else _PERHAPS)

    def called(self, callee: Value, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        for value in values:
            if isinstance(value, Resource) and value.kind == POOL_CONNECTION:
                self._may_begin(value)
        if isinstance(result, Manager) and result.method == "transaction":
            info = self.flow.info
            around = info.names.parents.get(id(node)) if info is not None else None
            if result.subject is not None and not isinstance(around, cst.WithItem):
                self._may_begin(result.subject)

    def _may_begin(self, subject: Resource) -> None:
        key = ("transaction", id(subject.site))
        if self.flow.state.fact(key) == {""}:
            self.flow.state.note(key, _PERHAPS)

    def _is_no_begin(self, node: cst.Call) -> bool:
        text = self.flow.value(node.args[0].value) if node.args else None
        if not isinstance(text, Const) or not isinstance(text.value, str):
            return False
        return not text.value.lstrip().lower().startswith(("begin", "start"))

    def _cursor(self, subject: Resource, node: cst.Call) -> None:
        site = id(subject.site)
        info = self.flow.info
        parent = info.names.parents.get(id(node)) if info is not None else None
        opens = isinstance(parent, cst.Await) or (
            isinstance(parent, (cst.For, cst.CompFor)) and parent.iter is node
        )
        condition = self.flow.state.conditions.get(site)
        if not opens or site not in self.flow.local or condition is None:
            return
        is_open = not condition.is_closed and not any(a.begun or a.blocks for a in condition.atoms)
        if is_open and self.flow.state.fact(("transaction", site)) == {""}:
            self.flow.events.note(id(node), LooseCursor(node, subject))
        else:
            self.flow.events.forget(LooseCursor, id(node))
