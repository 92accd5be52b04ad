"""Whether somebody else may close what a function has opened.

What is returned, stored, handed to something that nobody can see, or closed under a condition of its
own, is somebody's to close; only what surely stays with the function is its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.closing import references
from pool_lint.model.tools import ENDING, is_tool
from pool_lint.model.values import Class, Function, Method, Origin, Resource
from pool_lint.syntax.walk import last_word, walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pool_lint.model.names import FunctionInfo, Scope

# What is given a session or a connection and neither closes nor keeps it.
_BORROWERS = frozenset(
    ("create_all", "drop_all", "reflect", "inspect", "isinstance", "print", "read_sql",
     "read_sql_query", "read_sql_table", "to_sql", "bool", "id", "len", "repr", "str", "type",
     "hasattr", "debug", "info", "warning", "error", "exception", "critical")
)  # fmt: skip
_TESTS = (cst.If, cst.While, cst.Assert, cst.Comparison, cst.ComparisonTarget, cst.UnaryOperation)
_BINDING = (cst.AssignTarget, cst.AsName, cst.Del, cst.Global, cst.Nonlocal)
# What a generator yields stays its own to close.
_HARMLESS = (cst.Await, cst.Expr, cst.WithItem, cst.FormattedStringExpression, cst.NamedExpr,
             cst.Yield)  # fmt: skip
# A method that is called by its class runs as it stands there.
_PLAIN_DECORATORS = frozenset(("classmethod", "staticmethod"))
_DEPTH = 3


def is_given_away(site: cst.CSTNode, names: Iterable[str], info: FunctionInfo) -> bool:
    """Whether what a call gives may be closed by somebody else than the function itself.

    Args:
        site: the call.
        names: what the function calls it.
        info: the function.
    """
    if not _stays_at_once(site, info):
        return True
    for name in names:
        if name in info.scope.foreign:
            return True
        for node in references(name, info):
            if not _stays(node, info, _DEPTH):
                return True
        if _is_closed_on_condition(site, name, info):
            return True
    return False


def _stays_at_once(site: cst.CSTNode, info: FunctionInfo) -> bool:
    """Whether what a call gives is bound, entered or used where it is made."""
    parents = info.names.parents
    node, parent = site, parents.get(id(site))
    while isinstance(parent, cst.Await):
        node, parent = parent, parents.get(id(parent))
    if isinstance(parent, cst.Attribute):
        return _is_used(parent, info)
    if isinstance(parent, cst.Arg):
        return isinstance(node, cst.BaseExpression) and _borrows(parent, node, info, _DEPTH)
    if isinstance(parent, (cst.Assign, cst.AnnAssign, cst.NamedExpr, cst.Expr, cst.WithItem)):
        return True
    # ``session = given or Session()``, ``Session() if given is None else given``
    if isinstance(parent, (cst.IfExp, cst.BooleanOperation)):
        return False
    return False


def _stays(node: cst.Name, info: FunctionInfo, depth: int) -> bool:
    names = info.names
    parent = names.parents.get(id(node))
    if not _is_of(node, info):
        return _is_anothers(node, names.scope_at(node), info)
    if isinstance(parent, cst.Attribute):
        return parent.attr is node or _is_used(parent, info)
    if isinstance(parent, cst.Arg):
        return parent.keyword is node or _borrows(parent, node, info, depth)
    if isinstance(parent, (*_BINDING, *_HARMLESS, *_TESTS)):
        return True
    if isinstance(parent, (cst.Assign, cst.AnnAssign)):
        # Another name of it; a place would have been noticed when it was bound.
        return True
    if isinstance(parent, cst.BooleanOperation):
        return _is_test(parent, info)
    if isinstance(parent, cst.IfExp):
        return parent.test is node
    return isinstance(parent, (cst.For, cst.CompFor)) and parent.iter is not node


def _is_of(node: cst.CSTNode, info: FunctionInfo) -> bool:
    """Whether a node runs in the function itself, not in one that is defined there."""
    scope: Scope | None = info.names.scope_at(node)
    while scope is not None and scope.kind == "comprehension":
        scope = scope.parent
    return scope is info.scope


def _is_anothers(node: cst.Name, scope: Scope, info: FunctionInfo) -> bool:
    """Whether an inner function means something of its own by the name."""
    return scope.find(node.value) is not info.scope


def _is_test(node: cst.CSTNode, info: FunctionInfo) -> bool:
    parents = info.names.parents
    child, parent = node, parents.get(id(node))
    while isinstance(parent, (cst.BooleanOperation, cst.UnaryOperation)):
        child, parent = parent, parents.get(id(parent))
    return isinstance(parent, (cst.If, cst.While, cst.Assert, cst.IfExp)) and (parent.test is child)


def _is_used(attribute: cst.Attribute, info: FunctionInfo) -> bool:
    """Whether an attribute is called or read; ``conn.close`` itself is given to somebody."""
    parent = info.names.parents.get(id(attribute))
    word = attribute.attr.value
    if word.startswith("__"):
        return False
    if isinstance(parent, cst.Call) and parent.func is attribute:
        return True
    return not any(word in methods for methods in sa.METHODS.values())


def _borrows(arg: cst.Arg, node: cst.BaseExpression, info: FunctionInfo, depth: int) -> bool:
    """Whether a call only uses what it is given, and that is over when it returns."""
    parents = info.names.parents
    call = parents.get(id(arg))
    if not isinstance(call, cst.Call) or arg.star:
        return False
    word = last_word(call.func)
    lookup = info.names.lookup
    value = lookup.known(lookup.expression(call.func, info.names.scope_at(call)))
    if isinstance(value, Method):
        return True
    if isinstance(value, Function):
        if _may_be_overridden(value.info, call, info):
            return False
        return _leaves_open(value.info, call, node, depth) and (
            not value.info.is_async or isinstance(parents.get(id(call)), cst.Await)
        )
    if isinstance(value, Class):
        return is_tool(value, call, node, info)
    if isinstance(value, Origin):
        if sa.role_of(value.path) is not None:
            return True
    elif isinstance(value, Resource):
        return True
    return word in _BORROWERS or word == "release"


def _may_be_overridden(method: FunctionInfo, call: cst.Call, info: FunctionInfo) -> bool:
    """Whether a classmethod is inherited, and calls what another class has made of the others."""
    if "classmethod" not in method.decorator_names or not isinstance(call.func, cst.Attribute):
        return False
    owner = info.names.lookup.expression(call.func.value, info.names.scope_at(call))
    return not isinstance(owner, Class) or owner.info is not method.class_info


def _leaves_open(info: FunctionInfo, call: cst.Call, node: cst.BaseExpression, depth: int) -> bool:
    """Whether a function of the project neither closes nor keeps what it is given."""
    if not depth or info.is_generator or info.decorator_names - _PLAIN_DECORATORS:
        return False
    for param in info.params:
        if info.argument_of(param, call) is node:
            return all(
                _stays(use, info, depth - 1) and not _ends(use, info)
                for use in references(param.name.value, info)
            ) and not _is_stored(param.name.value, info)
    return False


def _ends(node: cst.Name, info: FunctionInfo) -> bool:
    """Whether a name is closed here, or entered."""
    parent = info.names.parents.get(id(node))
    if isinstance(parent, cst.Attribute):
        return parent.attr.value in ENDING
    if isinstance(parent, cst.Arg):
        call = info.names.parents.get(id(parent))
        return isinstance(call, cst.Call) and last_word(call.func) in ENDING
    return isinstance(parent, cst.WithItem)


def _is_stored(name: str, info: FunctionInfo) -> bool:
    """Whether a function gives it another name or a place."""
    return any(
        isinstance(node, (cst.Assign, cst.AnnAssign, cst.NamedExpr))
        and isinstance(node.value, cst.Name)
        and node.value.value == name
        for node in walk(info.node.body)
    )


def _is_closed_on_condition(site: cst.CSTNode, name: str, info: FunctionInfo) -> bool:
    """Whether it is closed under a test that may well say whether it was opened.

    In a ``finally`` every test is taken for one, and so it is where opening depends on one itself.
    """
    names = info.names
    depends = names.enclosing(site, cst.If, cst.IfExp, cst.FunctionDef)
    for node in references(name, info):
        if not _ends(node, info) or isinstance(names.parents.get(id(node)), cst.WithItem):
            continue
        test = names.enclosing(node, cst.If, cst.FunctionDef)
        while isinstance(test, cst.If):
            if not _is_around(test, site, info) and (
                isinstance(depends, (cst.If, cst.IfExp))
                or _is_final(test, info)
                or any(
                    isinstance(inner, cst.Name) and inner.value == name for inner in walk(test.test)
                )
            ):
                return True
            test = names.enclosing(test, cst.If, cst.FunctionDef)
    return False


def _is_around(outer: cst.CSTNode, node: cst.CSTNode, info: FunctionInfo) -> bool:
    current: cst.CSTNode | None = node
    while current is not None and current is not outer:
        current = info.names.parents.get(id(current))
    return current is outer


def _is_final(node: cst.CSTNode, info: FunctionInfo) -> bool:
    return isinstance(info.names.enclosing(node, cst.Finally, cst.FunctionDef), cst.Finally)
