"""Lazy singletons in all their shapes: what is made once although its function runs often."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import FunctionInfo

_CACHE_READS = frozenset(("get", "getattr", "pop", "setdefault"))
_LAZY_ERRORS = frozenset(("KeyError", "AttributeError", "LookupError", "NameError"))


def is_guarded(node: cst.CSTNode, info: FunctionInfo, lookup: Lookup) -> bool:
    """Whether ``node`` runs only when something that outlives the function is not there yet.

    Args:
        node: a node in the function's body.
        info: the function.
        lookup: the names of the module.
    """
    return next(guards(node, info, lookup), None) is not None


def guards(node: cst.CSTNode, info: FunctionInfo, lookup: Lookup) -> Iterator[cst.CSTNode]:
    """What tells that something that outlives the function is not there yet when ``node`` runs.

    Args:
        node: a node in the function's body.
        info: the function.
        lookup: the names of the module.

    Yields:
        What is tested, or the handler that is entered because it is not there.
    """
    if info.name == "__new__":
        yield info.node
    for subject in _absent(node, info, lookup):
        if not isinstance(subject, cst.BaseExpression) or _outlives(subject, info):
            yield subject


def stand_ins(node: cst.CSTNode, info: FunctionInfo, lookup: Lookup) -> list[cst.Param]:
    """The parameters for which ``node`` stands in: it runs only when they are not given.

    Args:
        node: a node in the function's body.
        info: the function.
        lookup: the names of the module.
    """
    words = {name.value for name in _absent(node, info, lookup) if isinstance(name, cst.Name)}
    for word in tuple(words):
        for binding in info.scope.names.get(word, ()):
            if binding.kind == "assign" and isinstance(binding.node, cst.Name):
                words.add(binding.node.value)
    return [param for param in info.params if param.name.value in words]


def _absent(node: cst.CSTNode, info: FunctionInfo, lookup: Lookup) -> Iterator[cst.CSTNode]:
    """What is found not to be there before ``node`` runs, whatever it is."""
    parents = lookup.names.parents
    child, current = node, parents.get(id(node))
    while current is not None and current is not info.node:
        if isinstance(current, (cst.If, cst.IfExp)) and child is not current.test:
            yield from _tested(current.test, child is not current.body)
        elif isinstance(current, cst.BooleanOperation) and child is current.right:
            yield from _tested(current.left, isinstance(current.operator, cst.Or))
        elif isinstance(current, cst.ExceptHandler) and _names_lazy_error(current):
            yield current
        child, current = current, parents.get(id(current))
    yield from _early_returns(node, info, lookup)


def is_first_time(node: cst.CSTNode, info: FunctionInfo, lookup: Lookup) -> bool:
    """Whether ``node`` runs only as long as a variable of the module is still empty.

    Unlike :func:`is_guarded` this asks for one object of the whole program that the function
    itself fills; what is kept for each of many keys is made often.
    """
    if "global" not in info.scope.foreign.values():
        return False
    parents = lookup.names.parents
    child, current = node, parents.get(id(node))
    while current is not None and child is not info.node:
        if isinstance(current, cst.If) and child is not current.test:
            if any(_is_filled(s, info) for s in _tested(current.test, child is not current.body)):
                return True
        elif isinstance(current, (cst.IndentedBlock, cst.SimpleStatementSuite)):
            for statement in current.body:
                if statement is child:
                    break
                if _returns_filled(statement, info):
                    return True
        child, current = current, parents.get(id(current))
    return False


def _returns_filled(statement: cst.CSTNode, info: FunctionInfo) -> bool:
    """``if client is not None: return client``."""
    return (
        isinstance(statement, cst.If)
        and _returned(statement.body) is not None
        and any(_is_filled(subject, info) for subject in _tested(statement.test, True))
    )


def _is_filled(node: cst.BaseExpression, info: FunctionInfo) -> bool:
    """Whether a name is a global that the function assigns."""
    return isinstance(node, cst.Name) and info.scope.foreign.get(node.value) == "global"


def _early_returns(node: cst.CSTNode, info: FunctionInfo, lookup: Lookup) -> Iterator[cst.CSTNode]:
    """``if X is not None: return X``, or ``try: return CACHE[key]``, before ``node``."""
    parents = lookup.names.parents
    child, current = node, parents.get(id(node))
    while current is not None and child is not info.node:
        if isinstance(current, (cst.IndentedBlock, cst.SimpleStatementSuite)):
            for statement in current.body:
                if statement is child:
                    break
                yield from _returning_early(statement)
        child, current = current, parents.get(id(current))


def _returning_early(statement: cst.CSTNode) -> Iterator[cst.CSTNode]:
    if isinstance(statement, cst.If):
        value = _returned(statement.body)
        subjects = list(_tested(statement.test, True))
        if _returns_nothing(statement.body):
            yield from subjects
            return
        if value is None:
            return
        given = {n.value for n in walk(value) if isinstance(n, cst.Name)}
        given |= {n.attr.value for n in walk(value) if isinstance(n, cst.Attribute)}
        if any(_last_word(s) in given for s in subjects):
            yield from subjects
    elif isinstance(statement, cst.Try) and _returned(statement.body) is not None:
        yield from (handler for handler in statement.handlers if _names_lazy_error(handler))


def _last_word(node: cst.BaseExpression) -> str:
    if isinstance(node, cst.Attribute):
        return node.attr.value
    if isinstance(node, cst.Subscript):
        return _last_word(node.value)
    return node.value if isinstance(node, cst.Name) else ""


def _returned(body: cst.BaseSuite) -> cst.BaseExpression | None:
    """What a suite returns at its end."""
    last = _last_of(body)
    return last.value if isinstance(last, cst.Return) else None


def _returns_nothing(body: cst.BaseSuite) -> bool:
    """Whether a suite returns at its end, and nothing that it has; True says that all is well."""
    last = _last_of(body)
    return isinstance(last, cst.Return) and (
        last.value is None or (isinstance(last.value, cst.Name) and last.value.value == "True")
    )


def _last_of(body: cst.BaseSuite) -> cst.CSTNode | None:
    """The last statement of a suite, or of what it tries last: whether all is well, for example."""
    last: cst.CSTNode | None = body.body[-1] if body.body else None
    while isinstance(last, (cst.Try, cst.With)):
        last = last.body.body[-1] if last.body.body else None
    return last.body[-1] if isinstance(last, cst.SimpleStatementLine) else last


def _names_lazy_error(handler: cst.ExceptHandler | cst.ExceptStarHandler) -> bool:
    if handler.type is None:
        return False
    return any(isinstance(n, cst.Name) and n.value in _LAZY_ERRORS for n in walk(handler.type))


def _tested(test: cst.BaseExpression, present: bool) -> Iterator[cst.BaseExpression]:
    """What a test finds to be there (``present``), or not to be there yet."""
    if isinstance(test, cst.BooleanOperation):
        yield from _tested(test.left, present)
        yield from _tested(test.right, present)
    elif isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        yield from _tested(test.expression, not present)
    elif isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        target = test.comparisons[0]
        operator, other = target.operator, target.comparator
        if isinstance(operator, cst.In if present else cst.NotIn):
            yield other
        elif isinstance(other, cst.Name) and other.value == "None":
            wanted = (cst.IsNot, cst.NotEqual) if present else (cst.Is, cst.Equal)
            if isinstance(operator, wanted):
                yield test.left.target if isinstance(test.left, cst.NamedExpr) else test.left
    elif present and isinstance(test, cst.NamedExpr):
        yield test.target
        yield from _tested(test.value, present)
    elif present and isinstance(test, cst.Call):
        word = _last_word(test.func)
        if word == "hasattr" and test.args:
            yield cst.Attribute(test.args[0].value, cst.Name("attribute"))
        elif isinstance(test.func, cst.Attribute) and word in _CACHE_READS:
            yield test.func.value
    elif present and isinstance(test, (cst.Name, cst.Attribute)):
        yield test


def _outlives(node: cst.BaseExpression, info: FunctionInfo) -> bool:
    """Whether what is tested is there after the function has returned."""
    if isinstance(node, (cst.Attribute, cst.Subscript)):
        return True
    if not isinstance(node, cst.Name):
        return False
    home = info.scope.find(node.value)
    if home is None:
        return False
    if home is not info.scope:
        return True
    if info.node.params.params and any(
        binding.kind == "parameter" for binding in home.names[node.value]
    ):
        return False
    return any(
        binding.kind == "assign" and _reads_cache(binding.node)
        for binding in home.names[node.value]
    )


def _reads_cache(node: cst.CSTNode) -> bool:
    if isinstance(node, (cst.Subscript, cst.Attribute)):
        return True
    if isinstance(node, cst.Call):
        func = node.func
        word = func.attr.value if isinstance(func, cst.Attribute) else getattr(func, "value", "")
        return word in _CACHE_READS
    return False
