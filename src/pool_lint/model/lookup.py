"""What a name, an attribute or a parameter is, from everything that binds it."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import slow
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model import operations
from pool_lint.model.annotations import alias_of, annotated, depends_on
from pool_lint.model.evaluate import Evaluator, merge_records
from pool_lint.model.foreign import is_foreign
from pool_lint.model.inference import evidence
from pool_lint.model.lazy_module import LazyModule
from pool_lint.model.names import Binding, ClassInfo, FunctionInfo, Names, Scope
from pool_lint.model.project import Project
from pool_lint.model.values import (
    ENGINE,
    FACTORY,
    INERT,
    POOL,
    SESSION,
    UNKNOWN,
    Class,
    Const,
    Coroutine,
    Foreign,
    Function,
    Instance,
    Manager,
    Origin,
    Record,
    Resource,
    Stream,
    Value,
    join,
    join_all,
)  # fmt: skip
from pool_lint.syntax.outline import Part
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.taught import Taught

_BUILTINS = frozenset(("dict", "str", "int", "float", "bool", "print", "len", "isinstance",
                       "getattr", "hasattr", "list", "tuple", "set", "super", "type"))  # fmt: skip


class Lookup:
    """The meaning of the names of one module.

    Every answer is computed once, on demand; what depends on itself is unknown.

    Args:
        names: the scopes of the module.
        filename: the file it lies in.
        project: the other modules; None where they are not to be read.
        rest: what of the module itself has not been parsed yet.
        taught: what the user has named; None for nothing.
    """

    def __init__(
        self,
        names: Names,
        filename: str = "",
        project: Project | None = None,
        rest: LazyModule | None = None,
        taught: Taught | None = None,
    ) -> None:
        self.names = names
        names.lookup = self
        self.filename = filename
        self.path = os.path.abspath(filename)
        self.taught = taught
        self.project = project
        self.rest = rest
        if rest is not None:
            for info in names.classes:
                self._complete(info, rest)
        self._known: dict[tuple[int, str], Value] = {}
        self._memo: dict[tuple[str, int], Value] = {}
        self._busy: set[tuple[object, ...]] = set()
        self._evidence: dict[int, dict[str, Resource]] = {}

    # -- names ---------------------------------------------------------------------------------

    def name(self, word: str, scope: Scope) -> Value:
        """What ``word`` is where ``scope`` reads it, whatever the order of execution."""
        if scope.owner is not self.names:
            return scope.owner.lookup.name(word, scope)
        home = scope.find(word)
        if home is None and self.rest is not None:
            value = self._unread(word, scope, self.rest)
            if value is not None:
                return value
            home = scope.find(word)
        if home is None:
            return self._undefined(word, scope)
        return self._value_of(home, word)

    def _value_of(self, home: Scope, word: str) -> Value:
        key = (id(home), word)
        known = self._known.get(key)
        if known is None:
            known = self._guarded(key, lambda: self._bound(home, word))
            self._known[key] = known
        return known

    def _unread(self, word: str, scope: Scope, rest: LazyModule) -> Value | None:
        """What a name is that no parsed statement binds; None where it was parsed just now."""
        around: Scope | None = scope
        while around is not None:
            if isinstance(around.info, ClassInfo) and around.info.more is not None:
                around.info.more(word)
            around = around.parent
        if scope.find(word) is not None:
            return None
        if rest.is_inert(word):
            return INERT
        part = rest.function(word)
        if part is not None:
            value = Foreign(rest, part, partial(self._read_name, word, rest))
            return self.taught.own(word, value, self) if self.taught is not None else value
        self._load(word, rest)
        return None

    def _read_name(self, word: str, rest: LazyModule) -> Value:
        module = self.names.module
        if word not in module.names:
            self._load(word, rest)
        return self._value_of(module, word) if word in module.names else UNKNOWN

    def _load(self, word: str, rest: LazyModule) -> None:
        """Take in the statements that define a name, a class without its members."""
        module = self.names.module
        for name, path in rest.imports(word):
            module.bind(name, Binding("import", module.node, module, path=path))
        for tree in rest.load(word):
            self.names.extend(tree)
        for binding in module.names.get(word, ()):
            if binding.kind == "class" and isinstance(binding.scope.info, ClassInfo):
                self._complete(binding.scope.info, rest)

    def _complete(self, info: ClassInfo, rest: LazyModule) -> None:
        """Let the members of a class be parsed when they are asked for."""
        if info.outer is self.names.module and info.more is None and rest.cut(info.name):
            self.names.partial[info.name] = info
            info.more = partial(self._load_member, info.name, rest)

    def _load_member(self, word: str, rest: LazyModule, name: str) -> None:
        for tree in rest.load_member(word, name):
            self.names.extend(tree)

    def _guarded(self, key: tuple[object, ...], compute: Callable[[], Value]) -> Value:
        if key in self._busy:
            return UNKNOWN
        self._busy.add(key)
        try:
            return compute()
        finally:
            self._busy.discard(key)

    def _undefined(self, word: str, scope: Scope) -> Value:
        path = sa.BARE_NAMES.get(word)
        if path is not None:
            return Origin(path)
        if word in _BUILTINS:
            return Origin(word)
        if self.taught is not None:
            for star in self.names.stars:
                value = self.taught.imported(f"{star}.{word}", self)
                if value is not None:
                    return value
        function = scope.function
        return self.evidence(function).get(word, UNKNOWN) if function is not None else UNKNOWN

    def _bound(self, home: Scope, word: str) -> Value:
        bindings = home.names[word]
        values = [self.binding(binding) for binding in bindings]
        if any(isinstance(value, Record) for value in values):
            known = [v for v in values if not (isinstance(v, Const) and v.value is None)]
            merged = merge_records(known)
            return self._changed(merged, word, home) if isinstance(merged, Record) else merged
        result = join_all(values)
        if result is UNKNOWN and len(values) > 1:
            return _same_kind(values)
        return result

    def _changed(self, record: Record, word: str, home: Scope) -> Record:
        """A mapping after all that is done to it later; what is conditional is merely possible."""
        for node, scope in self.names.changes.get(word, ()):
            if scope.find(word) is not home:
                continue
            evaluator = Evaluator(self, scope)
            entries: dict[str, Value] = {}
            is_open = record.is_open
            if isinstance(node, cst.Call):
                name = node.func.attr.value if isinstance(node.func, cst.Attribute) else ""
                args = [
                    evaluator.value(a.value) for a in node.args if a.keyword is None and not a.star
                ]
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

    def binding(self, binding: Binding) -> Value:
        """The value that one binding gives."""
        kind, scope, node = binding.kind, binding.scope, binding.node
        if kind == "import":
            return self.imported(binding.path)
        if kind == "def" and isinstance(scope.info, FunctionInfo):
            return self._defined(scope.info.name, Function(scope.info), scope)
        if kind == "class" and isinstance(scope.info, ClassInfo):
            return self._defined(scope.info.name, Class(scope.info), scope)
        if kind == "assign":
            value = self.expression(node, scope)
            if binding.annotation is not None and not isinstance(value, (Resource, Record)):
                declared = annotated(binding.annotation, scope, node, self)
                return declared if declared is not UNKNOWN else value
            return value
        if kind == "item":
            value = self.expression(node, scope)
            items = getattr(value, "items", None)
            if isinstance(items, tuple) and binding.index < len(items):
                item = items[binding.index]
                return item if isinstance(item, Value) else UNKNOWN
            return UNKNOWN
        if kind == "enter":
            return operations.entered(self.expression(node, scope), self)
        if kind == "iterate":
            return operations.iterated(self.expression(node, scope))
        if kind == "parameter" and isinstance(node, cst.Param):
            return self.parameter(node, scope)
        if kind == "several" and binding.annotation is not None:
            return Stream(annotated(binding.annotation, scope.parent or scope, node, self))
        if kind == "declare" and binding.annotation is not None:
            return annotated(binding.annotation, scope, node, self)
        return UNKNOWN

    def expression(self, node: cst.CSTNode, scope: Scope) -> Value:
        """The value of an expression, whatever the order of execution."""
        if scope.owner is not self.names:
            return scope.owner.lookup.expression(node, scope)
        key = ("expression", id(node))
        known = self._memo.get(key)
        if known is None:
            known = self._guarded(key, lambda: Evaluator(self, scope).value(node))
            self._memo[key] = known
        return known

    def _defined(self, name: str, value: Value, scope: Scope) -> Value:
        if self.taught is None or scope.parent is not self.names.module:
            return value
        return self.taught.own(name, value, self)

    def imported(self, path: str) -> Value:
        """What a dotted path means: what the user says, else the project's, else a library's."""
        value = self.taught.imported(path, self) if self.taught is not None else None
        return value or self.project_name(path) or Origin(path)

    def resolved(self, path: str) -> tuple[str, str] | None:
        """The file of the project that a dotted path leads into, and what is left of the path."""
        if self.project is None or is_foreign(path):
            return None
        found = self.project.resolve(path, self.path)
        return (found[0].path, found[1]) if found is not None else None

    def project_name(self, path: str) -> Value | None:
        """What a dotted path means in the project itself; None where it is not the project's."""
        if self.project is None or is_foreign(path):
            return None
        found = self.project.resolve(path, self.path)
        if found is None:
            return None
        if not found[1]:
            return self._shadowing(path)
        module, rest = found
        part = module.function(rest)
        if part is not None:
            if not module.may_matter(part):
                return INERT
            other = foreign_lookup(module)
            return Foreign(module, part, partial(other._read_name, rest, module))
        name, _, attributes = rest.partition(".")
        value = foreign_lookup(module).exported(name)
        for attribute in attributes.split(".") if attributes else ():
            if not isinstance(value, (Class, Instance)):
                return UNKNOWN if value is not None else None
            value = self.attribute(value.info, attribute, None)
        return value

    def _shadowing(self, path: str) -> Value | None:
        """An object of a package that has the name of one of its modules."""
        parent, _, name = path.rpartition(".")
        found = self.project.resolve(parent, self.path) if self.project and parent else None
        if found is None or found[1] or not name:
            return None
        package = found[0]
        if not package.stars and not package.defines(name):
            return None
        value = foreign_lookup(package).exported(name)
        return None if isinstance(value, Origin) else value

    def exported(self, name: str) -> Value | None:
        """What a name of this module is to those who import it; None where it has no such name."""
        if self.rest is None or self.rest.defines(name):
            return self.name(name, self.names.module)
        key = ("star " + name, 0)
        if key not in self._memo:
            self._memo[key] = UNKNOWN
            for star in self.rest.stars:
                dot = "" if star.endswith(".") else "."
                value = self.project_name(f"{star}{dot}{name}")
                if value is not None and value is not UNKNOWN:
                    self._memo[key] = value
                    break
        found = self._memo[key]
        return None if found is UNKNOWN else found

    def leads_to_engine(self, path: str) -> bool:
        """Whether what an import binds may make an engine, by the text of its module."""
        if self.project is None or is_foreign(path):
            return False
        found = self.project.resolve(path, self.path)
        return found is not None and found[0].speaks_of_engines

    def known(self, value: Value) -> Value:
        """A value as it is when its module has been read."""
        return value.read() if isinstance(value, Foreign) else value

    def alias(self, path: str) -> tuple[cst.BaseExpression, Scope] | None:
        """What a type alias of another module stands for, and where it is written."""
        if self.project is None or is_foreign(path):
            return None
        found = self.project.resolve(path, self.path)
        if found is None or not found[1] or "." in found[1]:
            return None
        other = foreign_lookup(found[0])
        other.name(found[1], other.names.module)
        return alias_of(cst.Name(found[1]), other.names.module)

    # -- parameters ----------------------------------------------------------------------------

    def parameter(self, param: cst.Param, scope: Scope) -> Value:
        """What a parameter is: by its dependency, its annotation, or what is done with it."""
        if scope.owner is not self.names:
            return scope.owner.lookup.parameter(param, scope)
        key = ("parameter", id(param))
        known = self._memo.get(key)
        if known is None:
            known = self._guarded(key, lambda: self._parameter(param, scope))
            self._memo[key] = known
        return known

    def _parameter(self, param: cst.Param, scope: Scope) -> Value:
        outer = scope.parent or scope
        info = scope.info if isinstance(scope.info, FunctionInfo) else None
        if self.taught is not None:
            given = self.taught.dependency(param, outer, info)
            if given is not UNKNOWN:
                return given
        if info is not None and info.self_name == param.name.value and info.class_info is not None:
            if "classmethod" in info.decorator_names:
                return Class(info.class_info)
            return self._instance(info.class_info, param)
        declared: Value = UNKNOWN
        if param.annotation is not None:
            declared = annotated(param.annotation.annotation, outer, param, self)
        if declared is UNKNOWN or (isinstance(declared, Resource) and not declared.is_async):
            # A sync annotation may be wrong: what the dependency yields is what there is.
            provider = depends_on(param, outer, self)
            provided = self.provided(provider, param) if provider is not None else UNKNOWN
            if isinstance(provided, Resource):
                return provided
        elif isinstance(declared, Resource):
            # The reverse is seen where the dependency stands in the same file.
            provider = depends_on(param, outer, self)
            if isinstance(provider, Function):
                provided = self.provided(provider, param)
                if isinstance(provided, Resource) and provided.is_async is False:
                    return provided
        if param.annotation is not None:
            if isinstance(declared, Resource) and declared.is_async is False:
                found = self.evidence(info).get(param.name.value) if info is not None else None
                if found is not None and found.is_async:
                    return Resource(declared.kind, None, param)
            if declared is not UNKNOWN:
                return declared
        if info is not None and (param.annotation is None or _names_session(param.annotation)):
            return self.evidence(info).get(param.name.value, UNKNOWN)
        return UNKNOWN

    def _instance(self, info: ClassInfo, param: cst.Param) -> Value:
        base = self.library_base(info)
        if base is not None:
            found = sa.class_of(base)
            if found is not None:
                return Resource(found[0], found[1], param)
        return Instance(info)

    def provided(self, provider: Value, site: cst.CSTNode) -> Value:
        """What a dependency gives for one request."""
        if isinstance(provider, Foreign) and provider.module.returns_resource(provider.part):
            provider = self.known(provider)
        if isinstance(provider, Function):
            value = (
                self.yielded(provider.info)
                if provider.info.is_generator
                else self.returned(provider.info)
            )
            return self._sited(value, site)
        if isinstance(provider, Resource) and provider.kind == FACTORY:
            return Resource(SESSION, provider.is_async, site, provider.creation, provider)
        return UNKNOWN

    def evidence(self, info: FunctionInfo) -> dict[str, Resource]:
        """What undeclared names of a function must be, from what is done with them."""
        if info.names is not self.names:
            return info.names.lookup.evidence(info)
        found = self._evidence.get(id(info))
        if found is None:
            # Two functions may call each other.
            self._evidence[id(info)] = {}
            found = self._evidence[id(info)] = evidence(info, self)
        return found

    # -- functions -----------------------------------------------------------------------------

    def returned(self, info: FunctionInfo) -> Value:
        """What a function returns (after awaiting)."""
        if info.names is not self.names:
            return info.names.lookup.returned(info)
        key = ("returned", id(info))
        known = self._memo.get(key)
        if known is None:
            known = self._guarded(key, lambda: self._returned(info))
            self._memo[key] = known
        return known

    def _returned(self, info: FunctionInfo) -> Value:
        values = [
            self.expression(node.value, self.names.scope_at(node))
            for node in info.returns
            if node.value is not None
        ]
        value = merge_records(values) if values else UNKNOWN
        if value is UNKNOWN and len(values) > 1:
            value = _same_kind(values)
        if value is UNKNOWN and info.node.returns is not None:
            value = annotated(info.node.returns.annotation, info.outer, info.node, self)
        return value

    def yielded(self, info: FunctionInfo) -> Value:
        """What a generator gives."""
        if info.names is not self.names:
            return info.names.lookup.yielded(info)
        key = ("yielded", id(info))
        known = self._memo.get(key)
        if known is None:
            known = self._guarded(key, lambda: self._yielded(info))
            self._memo[key] = known
        return known

    def _yielded(self, info: FunctionInfo) -> Value:
        values = [
            self.expression(node.value, self.names.scope_at(node))
            for node in info.yields
            if node.value is not None and not isinstance(node.value, cst.From)
        ]
        value = join_all(values)
        if value is UNKNOWN and len(values) > 1:
            value = _same_kind(values)
        if value is UNKNOWN and info.node.returns is not None:
            value = annotated(info.node.returns.annotation, info.outer, info.node, self)
        return value

    def own(self, value: Value, info: FunctionInfo, node: cst.Call, caller: Evaluator) -> Value:
        """A function's result as its caller has it: a new object for each call, an argument as is."""
        if isinstance(value, Resource) and isinstance(value.site, cst.Param):
            argument = info.argument_of(value.site, node)
            return caller.value(argument) if argument is not None else UNKNOWN
        return self._sited(value, node)

    def _sited(self, value: Value, site: cst.CSTNode) -> Value:
        if isinstance(value, Resource) and value.kind not in (ENGINE, FACTORY, POOL):
            return Resource(value.kind, value.is_async, site, value.creation, value.owner)
        if isinstance(value, (Coroutine, Manager)):
            return UNKNOWN
        return value

    # -- classes -------------------------------------------------------------------------------

    def attribute(self, info: ClassInfo, name: str, instance: Instance | None) -> Value:
        """``object.name`` for an object of a class of the project."""
        if info.names is not self.names:
            return info.names.lookup.attribute(info, name, instance)
        key = ("attribute " + name, id(info))
        known = self._memo.get(key)
        if known is None:
            known = self._guarded(key, lambda: self._attribute(info, name))
            if self.taught is not None:
                known = self.taught.own(f"{info.name}.{name}", known, self)
            self._memo[key] = known
        return self._bound_to(known, instance)

    def _bound_to(self, known: Value, instance: Instance | None) -> Value:
        """What a class binds to a name, as an attribute of one of its objects."""
        if isinstance(known, Foreign):
            return Foreign(
                known.module, known.part, partial(self._bound_read, known, instance), instance
            )
        if isinstance(known, Function):
            decorators = known.info.decorator_names
            if decorators & {"property", "cached_property"}:
                return self.returned(known.info)
            return Function(known.info, instance)
        return known

    def _bound_read(self, known: Foreign, instance: Instance | None) -> Value:
        return self._bound_to(known.read(), instance)

    def _attribute(self, info: ClassInfo, name: str) -> Value:
        if info.more is not None and self.rest is not None:
            part = self.rest.method(info.name, name)
            if part is not None and not _is_property(part):
                if not self.rest.may_matter(part):
                    return INERT
                return Foreign(self.rest, part, partial(self._read_attribute, info, name))
            info.more(name)
        return self._read_attribute(info, name)

    def _read_attribute(self, info: ClassInfo, name: str) -> Value:
        if info.more is not None:
            info.more(name)
        bindings = [*info.scope.names.get(name, ()), *info.attributes.get(name, ())]
        if bindings:
            values = [self.binding(binding) for binding in bindings]
            result = join_all(values)
            return _same_kind(values) if result is UNKNOWN else result
        for base in info.bases:
            value = self.expression(base, info.outer)
            if isinstance(value, Class) and value.info is not info:
                inherited = self.attribute(value.info, name, None)
                if inherited is not UNKNOWN:
                    return inherited
            elif isinstance(value, Origin) and value.path.partition(".")[0] in slow.TABLE:
                return Origin(f"{value.path}().{name}")
        return UNKNOWN

    def library_base(self, info: ClassInfo) -> str | None:
        """The class of SQLAlchemy's that a class of the project descends from."""
        if info.names is not self.names:
            return info.names.lookup.library_base(info)
        key = ("base", id(info))
        if key in self._busy:
            return None
        self._busy.add(key)
        try:
            for base in info.bases:
                value = self.expression(base, info.outer)
                if isinstance(value, Origin) and (
                    sa.class_of(value.path) or sa.role_of(value.path)
                ):
                    return value.path
                if isinstance(value, Class):
                    found = self.library_base(value.info)
                    if found is not None:
                        return found
        finally:
            self._busy.discard(key)
        return None

    def entered_instance(self, value: Instance) -> Value:
        """What ``with object as name`` binds for an object of the project."""
        for name in ("__aenter__", "__enter__"):
            method = self.attribute(value.info, name, value)
            if isinstance(method, Origin):
                return value
            if isinstance(method, Function):
                result = self.returned(method.info)
                return value if isinstance(result, Instance) else result
        return UNKNOWN

    def stored(self, node: cst.Attribute) -> Value:
        """``request.app.state.engine``, from what is assigned to ``….state.engine``."""
        path = dotted(node)
        if path is None or not self.names.stored:
            return UNKNOWN
        bindings = self.names.stored.get(".".join(path.split(".")[-2:]))
        return join_all(self.binding(b) for b in bindings) if bindings else UNKNOWN


def _is_property(part: Part) -> bool:
    return part.text.lstrip().startswith("@") and "property" in part.text.partition("def ")[0]


def foreign_lookup(module: LazyModule) -> Lookup:
    """The lookup of another module; made when it is first asked for."""
    lookup = module.lookup
    if lookup is None:
        names = Names()
        lookup = Lookup(names, module.filename, module.project, module, module.taught)
        module.lookup = lookup
    return lookup


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


def _names_session(annotation: cst.Annotation) -> bool:
    """Whether an annotation that nobody can resolve says at least that it is a session."""
    name = dotted(annotation.annotation)
    return name is not None and name.endswith(("Session", "SessionDep", "Connection"))


def _same_kind(values: list[Value]) -> Value:
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
