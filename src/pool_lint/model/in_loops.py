"""Functions that one function calls again and again, each time for the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.knowledge import tasks as table
from pool_lint.model.values import Origin
from pool_lint.syntax.walk import last_word, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo

_COMPREHENSIONS = (cst.GeneratorExp, cst.ListComp, cst.SetComp)


class LoopCall:
    """A function that a loop calls, or a comprehension.

    Attributes:
        function: the function.
        call: the call.
        is_concurrent: whether its runs overlap.
    """

    __slots__ = ("call", "function", "is_concurrent")

    def __init__(self, function: FunctionInfo, call: cst.Call, is_concurrent: bool) -> None:
        self.function = function
        self.call = call
        self.is_concurrent = is_concurrent


def called_in_loops(model: ModuleModel, functions: Iterable[FunctionInfo]) -> Iterator[LoopCall]:
    """Which functions of a module are called in a loop of its own with nothing that changes.

    What is called with something of each round may well have a database for each.  A loop that
    runs for as long as it can may have hours between its rounds, and says nothing.

    Args:
        model: the module.
        functions: those that are asked about.
    """
    asked = {info.name: info for info in functions}
    for caller in model.names.functions if asked else ():
        for call in caller.calls:
            if last_word(call.func) not in asked:
                continue
            around = _around(call, model)
            if around is None or _varies(call, around):
                continue
            target = model.graph.target(call, model.names.scope_at(call))
            if target is None or asked.get(target.name) is not target:
                continue
            if not model.roles.of(target) & (fw.ONCE | fw.QUIET) and not model.graph.is_quiet(
                target
            ):
                yield LoopCall(target, call, _is_gathered(around, model))


def _around(call: cst.Call, model: ModuleModel) -> cst.For | cst.BaseComp | None:
    """What repeats a call: the loop, or the comprehension, that it stands in."""
    below: cst.CSTNode = call
    above = model.names.parents.get(id(call))
    while above is not None and not isinstance(above, (cst.FunctionDef, cst.Lambda)):
        if isinstance(above, _COMPREHENSIONS) and above.elt is below:
            return above
        if isinstance(above, cst.For) and above.body is below:
            return above
        below, above = above, model.names.parents.get(id(above))
    return None


def _varies(call: cst.Call, around: cst.For | cst.BaseComp) -> bool:
    """Whether a call is given something that is another thing in each round."""
    targets: list[cst.CSTNode] = []
    clause = None if isinstance(around, cst.For) else around.for_in
    if isinstance(around, cst.For):
        targets.append(around.target)
    while clause is not None:
        targets.append(clause.target)
        clause = clause.inner_for_in
    names = {node.value for one in targets for node in walk(one) if isinstance(node, cst.Name)}
    if isinstance(around, cst.For):
        # What a loop assigns is another thing in each round as well.
        names |= {
            node.value
            for target in walk(around.body)
            if isinstance(target, (cst.AssignTarget, cst.AnnAssign, cst.NamedExpr))
            for node in walk(target.target)
            if isinstance(node, cst.Name)
        }
    return any(isinstance(node, cst.Name) and node.value in names for node in walk(call))


def _is_gathered(around: cst.CSTNode, model: ModuleModel) -> bool:
    """Whether the coroutines of a comprehension run at the same time."""
    above = model.names.parents.get(id(around))
    while isinstance(above, (cst.Arg, cst.StarredElement, cst.List, cst.Tuple)):
        above = model.names.parents.get(id(above))
    if not isinstance(above, cst.Call):
        return False
    value = model.lookup.expression(above.func, model.names.scope_at(above))
    return isinstance(value, Origin) and value.path in table.GATHERERS
