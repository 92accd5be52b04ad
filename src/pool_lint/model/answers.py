"""What functions return that they have asked a database for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Range
from pool_lint.model.routes import has_response_model, route_of
from pool_lint.model.values import RESULT, Class, Origin, Resource, Value
from pool_lint.model.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo
    from pool_lint.syntax.tree import Tree

# Methods of sessions and connections that give a result, and those of results that give another.
_ASKING = frozenset(
    ("execute", "exec", "scalars", "stream", "stream_scalars", "exec_driver_sql")
)  # fmt: skip
_STREAMING = frozenset(("stream", "stream_scalars"))


class Answer:
    """A result that is returned as it is.

    Attributes:
        node: the ``return``.
        value: what is returned.
        call: the statement that was run for it.
        is_raw: whether it is what ``execute`` gave, with nothing asked of it.
    """

    __slots__ = ("call", "is_raw", "node", "value")

    def __init__(
        self, node: cst.Return, value: cst.BaseExpression, call: cst.Call, is_raw: bool
    ) -> None:
        self.node = node
        self.value = value
        self.call = call
        self.is_raw = is_raw


class Answers(Watcher):
    """Notes the results that are returned."""

    def returned(self, value: Value, node: cst.Return) -> None:
        if not isinstance(value, Resource) or value.kind != RESULT or node.value is None:
            return
        call = value.site
        if isinstance(call, cst.Call) and _method(call) in _ASKING:
            is_raw = _method(call) == "execute" and self._stands_for(node.value, call)
            self.flow.events.note(id(node), Answer(node, node.value, call, is_raw))

    def _stands_for(self, node: cst.CSTNode, call: cst.Call) -> bool:
        """Whether an expression is a call's own result, be it by a name."""
        if isinstance(node, cst.Name):
            bindings = self.flow.scope.names.get(node.value, [])
            return len(bindings) == 1 and _unwrapped(bindings[0].node) is call
        return _unwrapped(node) is call


def _unwrapped(node: cst.CSTNode) -> cst.CSTNode:
    return node.expression if isinstance(node, cst.Await) else node


def _method(call: cst.Call) -> str:
    return call.func.attr.value if isinstance(call.func, cst.Attribute) else ""


def answers_of_routes(model: ModuleModel) -> Iterator[tuple[FunctionInfo, Answer]]:
    """The results that routes of FastAPI answer with, and that it cannot make rows of.

    Where a route says of what class its answer is, FastAPI goes through the result and may well
    find that in it; never in rows that hold one whole object each.
    """
    for info, analysis in model.analyses():
        found = analysis.events.noted(Answer)
        route = route_of(info, model) if found else None
        if route is None:
            continue
        is_told = has_response_model(route, info)
        for answer in found:
            if not is_told or (answer.is_raw and _selects_objects(answer, model)):
                yield info, answer


def _selects_objects(answer: Answer, model: ModuleModel) -> bool:
    """Whether the statement is a ``select`` of one class: its rows are tuples of one object."""
    statement = answer.call.args[0].value if answer.call.args else None
    while isinstance(statement, cst.Call) and isinstance(statement.func, cst.Attribute):
        if _method(statement) == "select":
            break
        statement = statement.func.value
    if not isinstance(statement, cst.Call) or len(statement.args) != 1:
        return False
    scope = model.names.scope_at(statement)
    maker = model.lookup.expression(statement.func, scope)
    if not isinstance(maker, Origin) or maker.path.rpartition(".")[2] != "select":
        return False
    entity = statement.args[0].value
    if not isinstance(entity, cst.Name) or not entity.value[:1].isupper() or entity.value.isupper():
        return False
    value = model.lookup.expression(entity, scope)
    return isinstance(value, Class) or (isinstance(value, Origin) and "(" not in value.path)


def fetch(answer: Answer, model: ModuleModel) -> Callable[[Tree], Fix | None] | None:
    """Ask a result for its rows where it is returned."""
    if _method(answer.call) in _STREAMING:
        return None
    if not answer.is_raw and _method(answer.call) == "execute":
        words = ".all()" if isinstance(answer.value, cst.Call) else ""
    elif answer.is_raw:
        words = ".scalars().all()" if _selects_objects(answer, model) else ""
    else:
        words = ".all()"
    if not words:
        return None

    def fix(tree: Tree) -> Fix | None:
        place = tree.range_of(answer.value)
        edits: tuple[Edit, ...] = (Edit(Range(place.end, place.end), words),)
        if isinstance(answer.value, cst.Await) and not answer.value.lpar:
            edits = (
                Edit(Range(place.start, place.start), "("),
                Edit(Range(place.end, place.end), f"){words}"),
            )
        return Fix(Applicability.UNSAFE, f"Add `{words}`", edits)

    return fix
