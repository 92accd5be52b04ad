"""Texts made of a URL object, in which three asterisks stand for the password."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from pool_lint.model.engines import is_sqlite
from pool_lint.model.urls import text_of_url
from pool_lint.model.values import Origin, Resource
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from pool_lint.model.engine_calls import EngineCall
    from pool_lint.model.names import Scope

_MAKERS = ("make_url", "create")
_MAX_STEPS = 4


class Masked(NamedTuple):
    """Where a URL object becomes text: ``node`` is the text, ``inner`` the object."""

    node: cst.BaseExpression
    inner: cst.BaseExpression


def masked_url(engine: EngineCall) -> Masked | None:
    """What an engine's URL is made of where its password is lost on the way.

    Args:
        engine: the engine that is given the URL.

    Returns:
        None where the password is there, where there is none, and where that is not known.
    """
    given = engine.written("url")
    if given is None:
        return None
    node, scope = given.value, engine.creation.scope
    for _ in range(_MAX_STEPS):
        found = _stringified(node)
        if found is not None:
            return Masked(node, found) if _is_url_object(found, scope, engine) else None
        step = _behind(node, scope)
        if step is None:
            return None
        node, scope = step
    return None


def _stringified(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """What ``str(...)`` or an f-string makes text of."""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and len(node.args) == 1:
        arg = node.args[0]
        return arg.value if node.func.value == "str" and not arg.star and not arg.keyword else None
    if isinstance(node, cst.FormattedString) and node.parts:
        first = node.parts[0]
        is_plain = isinstance(first, cst.FormattedStringExpression) and not first.format_spec
        if is_plain and isinstance(first, cst.FormattedStringExpression) and not first.conversion:
            return first.expression
    return None


def _behind(node: cst.BaseExpression, scope: Scope) -> tuple[cst.BaseExpression, Scope] | None:
    """What a name is bound to, and what a text was before something in it was replaced."""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        is_change = node.func.attr.value in ("replace", "strip", "removesuffix")
        return (node.func.value, scope) if is_change else None
    if isinstance(node, cst.Call) and node.args and not node.args[0].star:
        word = (dotted(node.func) or "").rpartition(".")[2]
        return (node.args[0].value, scope) if word == "make_url" else None
    if not isinstance(node, cst.Name):
        return None
    home = scope.find(node.value)
    bindings = home.names[node.value] if home is not None else []
    if len(bindings) != 1 or bindings[0].kind != "assign":
        return None
    bound = bindings[0].node
    return (bound, bindings[0].scope) if isinstance(bound, cst.BaseExpression) else None


def _is_url_object(node: cst.BaseExpression, scope: Scope, engine: EngineCall) -> bool:
    """Whether an expression is a URL object that may well have a password."""
    lookup = scope.owner.lookup
    if isinstance(node, cst.Attribute) and node.attr.value == "url":
        value = lookup.expression(node.value, scope)
        return isinstance(value, Resource) and value.kind == "engine" and _has_password(value)
    if isinstance(node, cst.Name):
        step = _behind(node, scope)
        if step is None:
            return False
        node, scope = step
    if not isinstance(node, cst.Call):
        return False
    func = lookup.expression(node.func, scope)
    if not isinstance(func, Origin) or not func.path.startswith("sqlalchemy."):
        return False
    word = func.path.rpartition(".")[2]
    if word not in _MAKERS:
        return False
    names = {arg.keyword.value for arg in node.args if arg.keyword is not None}
    return word == "make_url" and _is_unknown_url(node, scope) or "password" in names


def _is_unknown_url(node: cst.Call, scope: Scope) -> bool:
    """Whether the text of a URL has a password; one from elsewhere is not known to have one."""
    value = scope.owner.lookup.expression(node, scope)
    text = getattr(value, "value", None)
    return isinstance(text, str) and _password_in(text)


def _has_password(engine: Resource) -> bool:
    """Whether an engine's URL may have a password; that of SQLite has none."""
    creation = engine.creation
    if creation is None:
        return True
    if is_sqlite(creation):
        return False
    text = text_of_url(creation)
    return text is None or "\0" in text or _password_in(text)


def _password_in(text: str) -> bool:
    place = text.partition("://")[2].partition("/")[0]
    return ":" in place.rpartition("@")[0]
