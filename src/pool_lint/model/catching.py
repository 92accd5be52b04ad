"""What handlers and retry libraries catch, as dotted paths of exception classes."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import failures
from pool_lint.model.values import Origin

if TYPE_CHECKING:
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import Scope

_BUILTINS = frozenset(dir(builtins))
# What a bare ``except:`` catches, and a retry library that is not told anything else.
ALL = ("Exception",)


def caught_by(
    handler: cst.ExceptHandler | cst.ExceptStarHandler, scope: Scope, lookup: Lookup
) -> tuple[str, ...] | None:
    """The classes that a handler catches; None where one of them is not known."""
    if handler.type is None:
        return ALL
    return classes(handler.type, scope, lookup)


def classes(node: cst.BaseExpression, scope: Scope, lookup: Lookup) -> tuple[str, ...] | None:
    """The classes that an expression names; None where one of them is not known."""
    if isinstance(node, (cst.Tuple, cst.List)):
        found: list[str] = []
        for element in node.elements:
            inner = classes(element.value, scope, lookup)
            if inner is None:
                return None
            found.extend(inner)
        return tuple(found)
    if isinstance(node, cst.Name) and node.value in _BUILTINS and scope.find(node.value) is None:
        return (node.value,)
    if isinstance(node, cst.Name):
        home = scope.find(node.value)
        bindings = home.names[node.value] if home is not None else ()
        if home is not None and len(bindings) == 1 and bindings[0].kind == "assign":
            written = bindings[0].node
            if isinstance(written, (cst.Tuple, cst.List)):
                return classes(written, home, lookup)
    value = lookup.expression(node, scope)
    return (value.path,) if isinstance(value, Origin) and "(" not in value.path else None


def retried_by(
    call: cst.BaseExpression, path: str, scope: Scope, lookup: Lookup
) -> tuple[str, ...] | None:
    """The classes after which a retry library tries again; None where nobody can tell.

    It cannot be told either where something of the project's own runs between two attempts.
    """
    name = failures.RETRY_DECORATORS.get(path) or failures.RETRY_LOOPS.get(path) or ""
    if not isinstance(call, cst.Call):
        return ALL
    given = None
    position = failures.POSITIONAL.get(path, {}).get(name)
    for index, arg in enumerate(call.args):
        word = arg.keyword.value if arg.keyword is not None else ""
        if arg.star or word.startswith("retry_on") or word == "giveup":
            return None
        if word in failures.CALLBACKS and not _only_logs(arg.value, scope, lookup):
            return None
        if (word == name and word) or (not word and index == position):
            given = arg.value
    if given is None:
        return ALL
    if path.startswith("tenacity."):
        value = lookup.expression(given, scope)
        maker = value.path.removesuffix("()") if isinstance(value, Origin) else ""
        if maker not in failures.BY_TYPE or not isinstance(given, cst.Call) or not given.args:
            return None
        given = given.args[0].value
    return classes(given, scope, lookup)


def _only_logs(node: cst.BaseExpression, scope: Scope, lookup: Lookup) -> bool:
    value = lookup.expression(node, scope)
    word = value.path.removesuffix("()").rpartition(".")[2] if isinstance(value, Origin) else ""
    return word in failures.LOGGERS


def goes_on(handler: cst.ExceptHandler) -> bool:
    """Whether a handler lets the function go on with what stands around it."""
    last = handler.body.body[-1] if handler.body.body else None
    if isinstance(last, cst.SimpleStatementLine) and last.body:
        return not isinstance(last.body[-1], (cst.Raise, cst.Return, cst.Break))
    return not isinstance(last, (cst.Raise, cst.Return, cst.Break))
