"""Who calls whom, and what is therefore done for every request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.model.guards import is_guarded
from pool_lint.model.values import Class, Foreign, Function, Instance, seen
from pool_lint.syntax.walk import dotted, last_word

if TYPE_CHECKING:
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import ClassInfo, FunctionInfo, Scope
    from pool_lint.model.roles import Roles

_MAX_DEPTH = 8


class Reach:
    """How a function is reached for every request.

    Attributes:
        role: what the function at the beginning is.
        handler: that function.
        call: its call that leads on; None where it is the function itself.
    """

    __slots__ = ("call", "handler", "role")

    def __init__(self, role: str, handler: FunctionInfo, call: cst.Call | None) -> None:
        self.role = role
        self.handler = handler
        self.call = call


class CallGraph:
    """The calls between the functions of a module.

    Args:
        lookup: the names of the module.
        roles: the roles of its functions.
    """

    def __init__(self, lookup: Lookup, roles: Roles) -> None:
        self._lookup = lookup
        self._roles = roles
        self._named: dict[int, list[tuple[FunctionInfo | None, cst.Call]]] = {}
        self._callers: dict[bool, dict[int, list[tuple[FunctionInfo | None, cst.Call]]]] = {}

    def callers(self, info: FunctionInfo) -> list[tuple[FunctionInfo | None, cst.Call]]:
        """The calls of a function, each with the function it stands in."""
        if self._is_whole:
            return self._callers_by_name(info)
        reads = info.names is not self._lookup.names
        if reads not in self._callers:
            found = self._callers[reads] = {}
            for call, scope in self._lookup.names.calls:
                # A function that stands elsewhere need not be read to know that it is no other.
                target = self.target(call, scope, reads)
                if target is not None:
                    found.setdefault(id(target), []).append((scope.function, call))
        return self._callers[reads].get(id(info), [])

    @property
    def _is_whole(self) -> bool:
        project = self._lookup.project
        return project is not None and project.whole

    def _callers_by_name(self, info: FunctionInfo) -> list[tuple[FunctionInfo | None, cst.Call]]:
        """The calls that name the function: to ask what others call would read most of a project."""
        known = self._named.get(id(info))
        if known is None:
            owner = info.class_info
            words = {info.name}
            if owner is not None and info.name == "__init__":
                words = {owner.name, "cls"}
            known = self._named[id(info)] = [
                (scope.function, call)
                for call, scope in self._lookup.names.calls
                if last_word(call.func) in words and self.target(call, scope) is info
            ]
        return known

    def target(self, call: cst.Call, scope: Scope, reads: bool = True) -> FunctionInfo | None:
        """The function of the project that a call runs, if that is known.

        Args:
            call: the call.
            scope: where it stands.
            reads: whether a function of another module is of interest.
        """
        if dotted(call.func) is None and not self._is_whole:
            return None
        value = seen(self._lookup.expression(call.func, scope))
        if reads and isinstance(value, Foreign) and value.module.bearing.may_make(value.part):
            value = self._lookup.known(value)
        if isinstance(value, Function):
            return value.info
        if isinstance(value, Class):
            return value.info.method("__init__")
        return None

    def getter(self, node: cst.Attribute, scope: Scope) -> FunctionInfo | None:
        """The property of a class of the project that reading an attribute runs."""
        owner = self._lookup.expression(node.value, scope)
        return _property_of(owner.info, node.attr.value) if isinstance(owner, Instance) else None

    def per_request(self, info: FunctionInfo) -> list[Reach]:
        """The ways in which a function is run for every request; none if it is not."""
        found: list[Reach] = []
        role = next(iter(self._roles.of(info) & fw.PER_REQUEST), None)
        if role is not None and not self._roles.of(info) & fw.ONCE:
            return [Reach(role, info, None)]
        seen = {id(info)}
        pending = [info]
        while pending:
            current = pending.pop()
            if self._roles.of(current) & (fw.ONCE | fw.QUIET):
                continue
            for caller, call in self.callers(current):
                if caller is None or id(caller) in seen:
                    continue
                if is_guarded(call, caller, self._lookup):
                    continue
                roles = self._roles.of(caller)
                role = next(iter(roles & fw.PER_REQUEST), None)
                if role is not None and not roles & fw.ONCE:
                    found.append(Reach(role, caller, call))
                    continue
                seen.add(id(caller))
                pending.append(caller)
        return found

    def is_quiet(self, info: FunctionInfo | None, quiet_roles: frozenset[str] = fw.QUIET) -> bool:
        """Whether a function is a test, a command or a migration, or only such reach it."""
        if self._roles.is_conftest or self._roles.is_migration or self._roles.is_test:
            return True
        if info is None:
            return False
        outer: FunctionInfo | None = info
        while outer is not None:
            if fw.TEST in self._roles.of(outer):
                return True
            outer = outer.outer.function
        seen: set[int] = set()
        pending = [info]
        quiet = False
        while pending:
            current = pending.pop()
            if id(current) in seen:
                continue
            seen.add(id(current))
            roles = self._roles.of(current)
            if roles & quiet_roles:
                quiet = True
                continue
            if roles & (fw.PER_REQUEST | fw.ONCE):
                return False
            callers = [caller for caller, _ in self.callers(current)]
            around = current.outer.function
            if around is not None:
                callers.append(around)
            if not callers:
                return quiet if current is not info else False
            if None in callers:
                return self._roles.is_script and fw.PROGRAM in quiet_roles
            pending += [caller for caller in callers if caller is not None]
        return quiet


def _property_of(owner: ClassInfo, name: str, depth: int = 0) -> FunctionInfo | None:
    method = owner.method(name)
    if method is not None:
        return method if "property" in method.decorator_names else None
    lookup = owner.names.lookup
    for base in owner.bases if depth < _MAX_DEPTH else ():
        value = lookup.expression(base, owner.outer)
        if isinstance(value, Class):
            return _property_of(value.info, name, depth + 1)
    return None
