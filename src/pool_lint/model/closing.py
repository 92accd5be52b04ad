"""Where a function closes an engine that it has, and whether every path comes by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.trying import catches_everything
from pool_lint.syntax.walk import dotted, walk

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo

ENDS = frozenset(("dispose", "close", "terminate"))


class Closing:
    """The ways in which a function may close one engine or pool.

    Args:
        info: the function.
        model: its module.
    """

    def __init__(self, info: FunctionInfo, model: ModuleModel) -> None:
        self.info = info
        self.model = model
        self.stored: list[cst.BaseExpression] = []
        self._names: set[str] = set()
        self._items: list[cst.Subscript] = []
        self._helpers: list[cst.Call] = []

    def add(self, target: cst.BaseExpression) -> str | None:
        """Take in another name of the engine, and give it as text if it is one."""
        name = dotted(target)
        if name is not None:
            self._names.add(name)
            return name
        if isinstance(target, cst.Subscript):
            self._items.append(target)
            return "it"
        return None

    def _is_it(self, node: cst.BaseExpression) -> bool:
        name = dotted(node)
        if name is not None:
            return name in self._names or name.removesuffix(".sync_engine") in self._names
        return any(node.deep_equals(item) for item in self._items)

    def calls(self) -> list[cst.Call]:
        """The calls that close it, in order."""
        found = list(self._helpers)
        for call in self.info.calls:
            func = call.func
            if not isinstance(func, cst.Attribute) or func.attr.value not in ENDS:
                continue
            if self._is_it(func.value):
                found.append(call)
        return found

    def is_closed_by(self, call: cst.Call, node: cst.Name) -> bool:
        """``await shut(engine)``: whether a function of the module closes what it is given."""
        scope = self.model.names.scope_at(call)
        target = self.model.graph.target(call, scope)
        if target is None:
            return False
        for param in target.params:
            if target.argument_of(param, call) is node:
                inner = Closing(target, self.model)
                inner.add(param.name)
                if inner.calls():
                    self._helpers.append(call)
                    return True
        return False

    def is_handed_on(self, creation: cst.Call) -> bool:
        """Whether what it is kept on is given to somebody who may close it."""
        roots = {(dotted(target) or "").partition(".")[0] for target in self.stored}
        roots |= {dotted(item.value) or "" for item in self._items}
        roots.discard("")
        for call in self.info.calls:
            if call is creation:
                continue
            for arg in call.args:
                name = dotted(arg.value)
                if name is not None and (name in roots or name in self._names and "." in name):
                    return True
        return any(
            isinstance(node, cst.Attribute)
            and node.attr.value in ENDS
            and self._is_it(node.value)
            and not self._is_called(node)
            for node in walk(self.info.node.body)
        )

    def _is_called(self, node: cst.Attribute) -> bool:
        parent = self.model.names.parents.get(id(node))
        return isinstance(parent, cst.Call) and parent.func is node


def references(name: str, info: FunctionInfo) -> Iterator[cst.Name]:
    """Every place in a function's body, and in what is nested there, that says a name."""
    for node in walk(info.node.body):
        if type(node) is cst.Name and node.value == name:
            yield node


def is_certain(
    calls: list[cst.Call], creation: cst.Call, info: FunctionInfo, model: ModuleModel
) -> bool:
    """Whether one of the calls runs on every path from the creation to the end."""
    parents = model.names.parents
    in_wide_handler = False
    elsewhere = False
    for call in calls:
        if model.names.enclosing(call, cst.Finally, cst.FunctionDef) is not info.node:
            return True
        handler = model.names.enclosing(call, cst.ExceptHandler, cst.FunctionDef)
        if isinstance(handler, cst.ExceptHandler):
            in_wide_handler = in_wide_handler or catches_everything(handler)
        else:
            elsewhere = True
            if _follows_closely(call, creation, parents):
                return True
    return in_wide_handler and elsewhere


def _follows_closely(call: cst.Call, creation: cst.Call, parents: dict[int, cst.CSTNode]) -> bool:
    """Whether nothing between the creation and the call can raise, leave or be interrupted."""
    block, first = _place(creation, parents)
    other, last = _place(call, parents)
    if other is not block or block is None or first is None or last is None:
        return False
    statements = list(getattr(block, "body", ()))
    between = statements[statements.index(first) + 1 : statements.index(last)]
    return all(_is_caught(statement) or _is_calm(statement) for statement in between)


def _place(
    node: cst.CSTNode, parents: dict[int, cst.CSTNode]
) -> tuple[cst.CSTNode | None, cst.CSTNode | None]:
    """The suite and the statement that a node stands in."""
    child: cst.CSTNode = node
    parent = parents.get(id(node))
    while parent is not None and not isinstance(parent, (cst.IndentedBlock, cst.Module)):
        child, parent = parent, parents.get(id(parent))
    return parent, child


def _is_caught(statement: cst.CSTNode) -> bool:
    """``try`` with a handler for everything, which goes on behind it."""
    if not isinstance(statement, cst.Try):
        return False
    if not any(catches_everything(handler) for handler in statement.handlers):
        return False
    return not any(isinstance(node, (cst.Raise, cst.Return)) for node in walk(statement))


def _is_calm(statement: cst.CSTNode) -> bool:
    return not any(
        isinstance(node, (cst.Call, cst.Await, cst.Yield, cst.Return, cst.Raise, cst.With))
        for node in walk(statement)
    )
