"""What a user has named in the settings: functions of which nobody can see what they do."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.annotations import annotated, depends_on
from pool_lint.model.creations import Creation, Keywords
from pool_lint.model.inference import is_used_as_async
from pool_lint.model.values import (
    ENGINE,
    FACTORY,
    SESSION,
    UNKNOWN,
    Class,
    Coroutine,
    Function,
    Manager,
    Named,
    Resource,
    Stream,
    Value,
)  # fmt: skip
from pool_lint.syntax.vocabulary import Vocabulary
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from pool_lint.model.evaluate import Evaluator
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import FunctionInfo, Scope
    from pool_lint.settings import Settings


class Taught:
    """The functions that a user has named, and what they are.

    Args:
        key: the names of functions that make engines, of those that give sessions, of those that
            leave the process and of those that do not.
    """

    def __init__(self, key: tuple[tuple[str, ...], ...]) -> None:
        self.key = key
        self._engines, self._sessions, self._external, self._local = map(_Names, key)
        self.vocabulary = Vocabulary(*key[:3])

    @classmethod
    def by(cls, settings: Settings) -> Taught | None:
        """What the settings say; None where they name no function."""
        key = (
            settings.engine_factories,
            settings.session_providers,
            settings.external_calls,
            settings.not_external,
        )
        return _taught(key) if any(key) else None

    def leaves_process(self, path: str) -> bool | None:
        """Whether calling ``path`` leaves the process; None where the user does not say."""
        path = path.replace("()", "")
        if path in self._local or self._makes(path):
            return False
        return True if path in self._external else None

    def makes_engine(self, path: str) -> bool:
        """Whether calling ``path`` makes an engine."""
        return path in self._engines

    def _makes(self, name: str) -> str | None:
        if name in self._engines:
            return ENGINE
        return SESSION if name in self._sessions else None

    def _knows(self, name: str) -> bool:
        return any(
            name in names for names in (self._engines, self._sessions, self._external, self._local)
        )

    # -- names ---------------------------------------------------------------------------------

    def imported(self, path: str, lookup: Lookup) -> Value | None:
        """What a dotted path stands for in a module; None where the user has not named it."""
        name = path.replace("()", "")
        if self._knows(name):
            return self._named(name, lookup.project_name(path), lookup)
        found = lookup.resolved(name)
        return (
            self._defined(found[0], found[1], lookup.project_name(path), lookup) if found else None
        )

    def own(self, name: str, value: Value, lookup: Lookup) -> Value:
        """What a name that a module itself defines stands for: ``value``, or what the user says."""
        return self._defined(lookup.path, name, value, lookup) or value

    def _defined(
        self, filename: str, name: str, real: Value | None, lookup: Lookup
    ) -> Value | None:
        modules = lookup.project.names_of(filename) if lookup.project is not None and name else ()
        for module in modules:
            if self._knows(f"{module}.{name}"):
                return self._named(f"{module}.{name}", real, lookup)
        return None

    def _named(self, name: str, real: Value | None, lookup: Lookup) -> Value:
        """What can be seen goes before what was said of it, so that a setting hides no finding."""
        if real is not None and self._makes(name) and _is_understood(real, lookup):
            return real
        return Named(name, real)

    # -- what they give ------------------------------------------------------------------------

    def call(self, path: str, node: cst.Call, evaluator: Evaluator) -> Value | None:
        """What calling ``path`` gives; None where it is neither an engine nor a session."""
        name = path.replace("()", "")
        made = self._makes(name)
        if made is None:
            return None
        is_async = _flavour(node, evaluator.scope, evaluator.lookup)
        if made == ENGINE:
            keywords = Keywords()
            keywords.is_open = True
            creation = Creation(
                node, sa.UNSEEN_ENGINE, is_async, keywords, evaluator.scope, name.rpartition(".")[2]
            )
            return Resource(ENGINE, is_async, node, creation)
        session = Resource(SESSION, is_async, node)
        parent = evaluator.lookup.names.parents.get(id(node))
        if isinstance(parent, cst.WithItem):
            return Manager(node, session, None)
        if isinstance(parent, (cst.For, cst.CompFor)):
            return Stream(session, None, parent.asynchronous is not None)
        return session

    def dependency(self, param: cst.Param, scope: Scope, info: FunctionInfo | None) -> Value:
        """What a parameter is that the framework fills from a function which the user has named."""
        lookup = scope.owner.lookup
        provider = depends_on(param, scope, lookup)
        made = self._makes(provider.path) if isinstance(provider, Named) else None
        if made is None:
            return UNKNOWN
        used = info is not None and is_used_as_async(param.name.value, info, lookup)
        return Resource(made, True if used else None, param)


class _Names:
    """Dotted names, with ``*`` for any one part."""

    __slots__ = ("_exact", "_pattern")

    def __init__(self, names: tuple[str, ...]) -> None:
        self._exact = frozenset(name for name in names if "*" not in name)
        wide = [re.escape(name).replace(r"\*", r"\w+") for name in names if "*" in name]
        self._pattern = re.compile("|".join(wide)) if wide else None

    def __contains__(self, name: str) -> bool:
        if name in self._exact:
            return True
        return self._pattern is not None and self._pattern.fullmatch(name) is not None


@lru_cache(maxsize=16)
def _taught(key: tuple[tuple[str, ...], ...]) -> Taught:
    return Taught(key)


def _is_understood(value: Value, lookup: Lookup) -> bool:
    """Whether it is seen which engine or session a function of the project gives."""
    value = lookup.known(value)
    if isinstance(value, Class):
        return lookup.library_base(value.info) is not None
    if isinstance(value, Resource):
        return value.kind == FACTORY
    if not isinstance(value, Function):
        return False
    info = value.info
    given = lookup.yielded(info) if info.is_generator else lookup.returned(info)
    if isinstance(given, Manager):
        given = given.entered
    elif isinstance(given, Coroutine):
        given = given.result
    return isinstance(given, Resource)


def _flavour(node: cst.Call, scope: Scope, lookup: Lookup) -> bool | None:
    """Whether a call gives something async, by what the code around it does with it."""
    parents = lookup.names.parents
    value: cst.CSTNode = node
    parent = parents.get(id(node))
    if isinstance(parent, cst.Await):
        value, parent = parent, parents.get(id(parent))
    if isinstance(parent, cst.AnnAssign):
        declared = annotated(parent.annotation.annotation, scope, node, lookup)
        if isinstance(declared, Resource):
            return declared.is_async
    target = _target(parent)
    name = target.value if isinstance(target, cst.Name) else ""
    function = scope.function
    if name and function is not None and is_used_as_async(name, function, lookup):
        return True
    block = parents.get(id(parent)) if isinstance(parent, cst.WithItem) else None
    if not isinstance(block, cst.With) or value is not node:
        return None
    if block.asynchronous is None:
        return False
    # Some coroutines hand out plain sessions; only those have a query.
    queries = function is not None and any(
        dotted(call.func) == f"{name}.query" for call in function.calls
    )
    return None if queries else True


def _target(parent: cst.CSTNode | None) -> cst.CSTNode | None:
    """The name that a statement gives to a value."""
    if isinstance(parent, cst.Assign):
        return parent.targets[0].target
    if isinstance(parent, (cst.AnnAssign, cst.NamedExpr, cst.For)):
        return parent.target
    if isinstance(parent, cst.WithItem) and parent.asname is not None:
        return parent.asname.name
    return None
