"""How what a function makes comes to be made for every request, across the files of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.model.callers import Place, Use
from pool_lint.model.guards import guards
from pool_lint.model.keeping import is_kept, is_temporary, root_of
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pool_lint.model.callers import Callers
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo

# How many calls may lie between a request and what is made for it.
_DEPTH = 6
# How many files are looked at for one answer.
_MAX_FILES = 150
# A decorator's wrapper runs as often as what it wraps, and that is not known here.
_EVIDENCE = fw.PER_REQUEST - {fw.WRAPPER}


class Step:
    """One call on a way, or the place where a function is registered.

    Attributes:
        name: the function that is called.
        use: where.
    """

    __slots__ = ("name", "use")

    def __init__(self, name: str, use: Use) -> None:
        self.name = name
        self.use = use


class Way:
    """One way from a request to a function.

    Attributes:
        role: what the function is that the framework calls.
        name: its name.
        steps: what leads from it to the function, the last call first.
    """

    __slots__ = ("name", "role", "steps")

    def __init__(self, role: str, name: str, steps: tuple[Step, ...]) -> None:
        self.role = role
        self.name = name
        self.steps = steps

    @property
    def model(self) -> ModuleModel:
        """The module in which the framework is told of its beginning, or that calls on."""
        return self.steps[-1].use.model

    @property
    def ends_it(self) -> bool:
        """Whether a function on the way ends what is made before it returns."""
        return any(
            step.use.caller is not None and is_temporary(step.use.node, step.use.caller)
            for step in self.steps
        )


def ways(
    model: ModuleModel,
    info: FunctionInfo,
    callers: Callers,
    is_spared: Callable[[cst.Call], bool] = lambda _: False,
) -> Iterator[Way]:
    """The ways from requests to a function that lead through other files, the shortest first.

    Args:
        model: the module of the function.
        info: the function.
        callers: knows the uses in other files.
        is_spared: whether one call of the function does not make what others make.
    """
    seen: set[object] = set()
    files = 0
    front: list[tuple[ModuleModel, FunctionInfo, tuple[Step, ...]]] = [(model, info, ())]
    for _ in range(_DEPTH):
        following: list[tuple[ModuleModel, FunctionInfo, tuple[Step, ...]]] = []
        for home, current, steps in front:
            if not _may_run_often(home, current):
                continue
            uses = list(_uses(home, current, callers))
            files += callers.price(current)
            if files > _MAX_FILES:
                return
            if any(use.role in fw.ONCE for use in uses):
                continue
            for use in uses:
                done = (*steps, Step(current.name, use))
                caller = use.caller
                if use.role in _EVIDENCE:
                    yield Way(use.role or "", current.name, done)
                if caller is None or (not steps and is_spared(use.call)):
                    continue
                place = Place.of(caller)
                key = place.key if place is not None else id(caller)
                if key in seen or not _makes_anew(use, caller):
                    continue
                seen.add(key)
                role = next(iter(sorted(use.model.roles.of(caller) & _EVIDENCE)), None)
                if role is None:
                    following.append((use.model, caller, done))
                elif _may_run_often(use.model, caller):
                    yield Way(role, caller.name, done)
        front = following


def _uses(model: ModuleModel, info: FunctionInfo, callers: Callers) -> Iterator[Use]:
    for caller, call in model.graph.callers(info):
        yield Use(model, call, caller)
    yield from callers.uses(info)


def _makes_anew(use: Use, caller: FunctionInfo) -> bool:
    """Whether a call in a function runs each time, and what it gives is gone afterwards."""
    if use.model.names.scope_at(use.node).kind == "lambda" or is_kept(use.node, caller):
        return False
    return all(
        _is_of_request(guard, use, caller) for guard in guards(use.node, caller, use.model.lookup)
    )


def _is_of_request(guard: cst.CSTNode, use: Use, caller: FunctionInfo) -> bool:
    """Whether what is tested came with the request, and is not what the call is made on."""
    if not isinstance(guard, (cst.Attribute, cst.Subscript)):
        return False
    if not use.model.roles.of(caller) & _EVIDENCE:
        return False
    root = root_of(guard)
    if root == caller.self_name or root not in {param.name.value for param in caller.params}:
        return False
    path = dotted(guard) or ".app."
    return root != root_of(use.call.func) and not {"app", "state"} & set(path.split("."))


def _may_run_often(model: ModuleModel, info: FunctionInfo) -> bool:
    if model.roles.of(info) & (fw.ONCE | fw.QUIET) or model.graph.is_quiet(info):
        return False
    return not _is_single(info)


def _is_single(info: FunctionInfo) -> bool:
    """Whether the class of a constructor may decide that there is one object only."""
    owner = info.class_info
    if info.name != "__init__" or owner is None:
        return False
    if owner.node.keywords or owner.node.decorators or owner.method("__new__") is not None:
        return True
    return any("ingleton" in (dotted(base) or "") for base in owner.bases)
