"""Session factories that are built again for every request, although their engine is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.creations import FACTORY_ROLES
from pool_lint.model.per_request import may_run_anew, ways_of
from pool_lint.model.sharing import is_shared
from pool_lint.model.values import ENGINE, Origin, Resource

if TYPE_CHECKING:
    from pool_lint.model.creations import Creation
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo


class Rebuilt:
    """A factory that is built for every request.

    Attributes:
        creation: the factory.
        role: what the function at the beginning is.
        name: its name.
        steps: the calls that lead from it to the factory, the last one first.
    """

    __slots__ = ("creation", "name", "role", "steps")

    def __init__(
        self, creation: Creation, role: str, name: str, steps: tuple[cst.CSTNode, ...]
    ) -> None:
        self.creation = creation
        self.role = role
        self.name = name
        self.steps = steps


def rebuilt_factories(model: ModuleModel) -> Iterator[Rebuilt]:
    """Session factories of shared engines that are made for every request.

    Args:
        model: the module that makes them.
    """
    for creation in model.creations:
        info = creation.function
        if info is None or creation.role not in FACTORY_ROLES:
            continue
        if not _is_of_others(creation.keywords.get("bind"), info, model):
            continue
        if _hands_over(creation, info, model) or model.is_quiet(creation):
            continue
        found = _nearby(creation, model) or _elsewhere(creation, info, model)
        if found is not None:
            yield found


def _is_of_others(bind: object, info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether a factory's engine is there for other calls as well."""
    if isinstance(bind, Resource) and bind.kind == ENGINE:
        return is_shared(bind, info, model)
    return isinstance(bind, Origin) and "(" not in bind.path


def _nearby(creation: Creation, model: ModuleModel) -> Rebuilt | None:
    for reach in model.reaches(creation):
        steps = (reach.call,) if reach.call is not None else ()
        return Rebuilt(creation, reach.role, reach.handler.name, steps)
    return None


def _elsewhere(creation: Creation, info: FunctionInfo, model: ModuleModel) -> Rebuilt | None:
    """How a request leads there that another file handles.

    How long an object lives that others make is not known: what it keeps is left alone.
    """
    call = creation.call
    if info.name == "__init__" or creation.scope.kind == "lambda":
        return None
    if model.is_guarded(call, info) or not may_run_anew(call, info, model):
        return None
    for way in ways_of(info, model):
        return Rebuilt(creation, way.role, way.name, tuple(step.use.node for step in way.steps))
    return None


def _hands_over(creation: Creation, info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether a function is there to make the factory, or keeps it for the next call."""
    result = model.lookup.returned(info)
    if isinstance(result, Resource) and result.site is creation.call:
        return True
    parent = model.names.parents.get(id(creation.call))
    if not isinstance(parent, (cst.Assign, cst.AnnAssign)):
        return False
    targets = (
        [target.target for target in parent.targets]
        if isinstance(parent, cst.Assign)
        else [parent.target]
    )
    for target in targets:
        if isinstance(target, cst.Name) and info.scope.foreign.get(target.value) == "global":
            return True
        if isinstance(target, cst.Subscript):
            return True
        if isinstance(target, cst.Attribute) and not (
            isinstance(target.value, cst.Name) and target.value.value == info.self_name
        ):
            return True
    return False
