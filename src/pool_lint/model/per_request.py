"""Engines and pools that are made for every request, and what shows it."""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.in_loops import called_in_loops
from pool_lint.model.keeping import is_handed_over, is_kept, is_temporary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pool_lint.model.creations import Creation
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo
    from pool_lint.model.project import Project
    from pool_lint.model.ways import Way

# The file, row and column of a call, the same in every model.
Spot = tuple[str, int, int]
# So many ways to one creation are looked at, lest the call that is reported be among the others.
_MAX_WAYS = 24
# Through so many functions a factory may hand over what another makes.
_LONGEST = 4


class Made:
    """An engine or a pool that a handler, a dependency or a task makes each time.

    Attributes:
        call: the creation, or the call or property in the function that leads to it.
        creation: what is made.
        role: what the framework calls.
        name: its name.
        way: how that leads to the call, where it stands in another file.
    """

    __slots__ = ("call", "creation", "name", "role", "way")

    def __init__(
        self,
        call: cst.Call | cst.Attribute,
        creation: Creation,
        role: str,
        name: str,
        way: Way | None = None,
    ) -> None:
        self.call = call
        self.creation = creation
        self.role = role
        self.name = name
        self.way = way


def direct(model: ModuleModel) -> Iterator[Made]:
    """What functions of a module make that the framework calls for every request.

    Or that the module itself starts many times at once.
    """
    known = dict(model.per_request())
    made = (one.function for one in model.creations if one.makes_pool and one.function is not None)
    for one in called_in_loops(model, made):
        if one.is_concurrent:
            known.setdefault(one.function, fw.TASK)
    for info, role in known.items():
        for call in info.calls:
            creation = model.creation_of(call, model.names.scope_at(call))
            if creation is not None and creation.makes_pool:
                if not model.is_guarded(call, info) and not _suits(creation, role):
                    yield Made(call, creation, role, info.name)
                continue
            for creation in model.makers.made_at(call, info):
                if not _suits(creation, role):
                    at = call if _gives(creation, model) else creation.call
                    yield Made(at, creation, role, info.name)
                    break
        for read in model.makers.reads(info):
            for creation in model.makers.made_at(read, info):
                if not _suits(creation, role):
                    yield Made(read, creation, role, info.name)
                    break


def _gives(creation: Creation, model: ModuleModel) -> bool:
    """Whether what a function makes gets out of it; else it is the function that is to be mended."""
    info = creation.function
    if info is None or creation.scope.owner is not model.names or info.name == "__init__":
        return True
    return is_handed_over(creation.call, info) or is_kept(creation.call, info)


def called(model: ModuleModel) -> Iterator[Made]:
    """What the functions of a module get from another that makes it, for requests elsewhere.

    Args:
        model: the module.
    """
    project = model.lookup.project
    if project is None:
        return
    for info in model.names.functions:
        known: list[Way] | None = None
        for call in info.calls:
            if not model.makers.calls_imported_maker(call):
                continue
            for creation in model.makers.made_at(call, info):
                if creation.scope.owner is model.names or not _is_shared(creation):
                    continue
                if not is_factory(call, creation, model):
                    continue
                if not may_run_anew(call, info, model):
                    break
                if known is None:
                    known = list(islice(ways_of(info, model), _MAX_WAYS))
                way = _first(known, creation, call, info)
                spot = spot_of(creation, model)
                if way is not None and not any(_is_said(one, spot, project) for one in known):
                    yield Made(call, creation, way.role, way.name, way)
                    break


def distant(model: ModuleModel, said: frozenset[Spot]) -> Iterator[Made]:
    """What a module makes for requests that other files handle.

    Args:
        model: the module.
        said: what is to be left out, as it has been reported.
    """
    for creation in model.creations:
        if creation.makes_pool:
            way = model.way_to(creation)
            if way is not None and spot_of(creation, model) not in said:
                yield Made(creation.call, creation, way.role, way.name, way)


def alternatives(made: Made, model: ModuleModel) -> Iterator[Creation]:
    """All that the call of a report may make: a factory may have one for each kind of database.

    Args:
        made: what is reported.
        model: the module of the call.
    """
    yield made.creation
    info = model.names.scope_at(made.call).function
    if info is not None and made.call is not made.creation.call:
        yield from model.makers.made_at(made.call, info)


def spot_of(creation: Creation, model: ModuleModel) -> Spot:
    """Where a creation stands, in terms of files."""
    return _spot(creation.call, model)


def told(made: Iterable[Made], model: ModuleModel) -> Iterator[tuple[Spot, Spot]]:
    """Where what is made is made, and where the reports about it stand."""
    return (
        (spot_of(creation, model), _spot(one.call, model))
        for one in made
        for creation in alternatives(one, model)
    )


def _spot(node: cst.CSTNode, model: ModuleModel) -> Spot:
    tree = model.tree_of(node)
    start = tree.range_of(node).start
    return os.path.abspath(tree.source.filename), start.row, start.column


def _is_said(way: Way, spot: Spot, project: Project) -> bool:
    """Whether the handler at the beginning of a way is told what it makes there."""
    here = _spot(way.steps[-1].use.node, way.model)
    return (spot, here) in project.callers.said_of_handlers(here[0])


def way_to(creation: Creation, model: ModuleModel) -> Way | None:
    """How a request that another file handles leads to a creation; None where none does.

    Where a file on the way is told about it, at the call that leads here, none does either.

    Args:
        creation: the creation.
        model: its module.
    """
    info, project = creation.function, model.lookup.project
    if info is None or project is None or creation.scope.kind == "lambda":
        return None
    if not _is_shared(creation):
        return None
    if not may_run_anew(creation.call, info, model):
        return None
    if model.is_guarded(creation.call, info) and not is_temporary(creation.call, info):
        return None
    spot = spot_of(creation, model)
    found = ways_of(info, model, lambda call: model.makers.is_spared(creation, call))
    known = list(islice(found, _MAX_WAYS))
    steps = (step for way in known for step in way.steps)
    paths = {os.path.abspath(step.use.model.lookup.filename) for step in steps} - {spot[0]}
    if any(spot in project.callers.said_at_calls(path) for path in sorted(paths)):
        return None
    return _first(known, creation, creation.call, info)


def ways_of(
    info: FunctionInfo,
    model: ModuleModel,
    is_spared: Callable[[cst.Call], bool] = lambda _: False,
) -> Iterator[Way]:
    """The ways from requests to a function that lead through other files.

    Args:
        info: the function.
        model: its module.
        is_spared: whether one call of the function does not make what others make.
    """
    from pool_lint.model.ways import ways

    project = model.lookup.project
    return ways(model, info, project.callers, is_spared) if project is not None else iter(())


def _first(known: list[Way], creation: Creation, call: cst.Call, info: FunctionInfo) -> Way | None:
    """The first way on which nothing says that what is made suits it."""
    for way in known:
        ends_it = way.role == fw.TASK and (way.ends_it or is_temporary(call, info))
        if not ends_it and not _suits(creation, way.role):
            return way
    return None


def may_run_anew(call: cst.Call, info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether all that is not known of a call is how often its function runs.

    Args:
        call: what may be done anew in each call.
        info: the function that it stands in.
        model: its module.
    """
    known = model.roles.of(info)
    if known & (fw.PER_REQUEST | fw.ONCE | fw.QUIET) or model.graph.is_quiet(info):
        return False
    return not is_kept(call, info)


def is_factory(call: cst.Call, creation: Creation, model: ModuleModel) -> bool:
    """Whether a call gives what is made, and does not only make it.

    Args:
        call: the call.
        creation: what is made.
        model: the module of the call.
    """
    target = model.graph.target(call, model.names.scope_at(call))
    for _ in range(_LONGEST):
        if target is None:
            return False
        home = model.home_of(target)
        if creation.function is target:
            return is_handed_over(creation.call, target)
        following = next(
            (
                inner
                for inner in target.calls
                if any(made.call is creation.call for made in home.makers.made_at(inner, target))
            ),
            None,
        )
        if following is None or not is_handed_over(following, target):
            return False
        target = home.graph.target(following, home.names.scope_at(following))
    return False


def _is_shared(creation: Creation) -> bool:
    """Whether what is made is there to be shared.

    A bare connection that a helper makes may well be one of its own on purpose: to listen, to hold
    a lock.
    """
    return creation.role != sa.PG_CONNECT


def _suits(creation: Creation, role: str) -> bool:
    """A task that runs in an event loop of its own needs an engine of its own, without a pool.

    A factory that makes one on one condition alone makes it for such callers, and what is disposed
    of in a ``finally`` is for one piece of work on purpose: there is no pool that could be shared.
    """
    if creation.pool_class() == "NullPool":
        info = creation.function
        is_ended = info is not None and is_temporary(creation.call, info)
        return role == fw.TASK or is_ended or _is_choice(creation)
    return role == fw.TASK and creation.is_unseen


def _is_choice(creation: Creation) -> bool:
    """``if in_worker(): return create_engine(...)``, where others get what is shared."""
    branch = creation.scope.owner.enclosing(creation.call, cst.If, cst.FunctionDef)
    info = creation.function
    return info is not None and isinstance(branch, cst.If) and is_handed_over(creation.call, info)
