"""The model of one module: everything that rules may ask."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.knowledge import slow
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.analysis import NOTHING, Analysis
from pool_lint.model.collecting import collect
from pool_lint.model.creations import Creation
from pool_lint.model.engines import keeps_connections
from pool_lint.model.guards import is_guarded
from pool_lint.model.interpreter import Interpreter
from pool_lint.model.locality import is_given_up, serves_one_call
from pool_lint.model.lookup import Lookup
from pool_lint.model.makers import Makers
from pool_lint.model.names import Binding, ClassInfo, FunctionInfo, Names, Scope
from pool_lint.model.reach import CallGraph, Reach
from pool_lint.model.roles import Roles
from pool_lint.model.values import Coroutine, Manager, Resource
from pool_lint.model.waits import Wait, waits
from pool_lint.syntax.room import with_room
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from pool_lint.model.events import Begun, Dropped, ExpiredRead
    from pool_lint.model.lazy_module import LazyModule
    from pool_lint.model.ways import Way
    from pool_lint.settings import Settings
    from pool_lint.syntax.tree import Tree


class ModuleModel:
    """What a module means.

    Args:
        lookup: the meaning of its names.
        settings: what the user taught us.

    Attributes:
        interpreter: what follows its functions.
    """

    interpreter: type[Interpreter] = Interpreter

    def __init__(self, lookup: Lookup, settings: Settings) -> None:
        self.settings = settings
        self.lookup = lookup
        self.names = lookup.names
        self.names.model = self
        self._analyses: dict[int, Analysis] = {}
        self._creations: list[Creation] | None = None
        self._waits: list[Wait] | None = None
        self._seeds: frozenset[str] | None = None
        self._tree: Tree | None = None
        self._ways: dict[int, Way | None] = {}
        self._file = lookup.rest

    @classmethod
    def of(cls, tree: Tree, settings: Settings, module: LazyModule) -> ModuleModel:
        """The model of a parsed file.

        Args:
            tree: its tree.
            settings: what the user taught us.
            module: the same file, to be read where the tree leaves something out.
        """
        module.present = tree.present
        rest = module if tree.seeds is not None else None
        names = Names(tree.module)
        collect(tree, names)
        lookup = Lookup(names, tree.source.filename, module.project, rest, module.taught)
        model = cls(lookup, settings)
        model._seeds = tree.seeds
        model._tree = tree
        model._file = module
        return model

    def release(self) -> None:
        """Cut the ties between the parts of the model, so that it is gone without a collection."""
        for scope in (self.names.module, *self.names.scopes.values()):
            scope.names.clear()
            scope.info = scope.parent = None
        for part in (self.names, self.lookup, self):
            part.__dict__.clear()

    @property
    def text(self) -> str:
        """The text of the whole file, be it parsed or not."""
        return self._file.source.text if self._file is not None else ""

    def mentions(self, *words: str) -> bool:
        """Whether one of ``words`` stands in what has been parsed of this module."""
        return self._tree is not None and self._tree.says(*words)

    def tree_of(self, node: cst.CSTNode) -> Tree:
        """The tree that a node belongs to, in this module or another.

        Raises:
            LookupError: it belongs to none that has been read.
        """
        tree = self.own_tree_of(node)
        if tree is None and self.lookup.project is not None:
            tree = self.lookup.project.tree_of(node)
        if tree is None:
            raise LookupError("a node of no tree that has been read")
        return tree

    def own_tree_of(self, node: cst.CSTNode) -> Tree | None:
        """The tree of this module that a node belongs to."""
        if not self.names.holds(node):
            return None
        root = self.names.root_of(node)
        own: list[Tree] = [self._tree] if self._tree is not None else []
        read: list[Tree] = self.lookup.rest.trees if self.lookup.rest is not None else []
        return next(tree for tree in (*own, *read) if tree.module is root)

    @cached_property
    def roles(self) -> Roles:
        """Which functions run once, for every request, as tests or commands."""
        return Roles(self.lookup, self.lookup.filename, self._file)

    @cached_property
    def graph(self) -> CallGraph:
        """Who calls whom."""
        return CallGraph(self.lookup, self.roles)

    def target(self, library: str) -> str | None:
        """The version of a library that the code is for: as set, else as the project requires it.

        Args:
            library: its name on PyPI: ``sqlalchemy``; ``python`` for the oldest Python.

        Returns:
            The version; None where that is not known, which stands for the newest.
        """
        told: str | None = getattr(self.settings, f"target_{library.replace('-', '_')}", None)
        project = self.lookup.project
        if told is not None or project is None:
            return told
        folder = os.path.dirname(self.lookup.path)
        if library == "python":
            return project.versions.python(folder, project.root_of(folder))
        return project.versions.of(library, folder, project.root_of(folder))

    def home_of(self, info: FunctionInfo) -> ModuleModel:
        """The model of the module that a function belongs to."""
        names = info.names
        if names is self.names:
            return self
        model = getattr(names, "model", None)
        return model if isinstance(model, ModuleModel) else ModuleModel(names.lookup, self.settings)

    # -- flow ----------------------------------------------------------------------------------

    def analysis(self, info: FunctionInfo) -> Analysis:
        """What following a function shows; nothing while it is being followed already."""
        if info.names is not self.names:
            return self.home_of(info).analysis(info)
        known = self._analyses.get(id(info))
        if known is None:
            self._analyses[id(info)] = NOTHING
            # A call may lead through thousands of functions.
            known = self._analyses[id(info)] = with_room(self.interpreter(self, info).run)
        return known

    def analyses(self) -> Iterator[tuple[FunctionInfo, Analysis]]:
        """The functions that may hold a finding, each with what following it shows."""
        for info in self.names.functions:
            if self._is_seed(info):
                yield info, self.analysis(info)

    def _is_seed(self, info: FunctionInfo) -> bool:
        if self._seeds is None:
            return True
        scope: Scope | None = info.scope
        while scope is not None:
            # A class within a function was chosen with that function.
            if isinstance(scope.info, FunctionInfo) and scope.info.name in self._seeds:
                return True
            scope = scope.parent
        return False

    def style_of(self, path: str) -> str | None:
        """Whether a call leaves the process, by our knowledge and the user's."""
        taught = self.lookup.taught
        leaves = taught.leaves_process(path) if taught is not None else None
        if leaves is None:
            return slow.style_of(path)
        return slow.EITHER if leaves else None

    def is_settled(self, path: str) -> bool:
        """Whether the user says of a function that it does not leave the process."""
        taught = self.lookup.taught
        return taught is not None and taught.leaves_process(path) is False

    def dropped(self) -> Iterator[tuple[FunctionInfo, Dropped]]:
        """Coroutines of resources that are never awaited."""
        for info, analysis in self.analyses():
            mirrored = analysis.events.all_coloured
            for event in analysis.events.dropped.values():
                subject = event.coroutine.subject
                # An async object that a plain function enters is one mistake, not one a call.
                if subject is None or id(subject.site) not in mirrored:
                    yield info, event

    def begun(self) -> Iterator[Begun]:
        """Calls of ``begin()`` on what has begun already."""
        for _, analysis in self.analyses():
            yield from analysis.events.all_begun

    def expired_reads(self) -> dict[int, ExpiredRead]:
        """Reads after a commit, by the call that made the session or its factory."""
        found: dict[int, ExpiredRead] = {}
        for _, analysis in self.analyses():
            for event in analysis.events.expired.values():
                if event.subject.creation is not None:
                    found.setdefault(id(event.subject.creation.call), event)
        return found

    def waits(self) -> list[Wait]:
        """Transactions that wait for something other than the database."""
        if self._waits is None:
            self._waits = list(waits(self))
        return self._waits

    # -- creations -----------------------------------------------------------------------------

    @property
    def creations(self) -> list[Creation]:
        """Every call that makes an engine, a pool, a session or a factory, in order."""
        if self._creations is None:
            self._creations = list(self._find_creations())
        return self._creations

    def _find_creations(self) -> Iterator[Creation]:
        for call, scope in self.names.calls:
            if self._may_create(call):
                creation = self.creation_of(call, scope)
                if creation is not None:
                    yield creation

    def _may_create(self, call: cst.Call) -> bool:
        """Whether the word that is called may be a maker's: asking is cheaper than looking up."""
        func = call.func.value if isinstance(call.func, cst.Subscript) else call.func
        word = func.attr.value if isinstance(func, cst.Attribute) else getattr(func, "value", "")
        return word in self._maker_names or (
            isinstance(word, str) and word[:1].isupper() and word.endswith(("Session", "Maker"))
        )

    @cached_property
    def _maker_names(self) -> frozenset[str]:
        """Names of this module by which engines, pools, sessions and factories may be made."""
        scopes = [self.names.module, *(info.scope for info in self.names.functions)]
        scopes += [info.scope for info in self.names.classes]
        return sa.MAKER_NAMES.union(
            name
            for scope in scopes
            for name, bindings in scope.names.items()
            if any(self._binds_maker(name, binding) for binding in bindings)
        )

    def _binds_maker(self, name: str, binding: Binding) -> bool:
        if binding.kind == "import":
            return sa.role_of(binding.path) is not None
        if binding.kind == "class" and isinstance(binding.scope.info, ClassInfo):
            return self.lookup.library_base(binding.scope.info) is not None
        return binding.kind == "assign" and name[:1].isupper()

    def creation_of(self, call: cst.Call, scope: Scope) -> Creation | None:
        """What a call makes, if it is an engine, a pool, a session or a factory of the library's."""
        if not isinstance(call.func, (cst.Name, cst.Attribute, cst.Subscript)):
            return None
        value = self.lookup.expression(call, scope)
        if isinstance(value, Coroutine):
            value = value.result
        if isinstance(value, Manager):
            value = value.entered
        if not isinstance(value, Resource) or value.creation is None:
            return None
        if value.creation.call is not call:
            return None
        value.creation.scope = scope
        return value.creation

    @cached_property
    def makers(self) -> Makers:
        """Which functions make engines and pools."""
        return Makers(self)

    def is_guarded(self, node: cst.CSTNode, info: FunctionInfo) -> bool:
        """Whether a node runs only when something that outlives its function is not there yet."""
        return is_guarded(node, info, self.lookup)

    def per_request(self) -> Iterator[tuple[FunctionInfo, str]]:
        """The functions that run for every request, task or message, and what they are."""
        for info in self.names.functions:
            roles = self.roles.of(info)
            role = next(iter(sorted(roles & fw.PER_REQUEST)), None)
            if role is not None and not roles & fw.ONCE and not self.graph.is_quiet(info):
                yield info, role

    def lasting_engines(self) -> Iterator[Creation]:
        """Engines whose pool lives on: not a test's, a command's, a request's or a function's."""
        for creation in self.creations:
            if not keeps_connections(creation):
                continue
            if self._listens and creation.function is not None:
                # A service, although it is started as a command is.
                quiet = self.graph.is_quiet(creation.function, fw.QUIET - {fw.PROGRAM})
            else:
                quiet = self.is_quiet(creation)
            if quiet:
                continue
            if is_given_up(creation, self.lookup) or serves_one_call(creation):
                continue
            if not self.reaches(creation) and self.way_to(creation) is None:
                yield creation

    @cached_property
    def _listens(self) -> bool:
        """Whether the module is of a program that runs until it is stopped."""
        return not fw.LISTENERS.isdisjoint(self.names.imports)

    def is_configured_later(self, creation: Creation) -> bool:
        """Whether a factory is given ``expire_on_commit`` where it is called or reconfigured."""
        for call, scope in self.names.calls:
            if any(
                a.keyword is not None and a.keyword.value == "expire_on_commit" for a in call.args
            ):
                func = call.func
                if isinstance(func, cst.Attribute) and func.attr.value == "configure":
                    func = func.value
                value = self.lookup.expression(func, scope)
                if isinstance(value, Resource) and value.site is creation.call:
                    return True
        return False

    def reaches(self, creation: Creation) -> list[Reach]:
        """How a creation is run for every request; none if it is not."""
        info = creation.function
        if info is None or is_guarded(creation.call, info, self.lookup):
            return []
        return self.graph.per_request(info)

    def way_to(self, creation: Creation) -> Way | None:
        """How a request that another file handles leads to a creation; None where none does."""
        key = id(creation.call)
        if key not in self._ways:
            from pool_lint.model.per_request import way_to

            self._ways[key] = way_to(creation, self)
        return self._ways[key]

    def is_quiet(self, creation: Creation) -> bool:
        """Whether a creation stands in a test, a migration or a command."""
        return self.is_quiet_at(creation.call, creation.function)

    def is_quiet_at(self, node: cst.CSTNode, info: FunctionInfo | None) -> bool:
        """Whether a node stands in a test, a migration or a command; ``info`` is its function."""
        if self.graph.is_quiet(info):
            return True
        if info is not None:
            return False
        return self._in_main_guard(node) or (self.roles.is_script and not self.serves_requests())

    def _in_main_guard(self, node: cst.CSTNode) -> bool:
        from pool_lint.model.roles import _is_main_test

        current = self.names.enclosing(node, cst.If)
        while isinstance(current, cst.If):
            if _is_main_test(current.test):
                return True
            current = self.names.enclosing(current, cst.If)
        return False

    def is_expected_to_fail(self, node: cst.CSTNode) -> bool:
        """Whether a node stands in a block that wants an exception: ``with pytest.raises(...)``."""
        block = self.names.enclosing(node, cst.With, cst.FunctionDef)
        while isinstance(block, cst.With):
            if any(_wants_exception(item.item) for item in block.items):
                return True
            block = self.names.enclosing(block, cst.With, cst.FunctionDef)
        return False

    def serves_requests(self) -> bool:
        """Whether a function of the module runs for every request, task or message."""
        return any(self.roles.of(info) & fw.PER_REQUEST for info in self.names.functions)


def _wants_exception(node: cst.BaseExpression) -> bool:
    if not isinstance(node, cst.Call):
        return False
    word = (dotted(node.func) or "").rpartition(".")[2]
    return word in ("raises", "assertRaises", "assertRaisesRegex") or word.startswith(
        "expect_raises"
    )
