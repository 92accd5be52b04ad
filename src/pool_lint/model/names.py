"""Who binds which name where: scopes, imports, functions and classes of one module."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import libcst as cst

from pool_lint.syntax.walk import children, dotted

if TYPE_CHECKING:
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.module import ModuleModel
    from pool_lint.syntax.tree import Tree


class Binding:
    """One place that gives a name its value.

    ``kind`` is one of import, def, class, assign, item (one element of ``node``), enter (what
    ``with node`` binds), iterate, parameter, several (``*args``), declare (an annotation alone) and other.
    """

    __slots__ = ("annotation", "index", "is_async", "kind", "node", "path", "scope")

    def __init__(
        self,
        kind: str,
        node: cst.CSTNode,
        scope: Scope,
        *,
        path: str = "",
        index: int = 0,
        is_async: bool = False,
        annotation: cst.BaseExpression | None = None,
    ) -> None:
        self.kind = kind
        self.node = node
        self.scope = scope
        self.path = path
        self.index = index
        self.is_async = is_async
        self.annotation = annotation


class Scope:
    """A module, class, function, lambda or comprehension; around a module are its names."""

    __slots__ = ("foreign", "info", "kind", "names", "node", "owner", "parent", "size")

    def __init__(self, kind: str, node: cst.CSTNode, parent: Scope | Names) -> None:
        self.owner: Names = parent.owner if isinstance(parent, Scope) else parent
        self.kind = kind
        self.node = node
        self.parent = parent if isinstance(parent, Scope) else None
        self.names: dict[str, list[Binding]] = {}
        self.foreign: dict[str, str] = {}
        self.size = 0
        self.info: FunctionInfo | ClassInfo | None = None

    def bind(self, name: str, binding: Binding) -> None:
        """Add a binding where the name lives: here, or where ``global``/``nonlocal`` sends it."""
        self._home(name).names.setdefault(name, []).append(binding)

    def _home(self, name: str) -> Scope:
        where = self.foreign.get(name)
        if where is None:
            return self
        scope = self
        while scope.parent is not None:
            scope = scope.parent
            if where == "nonlocal" and scope.kind == "function" and name in scope.names:
                break
        return scope

    def find(self, name: str) -> Scope | None:
        """The scope whose binding a use of ``name`` here means.

        Names of an enclosing class are the last resort: Python would not find them from a method,
        but then the name is bound nowhere else and the class is what the author meant.
        """
        classes: list[Scope] = []
        scope: Scope | None = self
        while scope is not None:
            if scope.kind == "class" and scope is not self:
                classes.append(scope)
            elif name in scope.names:
                return scope
            scope = scope.parent
        return next((found for found in classes if name in found.names), None)

    @property
    def function(self) -> FunctionInfo | None:
        """The innermost function around this scope, if any."""
        scope: Scope | None = self
        while scope is not None:
            if isinstance(scope.info, FunctionInfo):
                return scope.info
            if scope.kind == "class":
                return None
            scope = scope.parent
        return None


class FunctionInfo:
    """A ``def``."""

    __slots__ = (
        "blocks", "calls", "class_info", "decorators", "inner", "is_async", "is_generator", "name",
        "node", "outer", "params", "returns", "scope", "yields",
    )  # fmt: skip

    def __init__(self, node: cst.FunctionDef, scope: Scope, outer: Scope) -> None:
        self.node = node
        self.name = node.name.value
        self.scope = scope
        self.outer = outer
        self.class_info = outer.info if isinstance(outer.info, ClassInfo) else None
        self.is_async = node.asynchronous is not None
        self.is_generator = False
        self.decorators = [d.decorator for d in node.decorators]
        self.returns: list[cst.Return] = []
        self.yields: list[cst.Yield] = []
        self.calls: list[cst.Call] = []
        self.blocks: list[cst.With] = []
        # The functions in it, and those in them.
        self.inner: list[FunctionInfo] = []
        parameters = node.params
        self.params: list[cst.Param] = [
            *parameters.posonly_params, *parameters.params, *parameters.kwonly_params
        ]  # fmt: skip

    @property
    def names(self) -> Names:
        """The names of the module that it belongs to."""
        return self.scope.owner

    @property
    def decorator_names(self) -> set[str]:
        """The last words of the decorators: ``contextmanager`` for ``@contextlib.contextmanager``."""
        found = set()
        for decorator in self.decorators:
            name = dotted(decorator.func if isinstance(decorator, cst.Call) else decorator)
            if name:
                found.add(name.rpartition(".")[2])
        return found

    @property
    def is_method(self) -> bool:
        """Whether the first parameter is the object."""
        return self.class_info is not None and "staticmethod" not in self.decorator_names

    def argument_of(self, param: cst.Param, node: cst.Call) -> cst.BaseExpression | None:
        """The argument of a call that a parameter receives."""
        params = self.params[1:] if self.self_name is not None else self.params
        for index, arg in enumerate(node.args):
            if arg.star:
                return None
            if arg.keyword is not None:
                if arg.keyword.value == param.name.value:
                    return arg.value
            elif index < len(params) and params[index] is param:
                return arg.value
        return None

    @property
    def self_name(self) -> str | None:
        """The name of the first parameter of a method."""
        if self.is_method and self.params and self.params[0].name.value in ("self", "cls"):
            return self.params[0].name.value
        return None


class ClassInfo:
    """A ``class`` and what is written to its instances' attributes."""

    __slots__ = ("attributes", "bases", "more", "name", "node", "outer", "scope")

    def __init__(self, node: cst.ClassDef, scope: Scope, outer: Scope) -> None:
        self.node = node
        self.name = node.name.value
        self.scope = scope
        self.outer = outer
        # ``Repository[User]`` descends from ``Repository``.
        self.bases = [
            arg.value.value if isinstance(arg.value, cst.Subscript) else arg.value
            for arg in node.bases
            if not arg.star and arg.keyword is None
        ]
        self.attributes: dict[str, list[Binding]] = {}
        # Parses the members that define a name, for a class of another module.
        self.more: Callable[[str], None] | None = None

    @property
    def names(self) -> Names:
        """The names of the module that it belongs to."""
        return self.scope.owner

    def method(self, name: str) -> FunctionInfo | None:
        """The function that the class body binds to ``name``."""
        if self.more is not None:
            self.more(name)
        for binding in reversed(self.scope.names.get(name, [])):
            if binding.kind == "def" and isinstance(binding.node, cst.FunctionDef):
                return _info_of(binding)
        return None


def _info_of(binding: Binding) -> FunctionInfo | None:
    info = binding.scope.info
    return info if isinstance(info, FunctionInfo) else None


class Names:
    """The names of a module.

    Attributes:
        module: the outermost scope.
        functions, classes: every one in the file, in order.
        calls: every call with the scope it stands in.
        parents: the node above each node, by ``id``.
        imports: the dotted path of everything imported.
        stored: what is assigned to dotted names such as ``app.state.engine``, by its last two words.
        partial: classes whose members are parsed one by one, by name.
        changes: what is done to a mapping after it was made, by the mapping's name.
    """

    # Set by those who build on the names: the meaning of each, and the model of the module.
    lookup: Lookup
    model: ModuleModel

    def __init__(self, tree: Tree | None = None) -> None:
        module = cst.Module(body=()) if tree is None else tree.module
        self.module = Scope("module", module, self)
        self._declares = False
        self.functions: list[FunctionInfo] = []
        self.classes: list[ClassInfo] = []
        self.calls: list[tuple[cst.Call, Scope]] = []
        self.parents: dict[int, cst.CSTNode] = {}
        self.scopes: dict[int, Scope] = {}
        self.stored: dict[str, list[Binding]] = {}
        self.changes: dict[str, list[tuple[cst.CSTNode, Scope]]] = {}
        self.stars: list[str] = []
        self.imports: list[str] = []
        self.partial: dict[str, ClassInfo] = {}
        if tree is not None:
            self.extend(tree)

    def holds(self, node: cst.CSTNode) -> bool:
        """Whether a node is one of this module's."""
        return id(node) in self.parents

    def root_of(self, node: cst.CSTNode) -> cst.CSTNode:
        """The libcst module at the top of a node."""
        parent = self.parents.get(id(node))
        while parent is not None:
            node, parent = parent, self.parents.get(id(parent))
        return node

    def scope_at(self, node: cst.CSTNode) -> Scope:
        """The scope in which an expression is evaluated."""
        current: cst.CSTNode | None = node
        while current is not None:
            parent = self.parents.get(id(current))
            if parent is None:
                return self.module
            scope = self.scopes.get(id(parent))
            if scope is not None and not _outside(parent, current):
                return scope
            current = parent
        return self.module

    def enclosing(self, node: cst.CSTNode, *kinds: type) -> cst.CSTNode | None:
        """The nearest node above ``node`` of one of ``kinds``."""
        current = self.parents.get(id(node))
        while current is not None and not isinstance(current, kinds):
            current = self.parents.get(id(current))
        return current

    def extend(self, tree: Tree) -> None:
        """Take in more statements of the module."""
        self._declares = tree.says("global ", "nonlocal ")
        stack: list[tuple[cst.CSTNode, Scope]] = [(tree.module, self.module)]
        parents, visitors, leaves = self.parents, _VISITORS, _LEAVES
        while stack:
            node, scope = stack.pop()
            scope.size += 1
            visitor = visitors.get(type(node))
            inner = visitor(self, node, scope) if visitor is not None else scope
            below = children(node)
            below.reverse()
            for child in below:
                parents[id(child)] = node
                if type(child) not in leaves:
                    stack.append((child, inner))
            if inner is not scope:
                # What stands outside a definition's body belongs to the scope around it.
                for index in range(len(stack) - 1, max(-1, len(stack) - 1 - len(below)), -1):
                    child = stack[index][0]
                    if parents.get(id(child)) is not node:
                        break
                    if _outside(node, child):
                        stack[index] = (child, scope)

    # -- what each kind of node binds; each returns the scope of what is below it --------------

    def _function(self, node: cst.FunctionDef, scope: Scope) -> Scope:
        inner = Scope("function", node, scope)
        info = FunctionInfo(node, inner, scope)
        inner.info = info
        self.scopes[id(node)] = inner
        self.functions.append(info)
        around = scope.function
        while around is not None:
            around.inner.append(info)
            around = around.outer.function
        scope.bind(info.name, Binding("def", node, inner))
        if self._declares:
            _declare_foreign(node.body, inner)
        parameters = node.params
        for param in info.params:
            self._parameter(param, inner)
        if isinstance(parameters.star_arg, cst.Param):
            self._parameter(parameters.star_arg, inner, "several")
        if isinstance(parameters.star_kwarg, cst.Param):
            name = parameters.star_kwarg.name.value
            inner.bind(name, Binding("other", parameters.star_kwarg, inner))
        return inner

    def _parameter(self, param: cst.Param, scope: Scope, kind: str = "parameter") -> None:
        annotation = param.annotation.annotation if param.annotation else None
        binding = Binding(kind, param, scope, annotation=annotation)
        scope.bind(param.name.value, binding)

    def _lambda(self, node: cst.Lambda, scope: Scope) -> Scope:
        inner = Scope("lambda", node, scope)
        self.scopes[id(node)] = inner
        for param in (*node.params.params, *node.params.kwonly_params, *node.params.posonly_params):
            self._parameter(param, inner)
        return inner

    def _class(self, node: cst.ClassDef, scope: Scope) -> Scope:
        known = self.partial.get(node.name.value) if scope is self.module else None
        if known is not None:
            self.scopes[id(node)] = known.scope
            return known.scope
        inner = Scope("class", node, scope)
        info = ClassInfo(node, inner, scope)
        inner.info = info
        self.scopes[id(node)] = inner
        self.classes.append(info)
        scope.bind(info.name, Binding("class", node, inner))
        return inner

    def _comprehension(self, node: cst.BaseComp, scope: Scope) -> Scope:
        inner = Scope("comprehension", node, scope)
        self.scopes[id(node)] = inner
        return inner

    def _comp_for(self, node: cst.CompFor, scope: Scope) -> Scope:
        self._target(node.target, Binding("iterate", node.iter, scope), scope)
        return scope

    def _import(self, node: cst.Import, scope: Scope) -> Scope:
        for alias in node.names:
            path = dotted(alias.name) or ""
            if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
                name = alias.asname.name.value
            else:
                name = path = path.partition(".")[0]
            self.imports.append(path)
            scope.bind(name, Binding("import", node, scope, path=path))
        return scope

    def _import_from(self, node: cst.ImportFrom, scope: Scope) -> Scope:
        module = dotted(node.module) if node.module is not None else ""
        path = self._absolute(module or "", len(node.relative))
        if isinstance(node.names, cst.ImportStar):
            self.stars.append(path)
            return scope
        for alias in node.names:
            name = alias.name.value if isinstance(alias.name, cst.Name) else ""
            bound = name
            if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
                bound = alias.asname.name.value
            full = f"{path}.{name}" if path.strip(".") else f"{path}{name}"
            self.imports.append(full)
            scope.bind(bound, Binding("import", node, scope, path=full))
        return scope

    def _absolute(self, module: str, dots: int) -> str:
        """A relative import keeps its dots: it begins at the file."""
        return "." * dots + module

    def _assign(self, node: cst.Assign, scope: Scope) -> Scope:
        for target in node.targets:
            if isinstance(target.target, cst.Subscript):
                self._item_target(target.target, node, scope)
            else:
                self._target(target.target, Binding("assign", node.value, scope), scope)
        return scope

    def _type_alias(self, node: cst.TypeAlias, scope: Scope) -> Scope:
        self._target(node.name, Binding("assign", node.value, scope), scope)
        return scope

    def _item_target(self, target: cst.Subscript, node: cst.CSTNode, scope: Scope) -> None:
        if isinstance(target.value, cst.Name):
            self.changes.setdefault(target.value.value, []).append((node, scope))

    def _ann_assign(self, node: cst.AnnAssign, scope: Scope) -> Scope:
        annotation = node.annotation.annotation
        if node.value is None:
            binding = Binding("declare", node, scope, annotation=annotation)
        else:
            binding = Binding("assign", node.value, scope, annotation=annotation)
        self._target(node.target, binding, scope)
        return scope

    def _aug_assign(self, node: cst.AugAssign, scope: Scope) -> Scope:
        self._target(node.target, Binding("other", node, scope), scope)
        return scope

    def _walrus(self, node: cst.NamedExpr, scope: Scope) -> Scope:
        outer = scope
        while outer.kind == "comprehension" and outer.parent is not None:
            outer = outer.parent
        self._target(node.target, Binding("assign", node.value, scope), outer)
        return scope

    def _with(self, node: cst.With, scope: Scope) -> Scope:
        is_async = node.asynchronous is not None
        function = scope.function
        if function is not None:
            function.blocks.append(node)
        for item in node.items:
            if item.asname is not None:
                binding = Binding("enter", item.item, scope, is_async=is_async)
                self._target(item.asname.name, binding, scope)
        return scope

    def _for(self, node: cst.For, scope: Scope) -> Scope:
        binding = Binding("iterate", node.iter, scope, is_async=node.asynchronous is not None)
        self._target(node.target, binding, scope)
        return scope

    def _handler(self, node: cst.ExceptHandler, scope: Scope) -> Scope:
        if node.name is not None:
            self._target(node.name.name, Binding("other", node, scope), scope)
        return scope

    def _match_as(self, node: cst.MatchAs, scope: Scope) -> Scope:
        if node.name is not None:
            scope.bind(node.name.value, Binding("other", node, scope))
        return scope

    def _call(self, node: cst.Call, scope: Scope) -> Scope:
        self.calls.append((node, scope))
        function = scope.function
        if function is not None:
            function.calls.append(node)
        callee = node.func
        if (
            isinstance(callee, cst.Attribute)
            and isinstance(callee.value, cst.Name)
            and callee.attr.value in ("update", "setdefault")
        ):
            self.changes.setdefault(callee.value.value, []).append((node, scope))
        return scope

    def _return(self, node: cst.Return, scope: Scope) -> Scope:
        function = scope.function
        if function is not None:
            function.returns.append(node)
        return scope

    def _yield(self, node: cst.Yield, scope: Scope) -> Scope:
        function = scope.function
        if function is not None and scope.kind != "lambda":
            function.is_generator = True
            function.yields.append(node)
        return scope

    def _target(self, target: cst.CSTNode, binding: Binding, scope: Scope) -> None:
        if isinstance(target, cst.Name):
            scope.bind(target.value, binding)
        elif isinstance(target, (cst.Tuple, cst.List)):
            for index, element in enumerate(target.elements):
                inner = Binding(
                    "item" if binding.kind == "assign" else "other",
                    binding.node, binding.scope, index=index,
                )  # fmt: skip
                self._target(element.value, inner, scope)
        elif isinstance(target, cst.Attribute):
            self._attribute_target(target, binding, scope)

    def _attribute_target(self, target: cst.Attribute, binding: Binding, scope: Scope) -> None:
        name = target.attr.value
        owner = target.value
        if isinstance(owner, cst.Name):
            function = scope.function
            while function is not None and function.self_name != owner.value:
                function = function.outer.function
            if function is not None and function.class_info is not None:
                function.class_info.attributes.setdefault(name, []).append(binding)
                return
            home = scope.find(owner.value)
            if home is not None:
                for found in home.names[owner.value]:
                    if found.kind == "class" and isinstance(found.scope.info, ClassInfo):
                        found.scope.info.attributes.setdefault(name, []).append(binding)
                        return
        path = dotted(target)
        if path is not None:
            self.stored.setdefault(".".join(path.split(".")[-2:]), []).append(binding)


def _declare_foreign(body: cst.BaseSuite, scope: Scope) -> None:
    """``global`` and ``nonlocal`` hold for the whole function, wherever they stand."""
    stack: list[cst.CSTNode] = [body]
    while stack:
        node = stack.pop()
        if isinstance(node, (cst.Global, cst.Nonlocal)):
            word = "global" if isinstance(node, cst.Global) else "nonlocal"
            for item in node.names:
                scope.foreign[item.name.value] = word
        elif isinstance(
            node,
            (cst.BaseSuite, cst.SimpleStatementLine, cst.If, cst.Else, cst.For, cst.While, cst.Try,
             cst.TryStar, cst.With, cst.ExceptHandler, cst.ExceptStarHandler, cst.Finally,
             cst.Match, cst.MatchCase),
        ):  # fmt: skip
            stack += children(node)


def _outside(owner: cst.CSTNode, child: cst.CSTNode) -> bool:
    """Decorators, defaults, annotations and bases belong to the scope around a definition."""
    if isinstance(owner, (cst.FunctionDef, cst.ClassDef)):
        return child is not owner.body
    if isinstance(owner, cst.Lambda):
        return child is not owner.body
    return False


# Nodes that have nothing below them.
_LEAVES = frozenset((cst.Name, cst.SimpleString, cst.Integer, cst.Float, cst.Pass, cst.Ellipsis))
_VISITORS: dict[type, Callable[[Names, Any, Scope], Scope]] = {
    cst.FunctionDef: Names._function,
    cst.Lambda: Names._lambda,
    cst.ClassDef: Names._class,
    cst.ListComp: Names._comprehension,
    cst.SetComp: Names._comprehension,
    cst.GeneratorExp: Names._comprehension,
    cst.DictComp: Names._comprehension,
    cst.CompFor: Names._comp_for,
    cst.Import: Names._import,
    cst.ImportFrom: Names._import_from,
    cst.Assign: Names._assign,
    cst.TypeAlias: Names._type_alias,
    cst.AnnAssign: Names._ann_assign,
    cst.AugAssign: Names._aug_assign,
    cst.NamedExpr: Names._walrus,
    cst.With: Names._with,
    cst.For: Names._for,
    cst.ExceptHandler: Names._handler,
    cst.MatchAs: Names._match_as,
    cst.Call: Names._call,
    cst.Return: Names._return,
    cst.Yield: Names._yield,
}
