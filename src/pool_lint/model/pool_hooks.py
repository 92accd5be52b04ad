"""What the ``init`` of an asyncpg pool sets on its connections, and the pool takes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix
from pool_lint.knowledge import settings_sql as table
from pool_lint.model.creations import constant
from pool_lint.model.sql_text import statement_of
from pool_lint.model.values import Const, Function
from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pool_lint.model.creations import Creation
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import FunctionInfo, Scope
    from pool_lint.syntax.tree import Tree

_RUNNING = frozenset(("execute", "fetch", "fetchrow", "fetchval"))
# RESET ALL leaves these alone.
_STAYING = frozenset(("role", "session authorization"))
# With one of these nobody knows what a connection goes through between two users.
_OTHER_HOOKS = ("setup", "reset", "connection_class")
_DEPTH = 3


class LostSetting:
    """A setting that is there for the first user of a connection only.

    Attributes:
        arg: the argument ``init=``.
        name: of the setting.
        statement: where it is set.
        function: the function that sets it; None for a lambda.
        is_all: whether the hook does nothing else with the connection.
    """

    __slots__ = ("arg", "function", "is_all", "name", "statement")

    def __init__(
        self, arg: cst.Arg, name: str, statement: cst.CSTNode, function: FunctionInfo | None
    ) -> None:
        self.arg = arg
        self.name = name
        self.statement = statement
        self.function = function
        self.is_all = True


def lost_setting(creation: Creation, lookup: Lookup) -> LostSetting | None:
    """What a pool's ``init`` sets, if the pool takes it back at the first release.

    Args:
        creation: the call that makes the pool.
        lookup: the names of its module.
    """
    arg = creation.keywords.nodes.get("init")
    if arg is None or creation.keywords.is_open:
        return None
    others = (creation.keywords.get(name) for name in _OTHER_HOOKS)
    if any(other is not None and constant(other) is not None for other in others):
        return None
    found = _Hook(arg)
    node = arg.value
    if isinstance(node, cst.Lambda):
        if len(node.params.params) == 1:
            calls = [one for one in walk(node.body) if isinstance(one, cst.Call)]
            found.look(calls, node.params.params[0].name.value, creation.scope, lookup, None)
        return found.lost
    if isinstance(node, cst.Call) and sum(one.keyword is None for one in node.args) != 1:
        return None
    value = lookup.known(lookup.expression(node, creation.scope))
    if isinstance(value, Function):
        params = [p.name.value for p in value.info.params if p.name.value != value.info.self_name]
        if params:
            found.enter(value.info, params[0])
    return found.lost


class _Hook:
    """What is done with the connection that a hook is given."""

    def __init__(self, arg: cst.Arg) -> None:
        self._arg = arg
        self._lost: LostSetting | None = None
        self._is_all = True
        self._depth = 0

    @property
    def lost(self) -> LostSetting | None:
        """The first setting that is made."""
        if self._lost is not None:
            self._lost.is_all = self._is_all
        return self._lost

    def enter(self, info: FunctionInfo, connection: str) -> None:
        """Look into a function that has the connection under a name."""
        if self._depth < _DEPTH:
            self._depth += 1
            self.look(info.calls, connection, info.scope, info.names.lookup, info)
            self._depth -= 1

    def look(
        self, calls: Iterable[cst.Call], connection: str, scope: Scope, lookup: Lookup,
        info: FunctionInfo | None,
    ) -> None:  # fmt: skip
        """Look at calls in which the connection has a name."""
        for call in calls:
            func = call.func
            if isinstance(func, cst.Attribute) and _is_named(func.value, connection):
                self._used(call, func.attr.value, scope, lookup, info)
            elif any(_is_named(one.value, connection) for one in call.args):
                self._hand_on(call, connection, scope, lookup)

    def _used(
        self, call: cst.Call, method: str, scope: Scope, lookup: Lookup, info: FunctionInfo | None
    ) -> None:
        settings = list(_settings(call, scope, lookup)) if method in _RUNNING else []
        if not settings:
            self._is_all = self._is_all and method == "transaction"
        for name in settings:
            if self._lost is None:
                self._lost = LostSetting(self._arg, name, call, info)

    def _hand_on(self, call: cst.Call, connection: str, scope: Scope, lookup: Lookup) -> None:
        value = lookup.known(lookup.expression(call.func, scope))
        if not isinstance(value, Function):
            self._is_all = False
            return
        for param in value.info.params:
            argument = value.info.argument_of(param, call)
            if argument is not None and _is_named(argument, connection):
                self.enter(value.info, param.name.value)


def _settings(call: cst.Call, scope: Scope, lookup: Lookup) -> Iterator[str]:
    """The settings that a call makes, without those that outlive the pool's RESET ALL."""
    if not call.args:
        return
    written = call.args[0].value
    statement = statement_of(written, scope, lookup)
    value = lookup.expression(written, scope) if statement is None else None
    text = statement.text if statement is not None else ""
    if isinstance(value, Const) and isinstance(value.value, str):
        text = value.value
    for part in text.split(";"):
        done = table.lasting(part)
        is_setting = done is not None and done.what == table.SETTING and not done.undone
        if done is not None and is_setting and done.name not in _STAYING:
            yield done.name


def _is_named(node: cst.BaseExpression, word: str) -> bool:
    return isinstance(node, cst.Name) and node.value == word


def set_up(lost: LostSetting) -> Callable[[Tree], Fix | None] | None:
    """Hand the function over as ``setup``, which runs for every user of a connection."""
    keyword = lost.arg.keyword
    if keyword is None or not lost.is_all:
        return None

    def fix(tree: Tree) -> Fix | None:
        edit = Edit(tree.range_of(keyword), "setup")
        return Fix(Applicability.UNSAFE, "Write `setup=`", (edit,))

    return fix
