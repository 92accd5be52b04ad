"""What a name is by everything that binds it, and what each binding gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model import operations
from pool_lint.model.annotations import annotated
from pool_lint.model.evaluate import Evaluator, merge_records
from pool_lint.model.names import ClassInfo, FunctionInfo
from pool_lint.model.values import (
    UNKNOWN,
    Class,
    Const,
    Function,
    Record,
    Resource,
    Stream,
    Value,
    join,
    join_all,
)
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import Binding, Scope


def bound(home: Scope, word: str, lookup: Lookup) -> Value:
    """What a name is by all bindings that its scope has of it."""
    bindings = home.names[word]
    values = [given(binding, lookup) for binding in bindings]
    if any(isinstance(value, Record) for value in values):
        known = [v for v in values if not (isinstance(v, Const) and v.value is None)]
        merged = merge_records(known)
        return _changed(merged, word, home, lookup) if isinstance(merged, Record) else merged
    result = join_all(values)
    if result is UNKNOWN and len(values) > 1:
        return alike(values)
    return result


def given(binding: Binding, lookup: Lookup) -> Value:
    """The value that one binding gives."""
    kind, scope, node = binding.kind, binding.scope, binding.node
    if kind == "import":
        return lookup.imported(binding.path)
    if kind == "def" and isinstance(scope.info, FunctionInfo):
        return _defined(scope.info.name, Function(scope.info), scope, lookup)
    if kind == "class" and isinstance(scope.info, ClassInfo):
        return _defined(scope.info.name, Class(scope.info), scope, lookup)
    if kind == "assign":
        value = lookup.expression(node, scope)
        if binding.annotation is not None and not isinstance(value, (Resource, Record)):
            # The default of a field says nothing of what the object has been given.
            field = scope.owner.parents.get(id(node), node) if scope.kind == "class" else node
            declared = annotated(binding.annotation, scope, field, lookup)
            return declared if declared is not UNKNOWN else value
        return value
    if kind == "item":
        value = lookup.expression(node, scope)
        items = getattr(value, "items", None)
        if isinstance(items, tuple) and binding.index < len(items):
            item = items[binding.index]
            return item if isinstance(item, Value) else UNKNOWN
        return UNKNOWN
    if kind == "enter":
        return operations.entered(lookup.expression(node, scope), lookup)
    if kind == "iterate":
        return operations.iterated(lookup.expression(node, scope))
    if kind == "parameter" and isinstance(node, cst.Param):
        return lookup.parameter(node, scope)
    if kind == "several" and binding.annotation is not None:
        return Stream(annotated(binding.annotation, scope.parent or scope, node, lookup))
    if kind == "declare" and binding.annotation is not None:
        return annotated(binding.annotation, scope, node, lookup)
    return UNKNOWN


def _defined(name: str, value: Value, scope: Scope, lookup: Lookup) -> Value:
    if lookup.taught is None or scope.parent is not lookup.names.module:
        return value
    return lookup.taught.own(name, value, lookup)


def alike(values: list[Value]) -> Value:
    """Several engines or factories of one flavour under one name are any one of them."""
    known = [v for v in values if not (isinstance(v, Const) and v.value is None)]
    first = known[0] if known else UNKNOWN
    if all(isinstance(value, Resource) for value in known):
        result = first
        for value in known[1:]:
            result = join(result, value)
        return result
    if any(isinstance(value, Resource) for value in known):
        resources = [value for value in known if isinstance(value, Resource)]
        if all(value is UNKNOWN or isinstance(value, Resource) for value in known):
            kinds = {(r.kind, r.is_async) for r in resources}
            return resources[0] if len(kinds) == 1 else UNKNOWN
    return UNKNOWN


def _changed(record: Record, word: str, home: Scope, lookup: Lookup) -> Record:
    """A mapping after all that is done to it later; what is conditional is merely possible."""
    for node, scope in lookup.names.changes.get(word, ()):
        if scope.find(word) is not home:
            continue
        evaluator = Evaluator(lookup, scope)
        entries: dict[str, Value] = {}
        is_open = record.is_open
        if isinstance(node, cst.Call):
            name = node.func.attr.value if isinstance(node.func, cst.Attribute) else ""
            args = [evaluator.value(a.value) for a in node.args if a.keyword is None and not a.star]
            if name == "setdefault" and args and isinstance(args[0], Const):
                entries[str(args[0].value)] = args[1] if len(args) > 1 else UNKNOWN
            elif name == "update":
                for arg in node.args:
                    value = evaluator.value(arg.value)
                    if arg.keyword is not None:
                        entries[arg.keyword.value] = value
                    elif isinstance(value, Record):
                        entries.update(value.entries)
                        is_open = is_open or value.is_open
                    else:
                        is_open = True
            else:
                is_open = True
        elif isinstance(node, cst.Assign):
            is_open = not _item_entries(node, word, evaluator, entries) or is_open
        record = Record({**record.entries, **entries}, is_open)
    return record


def _item_entries(
    node: cst.Assign, word: str, evaluator: Evaluator, entries: dict[str, Value]
) -> bool:
    """``OPTIONS["key"] = value``; whether the key is known."""
    known = True
    for target in node.targets:
        item = target.target
        if isinstance(item, cst.Subscript) and dotted(item.value) == word and len(item.slice) == 1:
            index = item.slice[0].slice
            key = evaluator.value(index.value) if isinstance(index, cst.Index) else UNKNOWN
            if isinstance(key, Const):
                entries[str(key.value)] = evaluator.value(node.value)
            else:
                known = False
    return known
