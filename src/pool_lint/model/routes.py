"""Routes of FastAPI, and which generators are its dependencies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.model import dependencies
from pool_lint.model.annotations import alias_of, depends_on
from pool_lint.model.values import Function, Origin
from pool_lint.settings import is_before
from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo


def route_of(info: FunctionInfo, model: ModuleModel) -> cst.Call | None:
    """The decorator that makes a route of FastAPI of a function; None where it is none.

    Another decorator may change what the function returns, so there must be no other.

    Args:
        info: the function.
        model: its module.
    """
    if fw.HANDLER not in model.roles.of(info) or not _imports_fastapi(model):
        return None
    for decorator in info.decorators:
        if not isinstance(decorator, cst.Call) or not isinstance(decorator.func, cst.Attribute):
            return None
        if decorator.func.attr.value not in fw.VERBS:
            return None
        value = model.lookup.expression(decorator.func, info.outer)
        if isinstance(value, Origin) and value.path.partition(".")[0] in _OTHERS:
            return None
    last = info.decorators[-1] if info.decorators else None
    return last if isinstance(last, cst.Call) else None


_OTHERS = fw.APPLICATION_ROOTS - {"fastapi", "starlette", "fastapi_utils"}


def has_response_model(route: cst.Call, info: FunctionInfo) -> bool:
    """Whether a route says what it answers with, so that FastAPI reads its result by that.

    Args:
        route: the decorator.
        info: the function.
    """
    for arg in route.args:
        if arg.keyword is not None and arg.keyword.value == "response_model":
            return not (isinstance(arg.value, cst.Name) and arg.value.value in ("None", "Any"))
    declared = info.node.returns.annotation if info.node.returns is not None else None
    if isinstance(declared, cst.Attribute):
        declared = declared.attr
    return declared is not None and not (
        isinstance(declared, cst.Name) and declared.value in ("None", "Any")
    )


def outlives_response(info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether what a generator does behind its ``yield`` is done after the response has gone.

    That is so where FastAPI makes a dependency of it, but for the releases in between.

    Args:
        info: the generator.
        model: its module.
    """
    if is_between_releases(model):
        return False
    return any(not _ends_early(call) for call in _markers(info, model))


def is_between_releases(model: ModuleModel) -> bool:
    """Whether the code is for releases of FastAPI that end dependencies before the response."""
    target = model.target("fastapi")
    return not is_before(target, fw.EARLY_EXIT_FASTAPI) and is_before(target, fw.LATE_EXIT_FASTAPI)


def ends_before_body(param: cst.Param, info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether the dependency of a parameter is over before the body of a response is sent.

    Args:
        param: the parameter.
        info: the function whose parameter it is.
        model: its module.
    """
    if is_between_releases(model):
        return True
    places: list[cst.CSTNode] = [param]
    alias = alias_of(param.annotation.annotation, info.outer) if param.annotation else None
    if alias is not None:
        places.append(alias[0])
    calls = (node for place in places for node in walk(place) if isinstance(node, cst.Call))
    return any(_ends_early(call) for call in calls)


def _markers(info: FunctionInfo, model: ModuleModel) -> Iterator[cst.Call]:
    """The calls of FastAPI's ``Depends`` that name a function, in whatever file."""
    for use in dependencies.uses(model):
        if use.function(model.lookup) is info and _is_fastapi(use.call, model):
            yield use.call
    project = model.lookup.project
    for other in project.callers.uses(info) if project is not None else ():
        if other.role == fw.DEPENDENCY:
            for call in _calls_around(other.node, other.model):
                if _is_fastapi(call, other.model):
                    yield call


def _calls_around(node: cst.CSTNode, model: ModuleModel) -> Iterator[cst.Call]:
    if not isinstance(node, cst.Param):
        call = model.names.enclosing(node, cst.Call)
        if isinstance(call, cst.Call):
            yield call
        return
    for inner in walk(node):
        if isinstance(inner, cst.Call):
            yield inner


def _is_fastapi(call: cst.Call, model: ModuleModel) -> bool:
    value = model.lookup.expression(call.func, model.names.scope_at(call))
    return isinstance(value, Origin) and value.path.partition(".")[0] == "fastapi"


def _ends_early(call: cst.Call) -> bool:
    """``Depends(get_session, scope="function")`` is over before the response goes."""
    return any(arg.keyword is not None and arg.keyword.value == "scope" for arg in call.args)


def _imports_fastapi(model: ModuleModel) -> bool:
    return any(path.partition(".")[0] == "fastapi" for path in model.names.imports)


def dependency_of(param: cst.Param, info: FunctionInfo, model: ModuleModel) -> FunctionInfo | None:
    """The function that a parameter gets its value from by ``Depends``, if that is known.

    Args:
        param: the parameter.
        info: the function whose parameter it is.
        model: its module.
    """
    provider = depends_on(param, info.outer, model.lookup)
    known = model.lookup.known(provider) if provider is not None else None
    return known.info if isinstance(known, Function) else None
