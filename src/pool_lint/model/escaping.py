"""Sessions and connections that a function makes, and whether anybody else gets hold of them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.values import (
    CONNECTION,
    ENGINE,
    FACTORY,
    SESSION,
    TRANSACTION,
    Bundle,
    Class,
    Foreign,
    Function,
    Group,
    Instance,
    Manager,
    Method,
    Named,
    Origin,
    Record,
    Resource,
    Stream,
    Value,
)  # fmt: skip
from pool_lint.model.watching import Watcher
from pool_lint.syntax.walk import dotted, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pool_lint.model.flow import Flow

_TRACKED = (SESSION, CONNECTION)
# What looks at its arguments and keeps none.
_LOOKING = frozenset(
    (
        "print",
        "isinstance",
        "len",
        "id",
        "type",
        "str",
        "repr",
        "bool",
        "hasattr",
        "sqlalchemy.inspect",
    )
)
_HARMLESS = frozenset(
    ("info", "dirty", "new", "deleted", "identity_map", "is_active", "bind", "engine", "dialect",
     "closed", "autoflush", "no_autoflush", "sync_session", "sync_connection", "sync_engine",
     "invalidated", "default_isolation_level", "in_transaction")
)  # fmt: skip


class Escapes(Watcher):
    """Finds out which sessions and connections stay in the function that makes them.

    Attributes:
        escaped: the identities of those that somebody else may do anything with.
        made: those that the function itself makes.
    """

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self.escaped: set[int] = set()
        self.made: set[int] = set()
        self._names: dict[int, set[str]] = {}

    def escape(self, subject: Resource) -> None:
        """From here on, and before, anything may happen to ``subject``."""
        self.escaped.add(id(subject.site))
        if subject.owner is not None and subject.owner.kind == SESSION:
            self.escaped.add(id(subject.owner.site))

    def is_own(self, subject: Resource) -> bool:
        """Whether a session is made here, and new."""
        return id(subject.site) in self.made

    def may_report(self, subject: Resource) -> bool:
        """Whether all that happens to a session happens in this function."""
        site = id(subject.site)
        if site not in self.made or site in self.escaped or self._is_chained(subject):
            return False
        return self._elsewhere.isdisjoint(self._names.get(site, ()))

    def _is_chained(self, subject: Resource) -> bool:
        """``engine.connect().execute(...)``: what is wrong with that is that nobody can close it."""
        parent = self.flow.lookup.names.parents.get(id(subject.site))
        return isinstance(parent, cst.Attribute) and parent.attr.value != "execution_options"

    @cached_property
    def _elsewhere(self) -> frozenset[str]:
        """The names in functions within the function, which run whenever they are called."""
        if self.flow.info is None:
            return frozenset()
        return frozenset(
            inner.value
            for node in walk(self.flow.info.node.body)
            if isinstance(node, (cst.FunctionDef, cst.Lambda))
            for inner in walk(node)
            if isinstance(inner, cst.Name)
        )

    # -- what is heard -------------------------------------------------------------------------

    def created(self, resource: Resource) -> None:
        site = resource.site
        if resource.kind not in _TRACKED or not isinstance(site, cst.Call):
            return
        callee = self.flow.callee(site)
        if isinstance(callee, Method):
            is_made = callee.subject.kind in (ENGINE, FACTORY)
        elif isinstance(callee, Resource):
            is_made = callee.kind == FACTORY
        else:
            is_made = isinstance(callee, (Origin, Class)) and not isinstance(callee, Named)
        if is_made:
            self.make(resource)

    def make(self, resource: Resource) -> None:
        """A session or connection is new, and nobody else's; what methods of arguments give is."""
        site, info = resource.site, self.flow.info
        if resource.kind == SESSION and _is_on_connection(resource):
            return
        if resource.kind == SESSION and isinstance(site, cst.Call):
            root = (dotted(site.func) or "").split(".")
            params = {param.name.value for param in info.params} if info is not None else set()
            if info is not None and len(root) > 1 and root[0] in params - {info.self_name}:
                return
        self.made.add(id(site))

    def called(self, callee: Value, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        if isinstance(callee, (Function, Foreign)) and not isinstance(result, (Manager, Stream)):
            return
        if isinstance(callee, Origin) and callee.path in _LOOKING:
            return
        for value in values:
            self._hand(value)

    def read(self, value: Value, node: cst.CSTNode) -> None:
        if not isinstance(value, Resource) or value.kind not in _TRACKED:
            return
        name = node.attr.value if isinstance(node, cst.Attribute) else ""
        if name not in sa.METHODS[value.kind] and name not in _HARMLESS:
            self.escape(value)

    def bound(self, target: cst.BaseExpression, value: Value) -> None:
        if not isinstance(target, cst.Name):
            if not isinstance(target, (cst.Tuple, cst.List)):
                self._hand(value)
            return
        if isinstance(value, Resource):
            self._names.setdefault(id(value.site), set()).add(target.value)
            if self.flow.scope.find(target.value) is not self.flow.scope:
                self._hand(value)
        elif isinstance(value, (Group, Record, Method)):
            self._hand(value)

    def returned(self, value: Value, node: cst.Return) -> None:
        self._hand(value)

    def yielded(self, value: Value, node: cst.Yield) -> None:
        self._hand(value)

    # -- arguments -----------------------------------------------------------------------------

    def _hand(self, value: Value) -> None:
        for subject in _held_by(value):
            self.escape(subject)

    def given_to(self, node: cst.Call) -> list[Resource]:
        """The sessions and connections among the arguments of a call."""
        values = [self.flow.callee_value(arg.value) for arg in node.args]
        return [v for v in values if isinstance(v, Resource) and v.kind in _TRACKED]

    def escape_arguments(self, node: cst.Call) -> None:
        """A function is called that nobody can see, or that cannot be followed."""
        for arg in node.args:
            self._hand(self.flow.callee_value(arg.value))
        callee = self.flow.callee(node)
        self._hand(getattr(callee, "receiver", None) or callee)

    def escape_objects(self, node: cst.Call) -> None:
        """What other objects do with the sessions that they were given, nobody follows."""
        for arg in node.args:
            value = self.flow.callee_value(arg.value)
            if not isinstance(value, Resource):
                self._hand(value)


def _held_by(value: Value) -> Iterator[Resource]:
    """The sessions and connections that a value is, or has in it."""
    if isinstance(value, Resource):
        if value.kind in _TRACKED:
            yield value
        elif value.kind == TRANSACTION and value.owner is not None:
            yield from _held_by(value.owner)
    elif isinstance(value, Method):
        yield from _held_by(value.subject)
    elif isinstance(value, (Group, Bundle)):
        for item in value.items:
            yield from _held_by(item)
    elif isinstance(value, Record):
        for item in value.entries.values():
            yield from _held_by(item)
    elif isinstance(value, Instance):
        yield from value.given


def _is_on_connection(session: Resource) -> bool:
    """Whether a session works in the transaction of a connection, which others end."""
    creation = session.creation
    bound = creation.keywords.get("bind") if creation is not None else None
    return any(
        isinstance(value, Resource) and value.kind == CONNECTION for value in (session.owner, bound)
    )
