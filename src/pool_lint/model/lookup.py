"""What a name, an attribute or a parameter is, from everything that binds it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model import attributes, bindings, loading, parameters, project_names, results
from pool_lint.model.evaluate import Evaluator
from pool_lint.model.inference import evidence
from pool_lint.model.names import Binding, ClassInfo, FunctionInfo, Names, Scope
from pool_lint.model.values import UNKNOWN, Foreign, Instance, Origin, Resource, Value
from pool_lint.syntax.room import with_room

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.lazy_module import LazyModule
    from pool_lint.model.project import Project
    from pool_lint.model.taught import Taught

_LOOK = 8
_BUILTINS = frozenset(("dict", "str", "int", "float", "bool", "print", "len", "isinstance",
                       "getattr", "hasattr", "list", "tuple", "set", "super", "type"))  # fmt: skip


class Lookup:
    """The meaning of the names of one module.

    Every answer is computed once, on demand; what depends on itself is unknown. How each answer is
    found is said by the modules beside this one; here the answers are kept.

    Args:
        names: the scopes of the module.
        filename: the file it lies in.
        project: the other modules; None where they are not to be read.
        rest: what of the module itself has not been parsed yet.
        taught: what the user has named; None for nothing.
    """

    def __init__(
        self,
        names: Names,
        filename: str = "",
        project: Project | None = None,
        rest: LazyModule | None = None,
        taught: Taught | None = None,
    ) -> None:
        self.names = names
        names.lookup = self
        self.filename = filename
        self.path = os.path.abspath(filename)
        self.taught = taught
        self.project = project
        self.rest = rest
        if rest is not None:
            for info in names.classes:
                loading.complete(info, rest, self)
        self._known: dict[tuple[int, str], Value] = {}
        self._memo: dict[tuple[str, int], Value] = {}
        self._busy: set[tuple[object, ...]] = set()
        self._evidence: dict[int, dict[str, Resource]] = {}

    @staticmethod
    def of(module: LazyModule) -> Lookup:
        """The lookup of another module; made when it is first asked for."""
        lookup = module.lookup
        if lookup is None:
            names = Names()
            lookup = Lookup(names, module.filename, module.project, module, module.taught)
            module.lookup = lookup
        return lookup

    # -- names ---------------------------------------------------------------------------------

    def name(self, word: str, scope: Scope) -> Value:
        """What ``word`` is where ``scope`` reads it, whatever the order of execution."""
        if scope.owner is not self.names:
            return scope.owner.lookup.name(word, scope)
        home = scope.find(word)
        if home is None and self.rest is not None:
            value = loading.unread(word, scope, self.rest, self)
            if value is not None:
                return value
            home = scope.find(word)
        if home is None:
            return self._undefined(word, scope)
        return self.value_of(home, word)

    def value_of(self, home: Scope, word: str) -> Value:
        """What a scope binds to ``word``."""
        key = (id(home), word)
        known = self._known.get(key)
        if known is None:
            known = self._guarded(key, lambda: bindings.bound(home, word, self))
            self._known[key] = known
        return known

    def _guarded(self, key: tuple[object, ...], compute: Callable[[], Value]) -> Value:
        if key in self._busy:
            return UNKNOWN
        self._busy.add(key)
        try:
            # What leads through many functions, or names, goes deep.
            return compute() if len(self._busy) % _LOOK else with_room(compute)
        finally:
            self._busy.discard(key)

    def _undefined(self, word: str, scope: Scope) -> Value:
        path = sa.BARE_NAMES.get(word)
        if path is not None:
            return Origin(path)
        if word in _BUILTINS:
            return Origin(word)
        if self.taught is not None:
            for star in self.names.stars:
                value = self.taught.imported(f"{star}.{word}", self)
                if value is not None:
                    return value
        function = scope.function
        return self.evidence(function).get(word, UNKNOWN) if function is not None else UNKNOWN

    def binding(self, binding: Binding) -> Value:
        """The value that one binding gives."""
        return bindings.given(binding, self)

    def expression(self, node: cst.CSTNode, scope: Scope) -> Value:
        """The value of an expression, whatever the order of execution."""
        if scope.owner is not self.names:
            return scope.owner.lookup.expression(node, scope)
        key = ("expression", id(node))
        known = self._memo.get(key)
        if known is None:
            known = self._guarded(key, lambda: Evaluator(self, scope).value(node))
            self._memo[key] = known
        return known

    def imported(self, path: str) -> Value:
        """What a dotted path means: what the user says, else the project's, else a library's."""
        value = self.taught.imported(path, self) if self.taught is not None else None
        return value or self.project_name(path) or Origin(path)

    def resolved(self, path: str) -> tuple[str, str] | None:
        """The file of the project that a dotted path leads into, and what is left of the path."""
        return project_names.resolved(path, self)

    def project_name(self, path: str) -> Value | None:
        """What a dotted path means in the project itself; None where it is not the project's."""
        return project_names.project_name(path, self)

    def exported(self, name: str) -> Value | None:
        """What a name of this module is to those who import it; None where it has no such name."""
        if self.rest is None or self.rest.defines(name):
            return self.name(name, self.names.module)
        key = ("star " + name, 0)
        found = self._memo.get(key)
        if found is None:
            # Two modules may import everything from each other.
            self._memo[key] = UNKNOWN
            found = self._memo[key] = project_names.starred(name, self.rest, self)
        return None if found is UNKNOWN else found

    def leads_to_engine(self, path: str) -> bool:
        """Whether what an import binds may make an engine, by the text of its module."""
        return project_names.leads_to_engine(path, self)

    def known(self, value: Value) -> Value:
        """A value as it is when its module has been read."""
        return value.read() if isinstance(value, Foreign) else value

    def alias(self, path: str) -> tuple[cst.BaseExpression, Scope] | None:
        """What a type alias of another module stands for, and where it is written."""
        return project_names.alias(path, self)

    # -- parameters ----------------------------------------------------------------------------

    def parameter(self, param: cst.Param, scope: Scope) -> Value:
        """What a parameter is: by its dependency, its annotation, or what is done with it."""
        if scope.owner is not self.names:
            return scope.owner.lookup.parameter(param, scope)
        key = ("parameter", id(param))
        known = self._memo.get(key)
        if known is None:
            known = self._guarded(key, lambda: parameters.parameter(param, scope, self))
            self._memo[key] = known
        return known

    def provided(self, provider: Value, site: cst.CSTNode) -> Value:
        """What a dependency gives for one request."""
        return parameters.provided(provider, site, self)

    def evidence(self, info: FunctionInfo) -> dict[str, Resource]:
        """What undeclared names of a function must be, from what is done with them."""
        if info.names is not self.names:
            return info.names.lookup.evidence(info)
        found = self._evidence.get(id(info))
        if found is None:
            # Two functions may call each other.
            self._evidence[id(info)] = {}
            found = self._evidence[id(info)] = evidence(info, self)
        return found

    # -- functions -----------------------------------------------------------------------------

    def returned(self, info: FunctionInfo) -> Value:
        """What a function returns (after awaiting)."""
        if info.names is not self.names:
            return info.names.lookup.returned(info)
        key = ("returned", id(info))
        known = self._memo.get(key)
        if known is None:
            known = self._guarded(key, lambda: results.returned(info, self))
            self._memo[key] = known
        return known

    def yielded(self, info: FunctionInfo) -> Value:
        """What a generator gives."""
        if info.names is not self.names:
            return info.names.lookup.yielded(info)
        key = ("yielded", id(info))
        known = self._memo.get(key)
        if known is None:
            known = self._guarded(key, lambda: results.yielded(info, self))
            self._memo[key] = known
        return known

    def own(self, value: Value, info: FunctionInfo, node: cst.Call, caller: Evaluator) -> Value:
        """A function's result as its caller has it: a new object for each call, an argument as is."""
        return results.own(value, info, node, caller)

    # -- classes -------------------------------------------------------------------------------

    def attribute(self, info: ClassInfo, name: str, instance: Instance | None) -> Value:
        """``object.name`` for an object of a class of the project."""
        if info.names is not self.names:
            return info.names.lookup.attribute(info, name, instance)
        key = ("attribute " + name, id(info))
        known = self._memo.get(key)
        if known is None:
            known = self._guarded(key, lambda: attributes.attribute(info, name, self))
            if self.taught is not None:
                known = self.taught.own(f"{info.name}.{name}", known, self)
            self._memo[key] = known
        return attributes.bound_to(known, instance, self)

    def library_base(self, info: ClassInfo) -> str | None:
        """The class of SQLAlchemy's that a class of the project descends from."""
        if info.names is not self.names:
            return info.names.lookup.library_base(info)
        key = ("base", id(info))
        if key in self._busy:
            return None
        self._busy.add(key)
        try:
            return attributes.library_base(info, self)
        finally:
            self._busy.discard(key)

    def entered_instance(self, value: Instance) -> Value:
        """What ``with object as name`` binds for an object of the project."""
        return attributes.entered_instance(value, self)

    def stored(self, node: cst.Attribute) -> Value:
        """``request.app.state.engine``, from what is assigned to ``….state.engine``."""
        return attributes.stored(node, self)
