"""Which functions make an engine or a pool each time they are called."""

from __future__ import annotations

import os
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

    def made_at(self, call: cst.Call, info: FunctionInfo) -> Iterator[Creation]:
        """The engines and pools that one call in a function makes each time."""
        if not self._may_lead_to_engine(call):
            return
        target = self._model.graph.target(call, self._names.scope_at(call))
        if target is None or is_guarded(call, info, self._lookup):
            return
        if target.decorator_names & fw.CACHE_DECORATORS:
            return
        for creation in self.made_by(target):
            if creation.function is not target or not self._model.home_of(target).makers.is_spared(
                creation, call
            ):
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

    def _may_lead_to_engine(self, call: cst.Call) -> bool:
        """Whether a call may end where an engine is made: its module has to speak of one."""
        root = root_of(call)
        return root is not None and self._may_be_maker(root, self._names.scope_at(call), 3)

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
