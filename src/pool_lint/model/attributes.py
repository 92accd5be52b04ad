"""What an attribute is: of a class, of its objects, or of whatever it was stored on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pool_lint.knowledge import slow
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.bindings import alike, given
from pool_lint.model.values import (
    INERT,
    UNKNOWN,
    Class,
    Foreign,
    Function,
    Instance,
    Origin,
    Resource,
    Value,
    join_all,
)
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    import libcst as cst

    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import Binding, ClassInfo
    from pool_lint.syntax.outline import Part


def attribute(info: ClassInfo, name: str, lookup: Lookup) -> Value:
    """What a class or one of its bases binds to a name; not read before somebody must know it."""
    if info.more is not None and lookup.rest is not None:
        part = lookup.rest.method(info.name, name)
        if part is not None and not _is_property(part):
            if not lookup.rest.bearing.may_matter(part):
                return INERT
            return Foreign(lookup.rest, part, partial(_read_attribute, info, name, lookup))
        info.more(name)
    return _read_attribute(info, name, lookup)


def _read_attribute(info: ClassInfo, name: str, lookup: Lookup) -> Value:
    if info.more is not None:
        info.more(name)
    bindings = [*info.scope.names.get(name, ()), *info.attributes.get(name, ())]
    if bindings:
        values = _values(bindings, lookup)
        result = join_all(values)
        return alike(values) if result is UNKNOWN else result
    for base in info.bases:
        value = lookup.expression(base, info.outer)
        if isinstance(value, Class) and value.info is not info:
            inherited = lookup.attribute(value.info, name, None)
            if inherited is not UNKNOWN:
                return inherited
        elif isinstance(value, Origin) and value.path.partition(".")[0] in slow.TABLE:
            return Origin(f"{value.path}().{name}")
    return UNKNOWN


def _values(bindings: list[Binding], lookup: Lookup) -> list[Value]:
    """What is bound; what is only declared counts where nothing is known to be assigned."""
    values = [given(binding, lookup) for binding in bindings if binding.kind != "declare"]
    if any(isinstance(value, Resource) for value in values):
        return values
    return [given(binding, lookup) for binding in bindings]


def _is_property(part: Part) -> bool:
    return part.text.lstrip().startswith("@") and "property" in part.text.partition("def ")[0]


def bound_to(known: Value, instance: Instance | None, lookup: Lookup) -> Value:
    """What a class binds to a name, as an attribute of one of its objects."""
    if isinstance(known, Foreign):
        return Foreign(
            known.module, known.part, partial(_bound_read, known, instance, lookup), instance
        )
    if isinstance(known, Function):
        decorators = known.info.decorator_names
        if decorators & {"property", "cached_property"}:
            return lookup.returned(known.info)
        return Function(known.info, instance)
    return known


def _bound_read(known: Foreign, instance: Instance | None, lookup: Lookup) -> Value:
    return bound_to(known.read(), instance, lookup)


def library_base(info: ClassInfo, lookup: Lookup) -> str | None:
    """The class of SQLAlchemy's that a class of the project descends from."""
    for base in info.bases:
        value = lookup.expression(base, info.outer)
        if isinstance(value, Origin) and (sa.class_of(value.path) or sa.role_of(value.path)):
            return value.path
        if isinstance(value, Class):
            found = lookup.library_base(value.info)
            if found is not None:
                return found
    return None


def entered_instance(value: Instance, lookup: Lookup) -> Value:
    """What ``with object as name`` binds for an object of the project."""
    for name in ("__aenter__", "__enter__"):
        method = lookup.attribute(value.info, name, value)
        if isinstance(method, Origin):
            return value
        if isinstance(method, Function):
            result = lookup.returned(method.info)
            return value if isinstance(result, Instance) else result
    return UNKNOWN


def stored(node: cst.Attribute, lookup: Lookup) -> Value:
    """``request.app.state.engine``, from what is assigned to ``….state.engine``."""
    path = dotted(node)
    if path is None or not lookup.names.stored:
        return UNKNOWN
    bindings = lookup.names.stored.get(".".join(path.split(".")[-2:]))
    return join_all(given(b, lookup) for b in bindings) if bindings else UNKNOWN
