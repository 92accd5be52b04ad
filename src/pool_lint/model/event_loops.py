"""Engines and pools of asyncpg whose connections are used in more event loops than one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import event_loops as table
from pool_lint.knowledge import frameworks as fw
from pool_lint.model.asyncpg_engines import is_asyncpg, is_the_only_one
from pool_lint.model.checkouts import Checkout, taken_by, taken_in
from pool_lint.model.loop_runs import Again, LoopRun
from pool_lint.model.values import Foreign, Function, Origin
from pool_lint.model.ways import ways
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from pool_lint.model.creations import Creation
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo

# Through so many functions a checkout is followed, and what may end the engine.
_DEPTH = 4
_NEAR = 3
# So many ways to a function are looked at.
_WAYS = 8
# What ends the connections of a loop before the next one, or looks as if it did.
_ENDS = re.compile(r"dispose|\w*(?:close|reset|shutdown|recreate|terminate)_\w*(?:engine|db|database|pool)|NullPool")  # fmt: skip
_ONCE = re.compile(rb"[\s.,({\"'](?:\w+_)?max_tasks_per_child[\"']?\s*[:=]\s*1\b", re.IGNORECASE)
_CALLED = fw.PER_REQUEST - {fw.WRAPPER}


class Crossing:
    """An engine or a pool whose connections are used in several event loops.

    Attributes:
        node: what runs coroutines in one of the loops.
        creation: what makes the engine or pool.
        checkout: where a connection of it is taken.
        inner: what makes the loop, where a helper does.
        before: the run before; None where it is ``node`` itself, done again.
        role: what calls the function anew each time; empty where that does not matter.
        name: the name of what is called.
        others: more calls that do the same.
    """

    __slots__ = ("before", "checkout", "creation", "inner", "name", "node", "others", "role")

    def __init__(
        self,
        node: cst.CSTNode,
        creation: Creation,
        checkout: cst.CSTNode,
        inner: cst.CSTNode | None,
        role: str = "",
        name: str = "",
        before: cst.CSTNode | None = None,
    ) -> None:
        self.node = node
        self.creation = creation
        self.checkout = checkout
        self.inner = inner
        self.role = role
        self.name = name
        self.before = before
        self.others: list[cst.CSTNode] = []


def crossings(model: ModuleModel) -> Iterator[Crossing]:
    """The engines and pools that a module uses in several loops, each once."""
    found: dict[int, Crossing] = {}
    for crossing in (*_of_functions(model), *_of_decorated(model)):
        known = found.setdefault(id(crossing.creation.call), crossing)
        if known is not crossing and crossing.node is not known.node:
            known.others.append(crossing.node)
    yield from found.values()


def _of_functions(model: ModuleModel) -> Iterator[Crossing]:
    """What plain functions run, be it that they are called often, or that they run it twice."""
    for info, analysis in model.analyses():
        runs = analysis.events.noted(LoopRun)
        if info.is_async or not runs or _is_aside(info, model):
            continue
        if any(table.PATCH.encode() in one for one in _texts(info, model, (table.PATCH,))):
            continue
        again = {id(one.second.node): one.first for one in reversed(analysis.events.noted(Again))}
        for run in runs:
            before = again.get(id(run.node))
            yield from _of_run(run, before, info, model)


def _of_run(
    run: LoopRun, before: LoopRun | None, info: FunctionInfo, model: ModuleModel
) -> Iterator[Crossing]:
    shared = _shared_by(run, model)
    if not shared or _ends_them(run, info, model):
        return
    if before is not None and before is not run:
        first = _shared_by(before, model)
        twice = {key: one for key, one in shared.items() if key in first}
        if twice and not _ends_them(before, info, model):
            for creation, checkout in twice.values():
                yield Crossing(run.node, creation, checkout, run.inner, before=before.node)
            return
    role, name = ("", info.name) if before is run else _caller(run, info, model)
    if role or before is run:
        for creation, checkout in shared.values():
            yield Crossing(run.node, creation, checkout, run.inner, role, name)


def _of_decorated(model: ModuleModel) -> Iterator[Crossing]:
    """Tasks that are coroutine functions, which a decorator runs in a loop of their own."""
    for info in model.names.functions:
        if not info.is_async or len(info.decorators) < 2 or fw.TASK not in model.roles.of(info):
            continue
        runner = next((one for one in info.decorators if _makes_loop(one, info, model)), None)
        if runner is None or _is_aside(info, model) or not _keeps_process(info, model):
            continue
        shared = _shared(taken_in(info, model, _DEPTH, frozenset((id(info),))), model)
        if shared and not _says_end(info, model):
            for creation, checkout in shared.values():
                yield Crossing(runner, creation, checkout, None, fw.TASK, info.name)


def _makes_loop(decorator: cst.BaseExpression, info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether a decorator runs a coroutine function in a loop of its own for each call."""
    value = model.lookup.known(model.lookup.expression(decorator, info.outer))
    if isinstance(value, Origin):
        return value.path == table.BRIDGE
    if not isinstance(value, Function) or not value.info.params:
        return False
    given = value.info.params[0].name.value
    lookup = value.info.names.lookup
    for inner in value.info.inner:
        for call in inner.calls:
            target = lookup.expression(call.func, inner.scope)
            path = target.path if isinstance(target, Origin) else ""
            if path not in table.RUNNERS | table.METHODS or not call.args or inner.is_async:
                continue
            made = call.args[0].value
            if isinstance(made, cst.Call) and isinstance(made.func, cst.Name):
                return made.func.value == given and not _ENDS.search(_text(value.info))
    return False


# -- what is shared ------------------------------------------------------------------------------


def _shared_by(run: LoopRun, model: ModuleModel) -> dict[int, tuple[Creation, cst.CSTNode]]:
    """The engines and pools of which a run takes connections, and which outlive it."""
    taken = (one for ran in run.rans for one in taken_by(ran, model, _DEPTH, frozenset()))
    return _shared(taken, model)


def _shared(
    taken: Iterable[Checkout], model: ModuleModel
) -> dict[int, tuple[Creation, cst.CSTNode]]:
    found: dict[int, tuple[Creation, cst.CSTNode]] = {}
    for one in taken:
        creation = one.pool.creation
        if creation is None or one.pool.owner is not None or id(creation.call) in found:
            continue
        if is_the_only_one(creation) and is_asyncpg(creation, model.settings):
            found[id(creation.call)] = creation, one.inner or one.node
    return found


# -- who calls -----------------------------------------------------------------------------------


def _is_aside(info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether a function is a test or a migration, which get engines of their own from others."""
    return model.graph.is_quiet(info, frozenset((fw.TEST, fw.MIGRATION)))


def _caller(run: LoopRun, info: FunctionInfo, model: ModuleModel) -> tuple[str, str]:
    """What calls a function anew each time, and its name; empty where nothing is known to."""
    wanted = frozenset((fw.TASK,)) if run.is_bridge else _CALLED
    for reach in model.graph.per_request(info):
        handler = reach.handler
        if reach.role in wanted and not handler.is_async and _keeps_process(handler, model):
            return reach.role, handler.name
    project = model.lookup.project
    if project is None or model.roles.of(info) & (fw.ONCE | fw.QUIET):
        return "", ""
    for way in islice(ways(model, info, project.callers), _WAYS):
        caller = way.steps[-1].use.caller
        if way.role not in wanted or caller is None or caller.is_async:
            continue
        if _keeps_process(caller, way.model):
            return way.role, way.name
    return "", ""


def _keeps_process(info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether the process in which a task runs goes on to the next one, with its connections."""
    home = model.home_of(info)
    for decorator in info.decorators:
        target = decorator.func if isinstance(decorator, cst.Call) else decorator
        value = home.lookup.expression(target, info.outer)
        word = (dotted(target) or "").rpartition(".")[2]
        root = value.path.partition(".")[0] if isinstance(value, Origin) else ""
        if root in table.FORKING_QUEUES or (not root and word == "job"):
            return False
    return not _is_ended_outside(info, home)


def _is_ended_outside(info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether a worker ends its process, or its connections, after each task."""
    return any(
        _ONCE.search(one) is not None
        or (b"dispose" in one and any(word.encode() in one for word in table.TASK_SIGNALS))
        for one in _texts(info, model, (*table.RECYCLING, *table.TASK_SIGNALS))
    )


def _texts(info: FunctionInfo, model: ModuleModel, words: tuple[str, ...]) -> Iterator[bytes]:
    """The file of a function, and those of its project that have one of some words."""
    yield model.tree_of(info.node).source.text.encode("utf-8", "replace")
    project = model.lookup.project
    texts = project.callers.texts_around(model.lookup.path) if project is not None else None
    if texts is not None:
        yield from (texts.data(path) for path in texts.naming(words))


# -- what ends them ------------------------------------------------------------------------------


def _ends_them(run: LoopRun, info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether connections may be ended around a run, or in it."""
    if _says_end(info, model, 0):
        return True
    helper = model.lookup.known(model.lookup.expression(run.node.func, info.scope))
    if run.inner is not None and (
        not isinstance(helper, Function) or _says_end(helper.info, model, 1)
    ):
        return True
    for ran in run.rans:
        known = model.lookup.known(ran.function)
        if not isinstance(known, Function) or _says_end(known.info, model):
            return True
    return False


def _says_end(
    info: FunctionInfo, model: ModuleModel, depth: int = _NEAR, seen: set[int] | None = None
) -> bool:
    """Whether a function, or one that it calls, speaks of ending connections."""
    seen = set() if seen is None else seen
    seen.add(id(info))
    if _ENDS.search(_text(info)):
        return True
    home = model.home_of(info)
    for call in info.calls if depth else ():
        value = home.lookup.expression(call.func, home.names.scope_at(call))
        if isinstance(value, Foreign):
            if _ENDS.search(value.part.text):
                return True
            value = home.lookup.known(value)
        if not isinstance(value, Function) or id(value.info) in seen:
            continue
        if _says_end(value.info, home, depth - 1, seen):
            return True
    return False


def _text(info: FunctionInfo) -> str:
    return cst.Module(body=[info.node]).code
