"""The visitor that collects what the statements of a module bind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import libcst as cst

from pool_lint.model.names import Binding, ClassInfo, FunctionInfo, Scope, outside
from pool_lint.model.targets import bind_target
from pool_lint.syntax.walk import children, dotted

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.names import Names
    from pool_lint.syntax.tree import Tree


def collect(tree: Tree, names: Names) -> None:
    """Take in statements of a module: what they bind, call, return and store."""
    names.declares = tree.says("global ", "nonlocal ")
    stack: list[tuple[cst.CSTNode, Scope]] = [(tree.module, names.module)]
    parents, visitors, leaves = names.parents, _VISITORS, _LEAVES
    while stack:
        node, scope = stack.pop()
        scope.size += 1
        visitor = visitors.get(type(node))
        inner = visitor(names, node, scope) if visitor is not None else scope
        below = children(node)
        below.reverse()
        for child in below:
            parents[id(child)] = node
            if type(child) not in leaves:
                stack.append((child, inner))
        if inner is not scope:
            # What stands outside a definition's body belongs to the scope around it.
            for index in range(len(stack) - 1, max(-1, len(stack) - 1 - len(below)), -1):
                child = stack[index][0]
                if parents.get(id(child)) is not node:
                    break
                if outside(node, child):
                    stack[index] = (child, scope)


# -- what each kind of node binds; each returns the scope of what is below it ------------------


def _function(names: Names, node: cst.FunctionDef, scope: Scope) -> Scope:
    inner = Scope("function", node, scope)
    info = FunctionInfo(node, inner, scope)
    inner.info = info
    names.scopes[id(node)] = inner
    names.functions.append(info)
    around = scope.function
    while around is not None:
        around.inner.append(info)
        around = around.outer.function
    scope.bind(info.name, Binding("def", node, inner))
    if names.declares:
        _declare_foreign(node.body, inner)
    parameters = node.params
    for param in info.params:
        _parameter(names, param, inner)
    if isinstance(parameters.star_arg, cst.Param):
        _parameter(names, parameters.star_arg, inner, "several")
    if isinstance(parameters.star_kwarg, cst.Param):
        name = parameters.star_kwarg.name.value
        inner.bind(name, Binding("other", parameters.star_kwarg, inner))
    return inner


def _parameter(names: Names, param: cst.Param, scope: Scope, kind: str = "parameter") -> None:
    annotation = param.annotation.annotation if param.annotation else None
    binding = Binding(kind, param, scope, annotation=annotation)
    scope.bind(param.name.value, binding)


def _lambda(names: Names, node: cst.Lambda, scope: Scope) -> Scope:
    inner = Scope("lambda", node, scope)
    names.scopes[id(node)] = inner
    for param in (*node.params.params, *node.params.kwonly_params, *node.params.posonly_params):
        _parameter(names, param, inner)
    return inner


def _class(names: Names, node: cst.ClassDef, scope: Scope) -> Scope:
    known = names.partial.get(node.name.value) if scope is names.module else None
    if known is not None:
        names.scopes[id(node)] = known.scope
        return known.scope
    inner = Scope("class", node, scope)
    info = ClassInfo(node, inner, scope)
    inner.info = info
    names.scopes[id(node)] = inner
    names.classes.append(info)
    scope.bind(info.name, Binding("class", node, inner))
    return inner


def _comprehension(names: Names, node: cst.BaseComp, scope: Scope) -> Scope:
    inner = Scope("comprehension", node, scope)
    names.scopes[id(node)] = inner
    return inner


def _comp_for(names: Names, node: cst.CompFor, scope: Scope) -> Scope:
    bind_target(names, node.target, Binding("iterate", node.iter, scope), scope)
    return scope


def _import(names: Names, node: cst.Import, scope: Scope) -> Scope:
    for alias in node.names:
        path = dotted(alias.name) or ""
        if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
            name = alias.asname.name.value
        else:
            name = path = path.partition(".")[0]
        names.imports.append(path)
        scope.bind(name, Binding("import", node, scope, path=path))
    return scope


def _import_from(names: Names, node: cst.ImportFrom, scope: Scope) -> Scope:
    module = dotted(node.module) if node.module is not None else ""
    path = _absolute(module or "", len(node.relative))
    if isinstance(node.names, cst.ImportStar):
        names.stars.append(path)
        return scope
    for alias in node.names:
        name = alias.name.value if isinstance(alias.name, cst.Name) else ""
        bound = name
        if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
            bound = alias.asname.name.value
        full = f"{path}.{name}" if path.strip(".") else f"{path}{name}"
        names.imports.append(full)
        scope.bind(bound, Binding("import", node, scope, path=full))
    return scope


def _absolute(module: str, dots: int) -> str:
    """A relative import keeps its dots: it begins at the file."""
    return "." * dots + module


def _assign(names: Names, node: cst.Assign, scope: Scope) -> Scope:
    for target in node.targets:
        if isinstance(target.target, cst.Subscript):
            _item_target(names, target.target, node, scope)
        else:
            bind_target(names, target.target, Binding("assign", node.value, scope), scope)
    return scope


def _type_alias(names: Names, node: cst.TypeAlias, scope: Scope) -> Scope:
    bind_target(names, node.name, Binding("assign", node.value, scope), scope)
    return scope


def _item_target(names: Names, target: cst.Subscript, node: cst.CSTNode, scope: Scope) -> None:
    if isinstance(target.value, cst.Name):
        names.changes.setdefault(target.value.value, []).append((node, scope))


def _ann_assign(names: Names, node: cst.AnnAssign, scope: Scope) -> Scope:
    annotation = node.annotation.annotation
    if node.value is None:
        binding = Binding("declare", node, scope, annotation=annotation)
    else:
        binding = Binding("assign", node.value, scope, annotation=annotation)
    bind_target(names, node.target, binding, scope)
    return scope


def _aug_assign(names: Names, node: cst.AugAssign, scope: Scope) -> Scope:
    bind_target(names, node.target, Binding("other", node, scope), scope)
    return scope


def _walrus(names: Names, node: cst.NamedExpr, scope: Scope) -> Scope:
    outer = scope
    while outer.kind == "comprehension" and outer.parent is not None:
        outer = outer.parent
    bind_target(names, node.target, Binding("assign", node.value, scope), outer)
    return scope


def _with(names: Names, node: cst.With, scope: Scope) -> Scope:
    is_async = node.asynchronous is not None
    function = scope.function
    if function is not None:
        function.blocks.append(node)
    for item in node.items:
        if item.asname is not None:
            binding = Binding("enter", item.item, scope, is_async=is_async)
            bind_target(names, item.asname.name, binding, scope)
    return scope


def _for(names: Names, node: cst.For, scope: Scope) -> Scope:
    binding = Binding("iterate", node.iter, scope, is_async=node.asynchronous is not None)
    bind_target(names, node.target, binding, scope)
    return scope


def _handler(names: Names, node: cst.ExceptHandler, scope: Scope) -> Scope:
    if node.name is not None:
        bind_target(names, node.name.name, Binding("other", node, scope), scope)
    return scope


def _match_as(names: Names, node: cst.MatchAs, scope: Scope) -> Scope:
    if node.name is not None:
        scope.bind(node.name.value, Binding("other", node, scope))
    return scope


def _call(names: Names, node: cst.Call, scope: Scope) -> Scope:
    names.calls.append((node, scope))
    function = scope.function
    if function is not None:
        function.calls.append(node)
    callee = node.func
    if (
        isinstance(callee, cst.Attribute)
        and isinstance(callee.value, cst.Name)
        and callee.attr.value in ("update", "setdefault")
    ):
        names.changes.setdefault(callee.value.value, []).append((node, scope))
    return scope


def _return(names: Names, node: cst.Return, scope: Scope) -> Scope:
    function = scope.function
    if function is not None:
        function.returns.append(node)
    return scope


def _yield(names: Names, node: cst.Yield, scope: Scope) -> Scope:
    function = scope.function
    if function is not None and scope.kind != "lambda":
        function.is_generator = True
        function.yields.append(node)
    return scope


def _declare_foreign(body: cst.BaseSuite, scope: Scope) -> None:
    """``global`` and ``nonlocal`` hold for the whole function, wherever they stand."""
    stack: list[cst.CSTNode] = [body]
    while stack:
        node = stack.pop()
        if type(node) is cst.Global or type(node) is cst.Nonlocal:
            word = "global" if isinstance(node, cst.Global) else "nonlocal"
            for item in node.names:
                scope.foreign[item.name.value] = word
        elif type(node) in _AROUND:
            stack += children(node)


# What a declaration may stand in.
_AROUND = frozenset(
    (cst.IndentedBlock, cst.SimpleStatementSuite, cst.SimpleStatementLine, cst.If, cst.Else,
     cst.For, cst.While, cst.Try, cst.TryStar, cst.With, cst.ExceptHandler, cst.ExceptStarHandler,
     cst.Finally, cst.Match, cst.MatchCase)
)  # fmt: skip
# Nodes that have nothing below them.
_LEAVES = frozenset((cst.Name, cst.SimpleString, cst.Integer, cst.Float, cst.Pass, cst.Ellipsis))
_VISITORS: dict[type, Callable[[Names, Any, Scope], Scope]] = {
    cst.FunctionDef: _function,
    cst.Lambda: _lambda,
    cst.ClassDef: _class,
    cst.ListComp: _comprehension,
    cst.SetComp: _comprehension,
    cst.GeneratorExp: _comprehension,
    cst.DictComp: _comprehension,
    cst.CompFor: _comp_for,
    cst.Import: _import,
    cst.ImportFrom: _import_from,
    cst.Assign: _assign,
    cst.TypeAlias: _type_alias,
    cst.AnnAssign: _ann_assign,
    cst.AugAssign: _aug_assign,
    cst.NamedExpr: _walrus,
    cst.With: _with,
    cst.For: _for,
    cst.ExceptHandler: _handler,
    cst.MatchAs: _match_as,
    cst.Call: _call,
    cst.Return: _return,
    cst.Yield: _yield,
}
