"""What becomes of a session around the ``yield`` of a generator that hands it out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.dependencies import Opened, gives_session, opened
from pool_lint.model.trying import catches_everything
from pool_lint.model.values import Function, Manager
from pool_lint.syntax.walk import children, dotted, walk

if TYPE_CHECKING:
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo

_SUITES = (cst.IndentedBlock, cst.SimpleStatementSuite, cst.SimpleStatementLine)
# Calls that make of a generator function what Depends makes of it.
_DEPENDENCY_CALLS = frozenset(("Depends", "Security", "Provide", "contextmanager",
                               "asynccontextmanager", "next", "anext", "partial"))  # fmt: skip


class Leak:
    """A session that a generator yields and does not close on every way out.

    Attributes:
        info: the generator.
        opened: the session and its ``yield``.
        later: whether it is closed if nothing goes wrong.
    """

    __slots__ = ("info", "later", "opened")

    def __init__(self, info: FunctionInfo, given: Opened, later: bool) -> None:
        self.info = info
        self.opened = given
        self.later = later


def leaks(model: ModuleModel) -> Iterator[Leak]:
    """The sessions that the generators of a module yield and forget."""
    for info in tuple(model.names.functions):
        if not info.is_generator or info.decorators or model.graph.is_quiet(info):
            continue
        for given in opened(info, model.lookup):
            if isinstance(given.node, cst.Yield):
                normal, raised = _ends(given, info, model.lookup)
                if not (normal and raised) and not _is_given_to_stranger(info, model):
                    yield Leak(info, given, normal)


def _is_given_to_stranger(info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether somebody gets the function who may resume it whatever happens: a container."""
    for call, scope in model.names.calls:
        word = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
        if isinstance(word, cst.Name) and word.value in _DEPENDENCY_CALLS:
            continue
        for arg in call.args:
            if isinstance(arg.value, cst.Name) and arg.value.value == info.name:
                value = model.lookup.expression(arg.value, scope)
                if isinstance(value, Function) and value.info is info:
                    return True
    return False


def _ends(given: Opened, info: FunctionInfo, lookup: Lookup) -> tuple[bool, bool]:
    """Whether the session is released when all went well, and when the user of it raised.

    Anything that is done with the session counts: a commit and a rollback give the connection
    back as well, and what a helper does nobody knows.
    """
    if lookup.names.enclosing(given.session.site, cst.WithItem) is not None:
        return True, True
    name = given.name
    if name is None:
        return False, False
    normal = raised = swallowed = False
    for child, current in _above(given.node, info, lookup):
        if isinstance(current, cst.With) and child is current.body:
            if any(_mentions(item.item, name) for item in current.items):
                return True, True
        elif isinstance(current, (cst.Try, cst.TryStar)):
            if current.finalbody is not None and _mentions(current.finalbody, name):
                return True, True
            if child is current.body:
                broad = [handler for handler in current.handlers if catches_everything(handler)]
                raised = raised or any(_mentions(handler.body, name) for handler in broad)
                swallowed = swallowed or any(not _raises(handler.body) for handler in broad)
                normal = normal or (current.orelse is not None and _mentions(current.orelse, name))
        elif any(_mentions(statement, name) for statement in _behind(child, current)):
            normal = True
            raised = raised or swallowed
    return normal, raised


class LeftLoop:
    """A loop over a generator's one session that is left before the generator is finished.

    Attributes:
        loop: the loop.
        info: the function that it stands in.
        generator: the generator's function.
        leave: the first ``return`` or ``break`` that leaves it.
        commit: what is skipped by that; None where nothing is.
        only_returns: whether the loop is left by nothing else and never begun anew.
    """

    __slots__ = ("commit", "generator", "info", "leave", "loop", "only_returns")

    def __init__(
        self, loop: cst.For, info: FunctionInfo, generator: FunctionInfo, lookup: Lookup
    ) -> None:
        jumps = list(_jumps(loop.body))
        name = loop.target.value if isinstance(loop.target, cst.Name) else ""
        leaves = [
            node
            for node in jumps
            if not isinstance(node, cst.Continue) and not _is_settled(node, name, lookup)
        ]
        self.loop = loop
        self.info = info
        self.generator = generator
        self.leave: cst.CSTNode | None = leaves[0] if leaves else None
        self.commit = _skipped_commit(generator)
        self.only_returns = all(isinstance(node, cst.Return) for node in jumps)
        if _commits(loop.body, name) is not None:
            self.commit = None


def left_loops(model: ModuleModel) -> Iterator[LeftLoop]:
    """The loops over a generator's session that are left by ``return`` or ``break``."""
    lookup = model.lookup
    for info in tuple(model.names.functions):
        for bindings in tuple(info.scope.names.values()):
            for binding in bindings:
                loop = lookup.names.parents.get(id(binding.node))
                if binding.kind != "iterate" or not isinstance(loop, cst.For):
                    continue
                generator = gives_session(lookup.expression(binding.node, binding.scope))
                if generator is not None:
                    found = LeftLoop(loop, info, generator, lookup)
                    if found.leave is not None:
                        yield found


def _is_settled(node: cst.CSTNode, name: str, lookup: Lookup) -> bool:
    """Whether the session has nothing left to lose where the loop is left, and no connection."""
    before: cst.CSTNode | None = None
    child: cst.CSTNode = node
    current = lookup.names.parents.get(id(node))
    while before is None and isinstance(current, _SUITES):
        body: list[cst.CSTNode] = list(current.body)
        index = next(i for i, one in enumerate(body) if one is child)
        before = body[index - 1] if index else None
        child, current = current, lookup.names.parents.get(id(current))
    ends = {f"{name}.{word}" for word in ("commit", "rollback", "close")}
    return before is not None and any(
        isinstance(inner, cst.Call) and dotted(inner.func) in ends for inner in walk(before)
    )


def _jumps(body: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """What leaves a loop, or begins it anew, without an exception having been raised."""
    pending: list[tuple[cst.CSTNode, bool]] = [(body, False)]
    while pending:
        node, is_inner = pending.pop()
        if isinstance(node, cst.Return) or (
            isinstance(node, (cst.Break, cst.Continue)) and not is_inner
        ):
            yield node
        elif isinstance(node, (cst.For, cst.While)):
            pending += [(part, part is node.body or is_inner) for part in children(node)]
        elif not isinstance(
            node, (cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.ExceptHandler)
        ) and not isinstance(node, cst.BaseExpression):
            pending += [(part, is_inner) for part in reversed(children(node))]


def _skipped_commit(info: FunctionInfo) -> cst.CSTNode | None:
    """What commits behind the ``yield`` of a generator, and only if that returns."""
    lookup = info.names.lookup
    for node in info.yields:
        if not isinstance(node.value, cst.Name):
            continue
        name = node.value.value
        for child, current in _above(node, info, lookup):
            found: cst.CSTNode | None = None
            if isinstance(current, (cst.Try, cst.TryStar)):
                if child is current.body and current.orelse is not None:
                    found = _commits(current.orelse, name)
            elif isinstance(current, cst.With):
                found = next((i.item for i in current.items if _is_begin(i.item, lookup)), None)
            else:
                behind = (_commits(statement, name) for statement in _behind(child, current))
                found = next((commit for commit in behind if commit is not None), None)
            if found is not None:
                return found
    return None


def _is_begin(node: cst.BaseExpression, lookup: Lookup) -> bool:
    value = lookup.expression(node, lookup.names.scope_at(node))
    return isinstance(value, Manager) and value.subject is not None and value.method == "begin"


def _commits(node: cst.CSTNode, name: str) -> cst.Call | None:
    wanted = f"{name}.commit"
    for inner in walk(node):
        if isinstance(inner, cst.Call) and dotted(inner.func) == wanted:
            return inner
    return None


def _above(
    node: cst.CSTNode, info: FunctionInfo, lookup: Lookup
) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    """Each node around ``node`` up to the function, with the one that leads down to it."""
    parents = lookup.names.parents
    child, current = node, parents.get(id(node))
    while current is not None and child is not info.node:
        yield child, current
        child, current = current, parents.get(id(current))


def _behind(child: cst.CSTNode, current: cst.CSTNode) -> list[cst.CSTNode]:
    """The statements that follow one in its block."""
    if not isinstance(current, _SUITES):
        return []
    body: list[cst.CSTNode] = list(current.body)
    return body[next(i for i, one in enumerate(body) if one is child) + 1 :]


def _mentions(node: cst.CSTNode, name: str) -> bool:
    return any(isinstance(inner, cst.Name) and inner.value == name for inner in walk(node))


def _raises(body: cst.BaseSuite) -> bool:
    return any(isinstance(inner, cst.Raise) for inner in walk(body))
