"""Calls that make an engine, a pool, a session or a factory, and how they configure it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.values import UNKNOWN, Const, Record, Text, Value

if TYPE_CHECKING:
    from pool_lint.model.evaluate import Evaluator
    from pool_lint.model.names import FunctionInfo, Scope

ENGINE_ROLES = frozenset((sa.SYNC_ENGINE, sa.ASYNC_ENGINE, sa.UNSEEN_ENGINE))
SESSION_ROLES = frozenset((sa.SYNC_SESSION, sa.ASYNC_SESSION))
FACTORY_ROLES = frozenset((sa.SYNC_FACTORY, sa.ASYNC_FACTORY))
POOL_ROLES = frozenset((sa.PG_POOL, sa.PG_CONNECT))


class Keywords:
    """The arguments of a call by name.

    Attributes:
        values: what is known of each.
        nodes: the argument as written, for those that are written in the call itself.
        is_open: whether there may be more than is seen.
    """

    __slots__ = ("is_open", "nodes", "values")

    def __init__(self) -> None:
        self.values: dict[str, Value] = {}
        self.nodes: dict[str, cst.Arg] = {}
        self.is_open = False

    @classmethod
    def of(cls, call: cst.Call, positional: tuple[str, ...], evaluator: Evaluator) -> Keywords:
        """Read the arguments of ``call``; ``positional`` names those that come without a name."""
        found = cls()
        for index, arg in enumerate(call.args):
            if arg.star == "**":
                found._merge(evaluator.value(arg.value))
            elif arg.star:
                found.is_open = True
            elif arg.keyword is not None:
                found._set(arg.keyword.value, evaluator.value(arg.value), arg)
            elif index < len(positional):
                found._set(positional[index], evaluator.value(arg.value), arg)
        return found

    def _set(self, name: str, value: Value, node: cst.Arg) -> None:
        self.values[name] = value
        self.nodes[name] = node

    def _merge(self, value: Value) -> None:
        if isinstance(value, Record):
            self.values.update(value.entries)
            self.is_open = self.is_open or value.is_open
        else:
            self.is_open = True

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def get(self, name: str) -> Value | None:
        """What is known of an argument; None where it is not given."""
        return self.values.get(name)

    def literal(self, name: str) -> object:
        """What is written for an argument in the call itself; :data:`UNKNOWN` for anything else."""
        node = self.nodes.get(name)
        if node is None or not isinstance(node.value, (cst.Name, cst.Integer, cst.UnaryOperation)):
            return UNKNOWN
        if isinstance(node.value, cst.Name) and node.value.value not in ("True", "False", "None"):
            return UNKNOWN
        return constant(self.values.get(name))

    def lacks(self, name: str) -> bool:
        """Whether the argument is certainly not given."""
        return not self.is_open and name not in self.values


class Creation:
    """One call that makes an engine, a pool, a session or a factory.

    Attributes:
        call: the call.
        role: what is made, one of the roles of :mod:`pool_lint.knowledge.sqlalchemy`.
        is_async: the flavour, None where it is not known.
        keywords: its arguments.
        scope: where the call stands.
    """

    __slots__ = ("call", "is_async", "keywords", "name", "role", "scope")

    def __init__(
        self, call: cst.Call, role: str, is_async: bool | None, keywords: Keywords, scope: Scope,
        name: str = "",
    ) -> None:  # fmt: skip
        self.call = call
        self.role = role
        self.is_async = is_async
        self.keywords = keywords
        self.scope = scope
        self.name = name

    def called(self, call: cst.Call, evaluator: Evaluator) -> Creation:
        """How a factory's call configures its session, on top of the factory's own arguments."""
        if not call.args:
            return self
        given = Keywords.of(call, (), evaluator)
        given.values = {**self.keywords.values, **given.values}
        given.nodes = self.keywords.nodes
        given.is_open = given.is_open or self.keywords.is_open
        return Creation(self.call, self.role, self.is_async, given, self.scope, self.name)

    @property
    def function(self) -> FunctionInfo | None:
        """The function in which the call stands."""
        return self.scope.function

    @property
    def makes_engine(self) -> bool:
        """Whether it makes an SQLAlchemy engine."""
        return self.role in ENGINE_ROLES

    @property
    def is_unseen(self) -> bool:
        """Whether the user says that it makes an engine, and nothing shows how."""
        return self.role == sa.UNSEEN_ENGINE

    @property
    def makes_pool(self) -> bool:
        """Whether it opens a pool or a connection of its own."""
        return self.role in ENGINE_ROLES or self.role in POOL_ROLES

    @property
    def makes_session(self) -> bool:
        """Whether it makes a session or a factory of sessions."""
        return self.role in SESSION_ROLES or self.role in FACTORY_ROLES

    @property
    def url_prefix(self) -> str | None:
        """What the URL begins with, as far as it is written; None where nothing is known."""
        url = self.keywords.get("url") or self.keywords.get("dsn")
        if isinstance(url, Const) and isinstance(url.value, str):
            return url.value
        if isinstance(url, Text) and url.prefix:
            return url.prefix
        return None

    def pool_class(self) -> str | None:
        """The last word of ``poolclass``'s path; "?" where one is given that is not known."""
        from pool_lint.model.values import Origin

        value = self.keywords.get("poolclass")
        if value is None or (isinstance(value, Const) and value.value is None):
            return None
        if isinstance(value, Origin) and sa.is_sqlalchemy(value.path):
            return value.path.rpartition(".")[2]
        return "?"


def constant(value: Value | None) -> object:
    """The Python value of a constant; :data:`UNKNOWN` where it is not one."""
    return value.value if isinstance(value, Const) else UNKNOWN
