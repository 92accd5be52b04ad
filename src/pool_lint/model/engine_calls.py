"""Calls of SQLAlchemy's engine makers with all that is certain of their arguments."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.closing import references
from pool_lint.model.creations import constant
from pool_lint.model.urls import HOLE, database_of, literals_of, scheme_of, text_of_url
from pool_lint.model.values import UNKNOWN, Const, Origin, Resource
from pool_lint.syntax.walk import dotted, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.creations import Creation
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import Scope
    from pool_lint.model.urls import Literal

# With these, an engine is not made of its URL and its keywords alone.
_SPECIAL = frozenset(("creator", "async_creator", "pool", "module", "strategy", "executor",
                      "plugins"))  # fmt: skip
_HANDING = ("connect_args", "server_settings")
_DESCRIBING = frozenset(("dialect", "url", "name", "driver"))


class EngineCall:
    """A call of ``create_engine`` or ``create_async_engine``.

    Args:
        creation: the call.
        model: the module that it stands in.
    """

    def __init__(self, creation: Creation, model: ModuleModel) -> None:
        self.creation = creation
        self.call = creation.call
        self.keywords = creation.keywords
        self.model = model
        self.is_async = creation.role == sa.ASYNC_ENGINE
        self.maker = "create_async_engine" if self.is_async else "create_engine"

    @cached_property
    def release(self) -> str:
        """The release of SQLAlchemy whose tables hold."""
        from pool_lint.knowledge.accepted import release_of

        return release_of(self.model.target("sqlalchemy"))

    @cached_property
    def url(self) -> str | None:
        """The URL as far as it is known; None where its scheme is not."""
        return text_of_url(self.creation)

    @property
    def scheme(self) -> str | None:
        """``postgresql+asyncpg``; None where it is not known."""
        return None if self.url is None else scheme_of(self.url)

    @property
    def literals(self) -> list[Literal]:
        """What its URL is written with."""
        given = self.written("url")
        if given is None or not self.is_alone(given.value):
            return []
        return literals_of(given.value, self.creation.scope)

    def is_alone(self, node: cst.CSTNode) -> bool:
        """Whether nobody else uses what an argument stands for, so that it may be changed."""
        if isinstance(node, cst.Call) and node.args:
            return all(self.is_alone(arg.value) for arg in node.args)
        if not isinstance(node, cst.Name):
            return True
        text = self.model.tree_of(self.call).source.text
        return len(re.findall(rf"\b{re.escape(node.value)}\b", text)) == 2

    def safety_of(self, name: str) -> Applicability:
        """How safe it is to change an argument: other modules may use what a name stands for."""
        given = self.written(name)
        is_here = given is not None and not isinstance(given.value, cst.Name)
        return Applicability.SAFE if is_here else Applicability.UNSAFE

    @property
    def is_special(self) -> bool:
        """Whether more than the URL and the keywords decide what it does."""
        return not _SPECIAL.isdisjoint(self.keywords.values) or "plugin=" in (self.url or "")

    @cached_property
    def certain(self) -> dict[str, cst.CSTNode]:
        """The keywords that are given on every path, each with what it is given as."""
        found: dict[str, cst.CSTNode] = {}
        for arg in self.call.args:
            if arg.star == "**":
                mapping = literal_mapping(arg.value, self.creation.scope)
                found.update(entries_of(mapping) if mapping is not None else {})
            elif arg.keyword is not None:
                found[arg.keyword.value] = arg.value
        return found

    def written(self, name: str) -> cst.Arg | None:
        """The argument of that name as it is written in the call itself."""
        return self.keywords.nodes.get(name)

    def value(self, name: str) -> object:
        """The constant that a keyword certainly is; :data:`UNKNOWN` for anything else."""
        node = self.certain.get(name)
        if node is None or isinstance(node, (cst.IfExp, cst.BooleanOperation)):
            return UNKNOWN
        return constant(self.keywords.get(name))

    @cached_property
    def explicit_pool(self) -> str | None:
        """The pool class that is certainly given, by its name in SQLAlchemy."""
        value = self.keywords.get("poolclass")
        node = self.certain.get("poolclass")
        if node is None or isinstance(node, (cst.IfExp, cst.BooleanOperation)):
            return None
        if isinstance(value, Origin) and sa.is_sqlalchemy(value.path):
            return value.path.rpartition(".")[2]
        return None

    @cached_property
    def pool(self) -> str | None:
        """The pool class that it has, given or by its URL; None where that is not known."""
        value = self.keywords.get("poolclass")
        if value is not None and not (isinstance(value, Const) and value.value is None):
            return self.explicit_pool
        if self.keywords.is_open or self.url is None or "pool" in self.keywords:
            return None
        from pool_lint.knowledge.accepted import MEMORY_POOLS, flavour_of

        if flavour_of(self.scheme or "", self.release) is None:
            return None
        if not (self.scheme or "").startswith("sqlite"):
            return "AsyncAdaptedQueuePool" if self.is_async else "QueuePool"
        is_known = HOLE not in self.url and "?" not in self.url
        is_memory = is_known and database_of(self.url) in ("", ":memory:")
        return MEMORY_POOLS.get(self.scheme or "") if is_memory else None

    @property
    def only_describes(self) -> bool:
        """Whether nobody connects with it: only its dialect or its URL is asked for."""
        parents = self.model.names.parents
        parent = parents.get(id(self.call))
        if isinstance(parent, cst.Attribute):
            return parent.attr.value in _DESCRIBING
        info = self.creation.function
        if info is None or not isinstance(parent, cst.Assign) or len(parent.targets) != 1:
            return False
        target = parent.targets[0].target
        if not isinstance(target, cst.Name):
            return False
        uses = [parents.get(id(n)) for n in references(target.value, info) if n is not target]
        return bool(uses) and all(
            isinstance(use, cst.Attribute) and use.attr.value in _DESCRIBING for use in uses
        )

    @cached_property
    def is_wrapped(self) -> bool:
        """Whether it is made for an async engine: ``AsyncEngine(create_engine(...))``."""
        for call, scope in self.model.names.calls:
            word = (dotted(call.func) or "").rpartition(".")[2]
            if call.args and word.endswith("AsyncEngine"):
                value = self.model.lookup.expression(call.args[0].value, scope)
                if isinstance(value, Resource) and value.site is self.call:
                    return True
        return False

    @property
    def is_quiet(self) -> bool:
        """Whether it stands in a test, a migration or a command."""
        return self.model.is_quiet(self.creation)


def engine_calls(model: ModuleModel) -> Iterator[EngineCall]:
    """The calls of a module that make engines of a URL and keywords, in order."""
    for creation in model.creations:
        if creation.role not in (sa.SYNC_ENGINE, sa.ASYNC_ENGINE):
            continue
        if creation.name in ("create_engine", "create_async_engine"):
            yield EngineCall(creation, model)


def literal_mapping(node: cst.CSTNode, scope: Scope) -> cst.Dict | cst.Call | None:
    """The literal that an expression certainly is: written there, or in a name that nobody changes."""
    if isinstance(node, cst.Name):
        home = scope.find(node.value)
        bindings = home.names[node.value] if home is not None else []
        if len(bindings) != 1 or bindings[0].kind != "assign":
            return None
        if home is None or not _is_only_handed_on(node.value, home):
            return None
        node = bindings[0].node
    if isinstance(node, cst.Dict):
        return node
    is_dict = isinstance(node, cst.Call) and dotted(node.func) == "dict"
    return node if is_dict and isinstance(node, cst.Call) else None


def _is_only_handed_on(name: str, home: Scope) -> bool:
    """Whether nothing is done to what a name stands for but to hand its entries on."""
    parents = home.owner.parents
    nodes = [n for n in walk(home.node) if type(n) is cst.Name and n.value == name]
    if home.kind != "function" and nodes:
        # What has not been parsed may change it.
        text = home.owner.model.tree_of(nodes[0]).source.text
        if len(re.findall(rf"\b{re.escape(name)}\b", text)) > len(nodes):
            return False
    for node in nodes:
        parent = parents.get(id(node))
        if isinstance(parent, cst.Arg):
            if parent.keyword is node or parent.star == "**":
                continue
            if parent.keyword is None or parent.keyword.value not in _HANDING:
                return False
        elif not isinstance(parent, (cst.AssignTarget, cst.AnnAssign, cst.StarredDictElement)):
            return False
    return True


def entries_of(mapping: cst.Dict | cst.Call) -> dict[str, cst.CSTNode]:
    """What a literal mapping has under constant keys."""
    if isinstance(mapping, cst.Call):
        return {arg.keyword.value: arg.value for arg in mapping.args if arg.keyword is not None}
    found: dict[str, cst.CSTNode] = {}
    for element in mapping.elements:
        if isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString):
            key = element.key.evaluated_value
            if isinstance(key, str):
                found[key] = element.value
    return found


def listens_to(model: ModuleModel, event: str) -> bool:
    """Whether a module does something when a pool says that an event has happened."""
    for call, scope in model.names.calls:
        word = (dotted(call.func) or "").rpartition(".")[2]
        if word in ("listens_for", "listen") and len(call.args) > 1:
            name = model.lookup.expression(call.args[1].value, scope)
            if isinstance(name, Const) and name.value == event:
                return True
    return False
