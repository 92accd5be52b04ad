"""What a parameter is: by its dependency, its annotation, or what is done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model import bots
from pool_lint.model.annotations import annotated, depends_on
from pool_lint.model.names import FunctionInfo
from pool_lint.model.results import sited
from pool_lint.model.values import (
    FACTORY,
    SESSION,
    UNKNOWN,
    Class,
    Foreign,
    Function,
    Instance,
    Origin,
    Resource,
    Value,
)
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    import libcst as cst

    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import ClassInfo, Scope


def parameter(param: cst.Param, scope: Scope, lookup: Lookup) -> Value:
    """What a parameter is to the function that ``scope`` is the inside of."""
    outer = scope.parent or scope
    info = scope.info if isinstance(scope.info, FunctionInfo) else None
    if lookup.taught is not None:
        given = lookup.taught.dependency(param, outer, info)
        if given is not UNKNOWN:
            return given
    if info is not None and info.self_name == param.name.value and info.class_info is not None:
        if "classmethod" in info.decorator_names:
            return Class(info.class_info)
        return _instance(info.class_info, param, lookup)
    declared: Value = UNKNOWN
    if param.annotation is not None:
        declared = annotated(param.annotation.annotation, outer, param, lookup)
    if declared is UNKNOWN or (isinstance(declared, Resource) and not declared.is_async):
        # A sync annotation may be wrong: what the dependency yields is what there is.
        provider = depends_on(param, outer, lookup)
        made = provided(provider, param, lookup) if provider is not None else UNKNOWN
        if isinstance(made, Resource):
            return made
    elif isinstance(declared, Resource):
        # The reverse is seen where the dependency stands in the same file.
        provider = depends_on(param, outer, lookup)
        if isinstance(provider, Function):
            made = provided(provider, param, lookup)
            if isinstance(made, Resource) and made.is_async is False:
                return made
    if param.annotation is not None:
        if isinstance(declared, Resource) and declared.is_async is False:
            found = lookup.evidence(info).get(param.name.value) if info is not None else None
            if found is not None and found.is_async:
                return Resource(declared.kind, None, param)
        if isinstance(declared, Origin) and declared.path.endswith("SessionDep()"):
            # The alias of FastAPI's own documents, in a module that is not to be seen.
            found = lookup.evidence(info).get(param.name.value) if info is not None else None
            return found or Resource(SESSION, None, param)
        if declared is not UNKNOWN:
            return declared
    if info is not None and (param.annotation is None or _names_session(param.annotation)):
        found = lookup.evidence(info).get(param.name.value)
        return found or (bots.given(param, info) if param.annotation is None else UNKNOWN)
    return UNKNOWN


def _instance(info: ClassInfo, param: cst.Param, lookup: Lookup) -> Value:
    base = lookup.library_base(info)
    if base is not None:
        found = sa.class_of(base)
        if found is not None:
            return Resource(found[0], found[1], param)
    return Instance(info)


def provided(provider: Value, site: cst.CSTNode, lookup: Lookup) -> Value:
    """What a dependency gives for one request."""
    if isinstance(provider, Foreign) and provider.module.bearing.returns_resource(provider.part):
        provider = lookup.known(provider)
    if isinstance(provider, Function):
        value = (
            lookup.yielded(provider.info)
            if provider.info.is_generator
            else lookup.returned(provider.info)
        )
        return sited(value, site)
    if isinstance(provider, Resource) and provider.kind == FACTORY:
        return Resource(SESSION, provider.is_async, site, provider.creation, provider)
    return UNKNOWN


def _names_session(annotation: cst.Annotation) -> bool:
    """Whether an annotation that nobody can resolve says at least that it is a session."""
    name = dotted(annotation.annotation)
    return name is not None and name.endswith(("Session", "SessionDep", "Connection"))
