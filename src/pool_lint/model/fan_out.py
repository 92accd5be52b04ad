"""Many coroutines at once that each take a connection, for as many elements as there happen to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import tasks as table
from pool_lint.model.engines import engine_of
from pool_lint.model.guarding import is_limited
from pool_lint.model.uses import Used, work_of
from pool_lint.model.values import CONNECTION, SESSION
from pool_lint.syntax.walk import dotted, last_word

if TYPE_CHECKING:
    from pool_lint.model.flow import Flow
    from pool_lint.model.names import FunctionInfo
    from pool_lint.model.shares import Unit
    from pool_lint.model.sources import Sources

_SAME_SIZE = frozenset(("enumerate", "sorted", "list", "tuple", "set", "reversed", "dict", "filter",
                        "map", "frozenset"))  # fmt: skip
_VIEWS = frozenset(("items", "values", "keys", "copy"))
_CUTTING = frozenset(("range", "islice", "batched", "sample", "limit", "fetchmany", "nlargest",
                      "nsmallest", "paginate"))  # fmt: skip
_MAX_DEPTH = 8
_FAR = 2


class FanOut:
    """A call that starts a coroutine for each element, which each open a session.

    Attributes:
        node: the call.
        function: the coroutine function.
        opened: the session that each of them opens.
        elements: what there is one coroutine for.
    """

    __slots__ = ("elements", "function", "node", "opened")

    def __init__(
        self, node: cst.Call, function: FunctionInfo, opened: Used, elements: cst.CSTNode
    ) -> None:
        self.node = node
        self.function = function
        self.opened = opened
        self.elements = elements


def find(node: cst.Call, units: list[Unit], flow: Flow, sources: Sources) -> FanOut | None:
    """What a ``gather`` starts without a limit.

    Args:
        node: the call.
        units: the tasks that it waits for.
        flow: the function it stands in, as far as it was followed.
        sources: where the names of that function come from.
    """
    size = _Size(flow, sources)
    for unit in units:
        elements = size.unbounded(unit.many) if unit.many is not None else None
        if elements is None or unit.function is None or not unit.function.info.is_async:
            continue
        info = unit.function.info
        if is_limited(info):
            continue
        for used in work_of(flow.model, info).opened:
            # What is farther away may well happen on rare paths only.
            if used.depth < _FAR and not used.guard and not used.closes and _is_pooled(used):
                return FanOut(node, info, used, elements)
    return None


def _is_pooled(used: Used) -> bool:
    if used.subject.kind not in (SESSION, CONNECTION):
        # A pool of asyncpg's lets its callers wait for as long as it takes.
        return False
    engine = engine_of(used.subject)
    return engine is None or not (engine.url_prefix or "").startswith("sqlite")


class _Size:
    """Whether somebody has limited how many elements there are."""

    def __init__(self, flow: Flow, sources: Sources) -> None:
        self._scope = flow.scope
        self._info = flow.info
        self._sources = sources

    def unbounded(self, many: cst.CSTNode) -> cst.CSTNode | None:
        """The elements of a loop or comprehension, where nothing limits them."""
        if isinstance(many, cst.For):
            return None if self.is_bounded(many.iter) else many.iter
        clause = many.for_in if isinstance(many, (cst.BaseComp)) else None
        while clause is not None:
            if not self.is_bounded(clause.iter):
                return clause.iter
            clause = clause.inner_for_in
        return None

    def is_bounded(self, node: cst.CSTNode, depth: int = 0) -> bool:
        """Whether there are only so many; True also where nothing tells."""
        if depth > _MAX_DEPTH:
            return True
        if isinstance(node, cst.Await):
            return self.is_bounded(node.expression, depth + 1)
        if isinstance(node, cst.Name):
            return self._is_bounded_name(node, depth)
        if isinstance(node, cst.Attribute):
            # ``request.ids`` is whatever the caller sends; settings are few.
            owner = dotted(node.value)
            return owner is None or not self._is_parameter(owner)
        if isinstance(node, cst.Call):
            return self._is_bounded_call(node, depth)
        if isinstance(node, (cst.ListComp, cst.SetComp, cst.GeneratorExp, cst.DictComp)):
            return self.is_bounded(node.for_in.iter, depth + 1)
        return True

    def _is_bounded_name(self, node: cst.Name, depth: int) -> bool:
        name = node.value
        if name != name.lower() or any(word in name for word in table.CUT_NAMES):
            return True
        home = self._scope.find(name)
        if home is not self._scope or home is None:
            return True
        kinds = {binding.kind for binding in home.names[name]}
        if kinds == {"parameter"}:
            return False
        if not kinds <= {"assign", "declare"}:
            return True
        nodes = self._sources.of(name)
        grown = [self._sources.loop_of(name, one) for one in nodes[1:]]
        loops = [loop for loop in grown if isinstance(loop, cst.For)]
        if loops:
            return all(self.is_bounded(loop.iter, depth + 1) for loop in loops)
        return not nodes or self.is_bounded(nodes[0], depth + 1)

    def _is_bounded_call(self, node: cst.Call, depth: int) -> bool:
        word = last_word(node.func) or ""
        if word in _CUTTING or any(cut in word.lower() for cut in table.CUT_NAMES):
            return True
        if word in _SAME_SIZE and node.args:
            return self.is_bounded(node.args[-1].value, depth + 1)
        if word == "zip":
            return any(self.is_bounded(arg.value, depth + 1) for arg in node.args)
        if word in _VIEWS and isinstance(node.func, cst.Attribute):
            return self.is_bounded(node.func.value, depth + 1)
        for inner in self._sources.reached(node):
            if isinstance(inner, cst.Call) and (last_word(inner.func) or "") in _CUTTING:
                return True
            keyword = getattr(inner, "keyword", None)
            if isinstance(keyword, cst.Name) and keyword.value in ("limit", "page_size", "count"):
                return True
        return False

    def _is_parameter(self, name: str) -> bool:
        info = self._info
        root = name.partition(".")[0]
        if info is None or root == info.self_name:
            return False
        return any(param.name.value == root for param in info.params)
