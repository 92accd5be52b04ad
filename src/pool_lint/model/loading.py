"""The statements of a module that nobody has parsed yet, at the moment somebody asks for them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pool_lint.model.collecting import collect
from pool_lint.model.names import Binding, ClassInfo
from pool_lint.model.values import INERT, UNKNOWN, Foreign, Value

if TYPE_CHECKING:
    from pool_lint.model.lazy_module import LazyModule
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import Scope


def unread(word: str, scope: Scope, rest: LazyModule, lookup: Lookup) -> Value | None:
    """What a name is that no parsed statement binds; None where it was parsed just now."""
    around: Scope | None = scope
    while around is not None:
        if isinstance(around.info, ClassInfo) and around.info.more is not None:
            around.info.more(word)
        around = around.parent
    if scope.find(word) is not None:
        return None
    if rest.bearing.is_inert(word):
        return INERT
    part = rest.function(word)
    if part is not None:
        value = Foreign(rest, part, partial(read_name, word, rest, lookup))
        return lookup.taught.own(word, value, lookup) if lookup.taught is not None else value
    _load(word, rest, lookup)
    return None


def read_name(word: str, rest: LazyModule, lookup: Lookup) -> Value:
    """What a name of a module is, once the statements that define it are parsed."""
    module = lookup.names.module
    if word not in module.names:
        _load(word, rest, lookup)
    return lookup.value_of(module, word) if word in module.names else UNKNOWN


def _load(word: str, rest: LazyModule, lookup: Lookup) -> None:
    """Take in the statements that define a name, a class without its members."""
    module = lookup.names.module
    for name, path in rest.imports(word):
        module.bind(name, Binding("import", module.node, module, path=path))
    for tree in rest.load(word):
        collect(tree, lookup.names)
    for binding in module.names.get(word, ()):
        if binding.kind == "class" and isinstance(binding.scope.info, ClassInfo):
            complete(binding.scope.info, rest, lookup)


def complete(info: ClassInfo, rest: LazyModule, lookup: Lookup) -> None:
    """Let the members of a class be parsed when they are asked for."""
    if info.outer is lookup.names.module and info.more is None and rest.cut(info.name):
        lookup.names.partial[info.name] = info
        info.more = partial(_load_member, info.name, rest, lookup)


def _load_member(word: str, rest: LazyModule, lookup: Lookup, name: str) -> None:
    for tree in rest.load_member(word, name):
        collect(tree, lookup.names)
