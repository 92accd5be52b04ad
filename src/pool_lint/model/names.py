"""Who binds which name where: scopes, imports, functions and classes of one module."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.module import ModuleModel


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
        declares: whether the statements that are being taken in say ``global`` or ``nonlocal``.
    """

    # Set by those who build on the names: the meaning of each, and the model of the module.
    lookup: Lookup
    model: ModuleModel

    def __init__(self, module: cst.Module | None = None) -> None:
        self.module = Scope("module", module or cst.Module(body=()), self)
        self.declares = False
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
            if scope is not None and not outside(parent, current):
                return scope
            current = parent
        return self.module

    def enclosing(self, node: cst.CSTNode, *kinds: type) -> cst.CSTNode | None:
        """The nearest node above ``node`` of one of ``kinds``."""
        current = self.parents.get(id(node))
        while current is not None and not isinstance(current, kinds):
            current = self.parents.get(id(current))
        return current


def outside(owner: cst.CSTNode, child: cst.CSTNode) -> bool:
    """Decorators, defaults, annotations and bases belong to the scope around a definition."""
    if isinstance(owner, (cst.FunctionDef, cst.ClassDef)):
        return child is not owner.body
    if isinstance(owner, cst.Lambda):
        return child is not owner.body
    return False
