"""What the commands, scripts and tests of other files alone call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pool_lint.knowledge import frameworks as fw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.callers import Use
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo

# How many calls may lie between a command and what it needs.
_DEPTH = 3
# A ``main`` of another file may start a service.
_COMMANDS = fw.QUIET - {fw.PROGRAM}


def serves_commands(info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether all that calls a function, in its file and in others, are commands or tests.

    Args:
        info: the function.
        model: its module.
    """
    from pool_lint.model.callers import Place

    project = model.lookup.project
    if project is None or info.outer.function is not None:
        return False
    seen: set[object] = set()
    front = [(model, info)]
    for _ in range(_DEPTH):
        following: list[tuple[ModuleModel, FunctionInfo]] = []
        for home, current in front:
            if home.roles.of(current) & (fw.PER_REQUEST | fw.ONCE | {fw.CACHED}):
                return False
            uses = list(uses_of(home, current, model))
            if not uses:
                return False
            for use in uses:
                caller = use.caller
                if use.role is not None or caller is None:
                    return False
                if not use.model.graph.is_quiet(caller, _COMMANDS):
                    place = Place.of(caller)
                    key = place.key if place is not None else id(caller)
                    if key not in seen:
                        seen.add(key)
                        following.append((use.model, caller))
        if not following:
            return True
        front = following
    return False


def uses_of(home: ModuleModel, info: FunctionInfo, model: ModuleModel) -> Iterator[Use]:
    """The calls of a function in its own file and in others.

    Args:
        home: the module of the function.
        info: the function.
        model: the module that is linted.
    """
    from pool_lint.model.callers import Use

    for caller, call in home.graph.callers(info):
        yield Use(home, call, caller)
    project = model.lookup.project
    if project is not None:
        yield from project.callers.uses(info)
