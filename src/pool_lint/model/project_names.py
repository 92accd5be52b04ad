"""What a dotted path means in the other modules of the project."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.annotations import alias_of
from pool_lint.model.foreign import is_foreign
from pool_lint.model.loading import read_name
from pool_lint.model.values import INERT, UNKNOWN, Class, Foreign, Instance, Origin, Value

if TYPE_CHECKING:
    from pool_lint.model.lazy_module import LazyModule
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import Scope


def project_name(path: str, lookup: Lookup) -> Value | None:
    """What a dotted path means in the project itself; None where it is not the project's."""
    if lookup.project is None or is_foreign(path):
        return None
    found = lookup.project.resolve(path, lookup.path)
    if found is None:
        return None
    if not found[1]:
        return _shadowing(path, lookup)
    module, rest = found
    part = module.function(rest)
    if part is not None:
        if not module.bearing.may_matter(part):
            return INERT
        other = lookup.of(module)
        return Foreign(module, part, partial(read_name, rest, module, other))
    name, _, attributes = rest.partition(".")
    value = lookup.of(module).exported(name)
    for attribute in attributes.split(".") if attributes else ():
        if not isinstance(value, (Class, Instance)):
            return UNKNOWN if value is not None else None
        value = lookup.attribute(value.info, attribute, None)
    return value


def _shadowing(path: str, lookup: Lookup) -> Value | None:
    """An object of a package that has the name of one of its modules."""
    parent, _, name = path.rpartition(".")
    found = lookup.project.resolve(parent, lookup.path) if lookup.project and parent else None
    if found is None or found[1] or not name:
        return None
    package = found[0]
    if not package.stars and not package.defines(name):
        return None
    value = lookup.of(package).exported(name)
    return None if isinstance(value, Origin) else value


def starred(name: str, rest: LazyModule, lookup: Lookup) -> Value:
    """What a name is that a module can only have from a ``from module import *``."""
    for star in rest.stars:
        dot = "" if star.endswith(".") else "."
        value = project_name(f"{star}{dot}{name}", lookup)
        if value is not None and value is not UNKNOWN:
            return value
    return UNKNOWN


def resolved(path: str, lookup: Lookup) -> tuple[str, str] | None:
    """The file of the project that a dotted path leads into, and what is left of the path."""
    if lookup.project is None or is_foreign(path):
        return None
    found = lookup.project.resolve(path, lookup.path)
    return (found[0].path, found[1]) if found is not None else None


def leads_to_engine(path: str, lookup: Lookup) -> bool:
    """Whether what an import binds may make an engine, by the text of its module."""
    if lookup.project is None or is_foreign(path):
        return False
    found = lookup.project.resolve(path, lookup.path)
    return found is not None and found[0].bearing.speaks_of_engines


def alias(path: str, lookup: Lookup) -> tuple[cst.BaseExpression, Scope] | None:
    """What a type alias of another module stands for, and where it is written."""
    if lookup.project is None or is_foreign(path):
        return None
    found = lookup.project.resolve(path, lookup.path)
    if found is None or not found[1] or "." in found[1]:
        return None
    other = lookup.of(found[0])
    other.name(found[1], other.names.module)
    return alias_of(cst.Name(found[1]), other.names.module)
