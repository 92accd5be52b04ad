"""What an annotation promises, in all its forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.knowledge.frameworks import DEPENDENCY_MARKERS
from pool_lint.model.values import (
    UNKNOWN,
    Class,
    Instance,
    Named,
    Origin,
    Resource,
    Value,
)  # fmt: skip
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import Scope

_WRAPPERS = frozenset(
    ("Optional", "Union", "Annotated", "ClassVar", "Final", "Required", "NotRequired", "Awaitable",
     "Coroutine", "AsyncGenerator", "AsyncIterator", "AsyncIterable", "Generator", "Iterator",
     "Iterable", "AsyncContextManager", "ContextManager", "AbstractAsyncContextManager",
     "AbstractContextManager", "TypeGuard", "Type", "type", "Mapped", "FromDishka", "Inject",
     "Injected")
)  # fmt: skip
# Drivers of other databases that have an AsyncSession of their own.
_OTHER_DRIVERS = frozenset(("neo4j", "cassandra", "aiohttp", "requests", "httpx", "curl_cffi", "niquests",
                            "requests_html", "aioboto3", "aiobotocore", "ydb", "motor", "beanie",
                            "scylla", "acsylla", "tls_client"))  # fmt: skip
# ``Depends()``: the annotation itself is the provider.
ANNOTATED = Origin("Depends()")
_CALLABLES = frozenset(("Callable",))
_FACTORIES = frozenset(("sessionmaker", "async_sessionmaker"))


def annotated(
    node: cst.BaseExpression, scope: Scope, site: cst.CSTNode, lookup: Lookup, depth: int = 0
) -> Value:
    """What a value with this annotation is.

    Args:
        node: the annotation.
        scope: where it is written.
        site: the identity of the value, should it be a resource.
        lookup: the names of the module.

    Returns:
        A resource, a client of a library, an object of a class of the project, or Unknown.
    """
    if depth > 8:
        return UNKNOWN
    if isinstance(node, cst.SimpleString):
        return _quoted(node, scope, site, lookup, depth)
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
        return _first((node.left, node.right), scope, site, lookup, depth)
    if isinstance(node, cst.Subscript):
        return _subscript(node, scope, site, lookup, depth)
    if isinstance(node, (cst.Name, cst.Attribute)):
        return _named(node, scope, site, lookup, depth)
    return UNKNOWN


def _quoted(
    node: cst.SimpleString, scope: Scope, site: cst.CSTNode, lookup: Lookup, depth: int
) -> Value:
    text = node.raw_value
    try:
        inner = cst.parse_expression(text)
    except cst.ParserSyntaxError:
        return UNKNOWN
    return annotated(inner, scope, site, lookup, depth + 1)


def _first(
    nodes: tuple[cst.BaseExpression, ...], scope: Scope, site: cst.CSTNode, lookup: Lookup,
    depth: int,
) -> Value:  # fmt: skip
    found: Value = UNKNOWN
    for node in nodes:
        value = annotated(node, scope, site, lookup, depth + 1)
        if not isinstance(found, Resource):
            found = found if found is not UNKNOWN else value
        elif isinstance(value, Resource) and value.is_async is not found.is_async:
            # ``Engine | AsyncEngine`` may be either.
            return Resource(found.kind, None, site)
    return found


def _subscript(
    node: cst.Subscript, scope: Scope, site: cst.CSTNode, lookup: Lookup, depth: int
) -> Value:
    head = node.value
    word = head.attr.value if isinstance(head, cst.Attribute) else getattr(head, "value", "")
    arguments = tuple(subscripts(node))
    if word in _CALLABLES and len(arguments) == 2:
        made = annotated(arguments[1], scope, site, lookup, depth + 1)
        if isinstance(made, Resource) and made.kind == "session":
            return Resource("session factory", made.is_async, site)
        return UNKNOWN
    if word in _FACTORIES:
        value = lookup.expression(head, scope)
        made = annotated(arguments[0], scope, site, lookup, depth + 1) if arguments else UNKNOWN
        if isinstance(value, Origin) and sa.class_of(value.path) is not None:
            flavour = made.is_async if isinstance(made, Resource) else word[0] == "a"
            return Resource("session factory", flavour, site)
        return UNKNOWN
    if word in _WRAPPERS:
        return _first(arguments, scope, site, lookup, depth)
    return _named(head, scope, site, lookup, depth)


def _named(
    node: cst.BaseExpression, scope: Scope, site: cst.CSTNode, lookup: Lookup, depth: int
) -> Value:
    alias = alias_of(node, scope)
    if alias is not None:
        return annotated(alias[0], alias[1], site, lookup, depth + 1)
    value = lookup.expression(node, scope)
    if isinstance(value, Origin):
        found = sa.class_of(value.path) or _re_exported(value.path, lookup)
        if found is not None:
            return Resource(found[0], found[1], site)
        if value.path.partition(".")[0] in ("typing", "builtins") or "(" in value.path:
            return UNKNOWN
        return Origin(f"{value.path}()") if "." in value.path else UNKNOWN
    if isinstance(value, Class):
        base = lookup.library_base(value.info)
        found = sa.class_of(base) if base else None
        return Resource(found[0], found[1], site) if found else Instance(value.info)
    return UNKNOWN


def _re_exported(path: str, lookup: Lookup) -> tuple[str, bool | None] | None:
    """``from ..db import AsyncSession`` in a module that uses SQLAlchemy, too."""
    root, _, _ = path.partition(".")
    name = path.rpartition(".")[2]
    if name not in ("AsyncSession", "AsyncEngine", "AsyncConnection"):
        return None
    if root in _OTHER_DRIVERS or not any(map(sa.is_sqlalchemy, lookup.names.imports)):
        return None
    return sa.CLASS_ROLES[name]


def alias_of(node: cst.BaseExpression, scope: Scope) -> tuple[cst.BaseExpression, Scope] | None:
    """What a type alias such as ``SessionDep`` stands for, and where it is written."""
    if not isinstance(node, cst.Name):
        return None
    home = scope.find(node.value)
    if home is None:
        scope.owner.lookup.name(node.value, scope)
        home = scope.find(node.value)
    if home is None:
        return None
    for binding in home.names[node.value]:
        if binding.kind == "assign" and isinstance(
            binding.node, (cst.Subscript, cst.BinaryOperation, cst.Attribute, cst.Name)
        ):
            return binding.node, binding.scope
        if binding.kind == "import":
            return scope.owner.lookup.alias(binding.path)
    return None


def subscripts(node: cst.Subscript) -> Iterator[cst.BaseExpression]:
    """The expressions between the brackets."""
    for element in node.slice:
        if isinstance(element.slice, cst.Index):
            yield element.slice.value


def depends_on(param: cst.Param, scope: Scope, lookup: Lookup) -> Value | None:
    """The provider that a parameter names with ``Depends``, or None."""
    if param.default is not None:
        found = _marker(param.default, scope, lookup)
        if found is not None:
            return found
    node = param.annotation.annotation if param.annotation is not None else None
    for _ in range(4):
        if node is None:
            return None
        alias = alias_of(node, scope)
        if alias is not None:
            node, scope = alias
            continue
        if not isinstance(node, cst.Subscript):
            return None
        for argument in subscripts(node):
            found = _marker(argument, scope, lookup)
            if found is not None:
                return found
        node = next(subscripts(node), None)
    return None


def _marker(node: cst.BaseExpression, scope: Scope, lookup: Lookup) -> Value | None:
    if isinstance(node, cst.Subscript):
        return _provided(node, scope, lookup)
    if not isinstance(node, cst.Call):
        return None
    name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
    if not isinstance(name, cst.Name) or name.value not in DEPENDENCY_MARKERS:
        return None
    for arg in node.args:
        if arg.star == "" and (arg.keyword is None or arg.keyword.value == "dependency"):
            if isinstance(arg.value, cst.Subscript):
                provider = _provided(arg.value, scope, lookup)
                if provider is not None:
                    return provider
            return lookup.expression(arg.value, scope)
    return ANNOTATED if not node.args else None


def _provided(node: cst.Subscript, scope: Scope, lookup: Lookup) -> Value | None:
    """``Provide[Container.session]``, where the user says what that is."""
    if lookup.taught is None or (dotted(node.value) or "").rpartition(".")[2] != "Provide":
        return None
    value = lookup.expression(next(subscripts(node), node.value), scope)
    return value if isinstance(value, Named) else None
