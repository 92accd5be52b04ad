"""Sessions that a function is given under names of which nothing proves that they are sessions.

``session.get(User, key)`` alone may be anything's.  But the caller knows what it hands over, and
what he knows tells what the function does with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

import libcst as cst

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.knowledge.words import RELEASE_WORDS, SESSION_ENDINGS
from pool_lint.model.conditions import KINDS
from pool_lint.model.foreign import is_foreign
from pool_lint.model.values import SESSION, UNKNOWN, Function, Instance, Origin, Resource
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.flow import Flow
    from pool_lint.model.names import FunctionInfo

_ENDING = frozenset(word.strip(".(") for word in RELEASE_WORDS)
_RUNNING = frozenset(
    name
    for kind in KINDS
    for name, operation in sa.METHODS[kind].items()
    if operation.effect == "sql"
) | {"query"}
_DEPTH = 2


def run(flow: Flow, function: Function, node: cst.Call) -> Iterator[Resource]:
    """The sessions that a function runs statements on, and keeps, though it does not know them.

    Args:
        flow: the caller.
        function: what is called.
        node: the call.

    Returns:
        Each as the caller knows it.
    """
    info = function.info
    for param in info.params:
        argument = info.argument_of(param, node)
        if argument is None or not _is_named(param.name.value):
            continue
        value = flow.callee_value(argument)
        if isinstance(value, Resource) and value.kind in KINDS:
            known = info.names.lookup.parameter(param, info.scope)
            if known is UNKNOWN and _runs(param.name.value, info, _DEPTH):
                yield value
    receiver = function.receiver
    if isinstance(receiver, Instance) and len(receiver.given) == 1:
        given = receiver.given[0]
        if given.kind == SESSION and _runs_own(receiver, info):
            yield given


def _is_named(name: str) -> bool:
    return name.lower().endswith(SESSION_ENDINGS)


def _runs_own(receiver: Instance, info: FunctionInfo) -> bool:
    """Whether a method runs statements on what its object keeps under the name of a session."""
    lookup = info.names.lookup
    owners = {dotted(call.func.value) or "" for call in info.calls if _is_method(call.func)}
    for owner in sorted(owners):
        root, _, name = owner.partition(".")
        if root == info.self_name and name.isidentifier() and _is_named(name):
            value = lookup.attribute(receiver.info, name, None)
            if value is UNKNOWN and _runs(owner, info, _DEPTH):
                return True
    return False


def _is_method(func: cst.BaseExpression) -> TypeGuard[cst.Attribute]:
    return isinstance(func, cst.Attribute)


def _runs(name: str, info: FunctionInfo, depth: int) -> bool:
    """Whether a function runs something on what it calls ``name``, and surely does not end it."""
    lookup = info.names.lookup
    runs = False
    for call in info.calls:
        if _is_method(call.func):
            if call.func.attr.value in _ENDING:
                return False
            runs = runs or (call.func.attr.value in _RUNNING and dotted(call.func.value) == name)
        if not any(dotted(arg.value) == name for arg in call.args):
            continue
        callee = lookup.known(lookup.expression(call.func, info.names.scope_at(call)))
        if isinstance(callee, Origin) and is_foreign(callee.path):
            continue
        if not isinstance(callee, Function) or not depth:
            return False
        params = (param for param in callee.info.params if _gets(param, name, callee.info, call))
        if not any(_runs(param.name.value, callee.info, depth - 1) for param in params):
            return False
        runs = True
    return runs


def _gets(param: cst.Param, name: str, info: FunctionInfo, call: cst.Call) -> bool:
    argument = info.argument_of(param, call)
    return argument is not None and dotted(argument) == name
