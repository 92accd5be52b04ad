"""Which functions make an engine or a pool each time they are called."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.model.guards import is_guarded, stand_ins
from pool_lint.model.keeping import root_of
from pool_lint.model.names import FunctionInfo
from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.creations import Creation
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import Binding, Scope


class Makers:
    """What the functions of one module make, and those that they call.

    Args:
        model: the module.
    """

    def __init__(self, model: ModuleModel) -> None:
        self._model = model
        self._names = model.names
        self._lookup = model.lookup
        self._made: dict[int, list[Creation]] = {}

    def made_by(self, info: FunctionInfo) -> list[Creation]:
        """The engines and pools that every call of a function makes, itself or by its callees."""
        if info.names is not self._names:
            return self._model.home_of(info).makers.made_by(info)
        known = self._made.get(id(info))
        if known is None:
            self._made[id(info)] = []
            known = self._made[id(info)] = list(self._making(info))
        return known

    def _making(self, info: FunctionInfo) -> Iterator[Creation]:
        if self._model.roles.of(info) & (fw.ONCE | fw.QUIET | fw.PER_REQUEST):
            return
        for call in info.calls:
            creation = self._model.creation_of(call, self._names.scope_at(call))
            if creation is not None and creation.makes_pool:
                if not is_guarded(call, info, self._lookup):
                    yield creation
                continue
            yield from self.made_at(call, info)
        for read in self.reads(info):
            yield from self.made_at(read, info)

    def reads(self, info: FunctionInfo) -> Iterator[cst.Attribute]:
        """The attributes that a function reads, where one may be a property that makes an engine."""
        if not self._has_engine_property:
            return
        for node in walk(info.node.body):
            if isinstance(node, cst.Attribute) and self._names.scope_at(node).function is info:
                yield node

    @cached_property
    def _has_engine_property(self) -> bool:
        """Whether a property that makes an engine may be in reach; asked before any is looked for."""
        names = self._names
        return any(
            "property" in info.decorator_names and self.made_by(info) for info in names.functions
        ) or any(
            binding.kind == "import" and self._lookup.leads_to_engine(binding.path)
            for bindings in names.module.names.values()
            for binding in bindings
        )

    def made_at(self, node: cst.Call | cst.Attribute, info: FunctionInfo) -> Iterator[Creation]:
        """The engines and pools that one call in a function, or one property, makes each time."""
        if not self._may_lead_to_engine(node):
            return
        graph, scope = self._model.graph, self._names.scope_at(node)
        if isinstance(node, cst.Call):
            target = graph.target(node, scope)
        else:
            target = graph.getter(node, scope)
        if target is None or is_guarded(node, info, self._lookup):
            return
        if target.decorator_names & fw.CACHE_DECORATORS:
            return
        home = self._model.home_of(target).makers
        for creation in self.made_by(target):
            is_own = creation.function is target
            if not (is_own and isinstance(node, cst.Call) and home.is_spared(creation, node)):
                yield creation

    def is_spared(self, creation: Creation, call: cst.Call) -> bool:
        """Whether a call gives a function the very thing that it would make without it."""
        info = creation.function
        if info is None:
            return False
        given = (
            info.argument_of(param, call) for param in stand_ins(creation.call, info, self._lookup)
        )
        return any(
            value is not None and not (isinstance(value, cst.Name) and value.value == "None")
            for value in given
        )

    def _may_lead_to_engine(self, node: cst.Call | cst.Attribute) -> bool:
        """Whether a call may end where an engine is made: its module has to speak of one."""
        root = root_of(node)
        return root is not None and self._may_be_maker(root, self._names.scope_at(node), 3)

    def _may_be_maker(self, word: str, scope: Scope, depth: int) -> bool:
        home = scope.find(word)
        if home is None:
            rest = self._lookup.rest
            return rest is not None and rest.defines(word)
        return any(self._may_bind_maker(binding, depth) for binding in home.names[word])

    def _may_bind_maker(self, binding: Binding, depth: int) -> bool:
        if binding.kind == "import":
            return self._lookup.leads_to_engine(binding.path)
        node, scope = binding.node, binding.scope
        if binding.kind != "parameter" or not isinstance(node, cst.Param) or not depth:
            return True
        info = scope.info
        if isinstance(info, FunctionInfo) and info.self_name == node.name.value:
            return True
        # Only what its declaration names tells what a parameter is.
        outer = scope.parent or scope
        return any(
            self._may_be_maker(name.value, outer, depth - 1)
            for part in (node.annotation, node.default)
            if part is not None
            for name in walk(part)
            if isinstance(name, cst.Name) and outer.find(name.value) is not None
        )

    def calls_imported_maker(self, call: cst.Call) -> bool:
        """Whether what a call names is imported and may make an engine, by the text of it."""
        project, root = self._lookup.project, root_of(call)
        home = self._names.scope_at(call).find(root) if root is not None else None
        if home is None or project is None or root is None:
            return False
        path = os.path.abspath(self._lookup.filename)
        return any(
            binding.kind == "import" and project.leads(binding.path, path)
            for binding in home.names[root]
        )
