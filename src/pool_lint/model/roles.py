"""Which functions run once, which for every request, and which are tests or commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.model.annotations import ANNOTATED, depends_on
from pool_lint.model.class_roles import roles_by_class
from pool_lint.model.names import ClassInfo, FunctionInfo, Scope
from pool_lint.model.values import UNKNOWN, Class, Const, Function, Origin, Text, Value, seen
from pool_lint.syntax.walk import dotted, walk

if TYPE_CHECKING:
    from pool_lint.model.lazy_module import LazyModule
    from pool_lint.model.lookup import Lookup

# What makes a command of a function that it is given.
_RUNNERS = frozenset(("typer.run", "fire.Fire", "plac.call", "defopt.run"))
_SERVERS = frozenset(("uvicorn", "hypercorn", "granian", "gunicorn", "daphne", "waitress"))


class Roles:
    """The roles of the functions of a module.

    Args:
        lookup: the names of the module.
        filename: the file's path; only a pytest ``conftest.py`` is known by it.
        module: the whole file, be it parsed or not.

    Attributes:
        registered: the functions of other modules that this one gives a role: each with the role
            and the node that says so.
    """

    def __init__(self, lookup: Lookup, filename: str, module: LazyModule | None = None) -> None:
        self._lookup = lookup
        self._names = lookup.names
        self._roles: dict[int, set[str]] = {}
        self.registered: list[tuple[FunctionInfo, str, cst.CSTNode]] = []
        self.is_conftest = filename.replace("\\", "/").rpartition("/")[2] == "conftest.py"
        self.is_migration = self._imports_alembic()
        self.is_test = module is not None and module.is_test
        self.is_script = False
        self._is_server = False
        for info in self._names.functions:
            self._by_itself(info)
        for owner in self._names.classes:
            for method, role in roles_by_class(owner, lookup):
                self._add(method, role)
        for call, scope in self._names.calls:
            self._by_call(call, scope)
        self._by_main_guard()
        self._by_program(module.programs if module is not None else None)

    def of(self, info: FunctionInfo) -> set[str]:
        """The roles of a function."""
        return self._roles.get(id(info), set())

    def _add(self, info: FunctionInfo, role: str, node: cst.CSTNode | None = None) -> None:
        self._roles.setdefault(id(info), set()).add(role)
        if node is not None and info.names is not self._names:
            self.registered.append((info, role, node))

    def _known(self, value: Value) -> Value:
        """A value as the code shows it; read where it stands for those who ask about callers."""
        project = self._lookup.project
        value = seen(value)
        return self._lookup.known(value) if project is not None and project.whole else value

    def _imports_alembic(self) -> bool:
        return any(
            path in ("alembic.context", "alembic.op") or path.startswith("alembic.context.")
            for path in self._names.imports
        )

    # -- what a function says of itself --------------------------------------------------------

    def _by_itself(self, info: FunctionInfo) -> None:
        name = info.name
        owner = info.class_info
        if name.startswith("test_") or (owner is not None and _is_test_class(owner)):
            self._add(info, fw.TEST)
        for decorator in info.decorators:
            self._by_decorator(info, decorator)
        for param in info.params:
            provider = depends_on(param, info.outer, self._lookup)
            provider = self._known(provider) if provider is not None else None
            if isinstance(provider, Function):
                self._add(provider.info, fw.DEPENDENCY, param)
            elif isinstance(provider, Class):
                self._constructed(provider.info, fw.DEPENDENCY, param)
            elif provider is ANNOTATED:
                self._by_annotation(param, info)

    def _by_annotation(self, param: cst.Param, info: FunctionInfo) -> None:
        """``audit: Audit = Depends()`` makes an ``Audit`` for every request."""
        if param.annotation is not None:
            value = self._lookup.expression(param.annotation.annotation, info.outer)
            if isinstance(value, Class):
                self._constructed(value.info, fw.DEPENDENCY, param)

    def _by_decorator(self, info: FunctionInfo, decorator: cst.BaseExpression) -> None:
        called = decorator if isinstance(decorator, cst.Call) else None
        target = called.func if called is not None else decorator
        word = (
            target.attr.value if isinstance(target, cst.Attribute) else getattr(target, "value", "")
        )
        if not isinstance(word, str):
            return
        value = self._lookup.expression(target, info.outer)
        path = value.path if isinstance(value, Origin) else ""
        root = path.partition(".")[0]
        if word in fw.CACHE_DECORATORS:
            self._add(info, fw.CACHED)
        elif path in fw.HANDLER_DECORATORS:
            self._add(info, fw.HANDLER_DECORATORS[path])
        elif word in fw.TEST_DECORATORS and (root in ("pytest", "pytest_asyncio", "")):
            self._add(info, fw.TEST)
        elif root in fw.BOT_ORIGINS and word in fw.BOT_EVENTS:
            if _event_of(info, called) not in fw.BOT_STARTUPS:
                self._add(info, fw.BOT_EVENTS[word])
        elif root in fw.COMMAND_LIBRARIES or (
            word in fw.COMMAND_DECORATORS
            and (
                root in fw.COMMAND_ORIGINS
                or (root == "" and info.params == [] and word == "command")
                or _says_typer(dotted(target))
            )
        ):
            self._add(info, fw.SCRIPT)
        elif path == "functools.wraps":
            self._add(info, fw.WRAPPER)
        elif word in fw.STARTUP_DECORATORS:
            self._add(info, fw.STARTUP)
        elif word in fw.TASK_DECORATORS and self._is_task(word, root, called):
            self._add(info, fw.TASK)
        elif word in fw.BOT_DECORATORS and isinstance(target, cst.Attribute):
            self._add(info, fw.HANDLER)
        elif self._is_route(target, word, root, called, info.outer):
            self._add(info, fw.ROUTE_DECORATORS[word])

    def _is_route(
        self,
        target: cst.BaseExpression,
        word: str,
        root: str,
        called: cst.Call | None,
        scope: Scope,
    ) -> bool:
        if not isinstance(target, cst.Attribute) or word not in fw.ROUTE_DECORATORS:
            return False
        return root in fw.APPLICATION_ROOTS or self._has_path(called, scope, word)

    def _is_task(self, word: str, root: str, called: cst.Call | None) -> bool:
        if root in fw.TASK_ORIGINS or word == "shared_task":
            return True
        return root not in ("prefect", "luigi", "airflow", "dagster", "invoke", "pytest", "locust")

    def _has_path(self, called: cst.Call | None, scope: Scope, word: str) -> bool:
        """``@app.get("/users")`` on an ``app`` that nobody defines."""
        if called is None:
            return False
        if word not in fw.VERBS:
            return True
        if not called.args:
            return word == "route"
        first = self._lookup.expression(called.args[0].value, scope)
        if isinstance(first, Const) and isinstance(first.value, str):
            return first.value.startswith("/") or first.value == ""
        return isinstance(first, Text) and (first.parts[0] is None or first.prefix.startswith("/"))

    def _constructed(self, info: ClassInfo, role: str, node: cst.CSTNode) -> None:
        method = info.method("__init__")
        if method is not None:
            self._add(method, role, node)

    # -- what a call makes of its arguments ----------------------------------------------------

    def _by_call(self, call: cst.Call, scope: Scope) -> None:
        func = call.func
        word = func.attr.value if isinstance(func, cst.Attribute) else getattr(func, "value", "")
        if not isinstance(word, str):
            return
        if word == "ArgumentParser":
            if scope.function is not None:
                self._add(scope.function, fw.SCRIPT)
            self.is_script = self.is_script or scope is self._names.module
        role = fw.REGISTRARS.get(word) if isinstance(func, cst.Attribute) else None
        role = role or fw.REGISTERING_CLASSES.get(word)
        if word == "register" and self._is_observer(func, scope):
            role = fw.HANDLER
        if word in fw.DEPENDENCY_MARKERS:
            role = fw.DEPENDENCY
        elif word in fw.VERBS and isinstance(func, cst.Attribute) and dotted(func.value) == "web":
            role = fw.HANDLER
        for arg in call.args:
            keyword = arg.keyword.value if arg.keyword is not None else ""
            named = fw.ROLE_KEYWORDS.get(keyword)
            if named is None and role is None:
                continue
            if not isinstance(arg.value, (cst.Name, cst.Attribute, cst.List)):
                continue
            elements = (
                [e.value for e in arg.value.elements]
                if isinstance(arg.value, cst.List)
                else [arg.value]
            )
            for element in elements:
                value = self._known(self._lookup.expression(element, scope))
                chosen = named or role
                if isinstance(value, Function) and chosen is not None:
                    self._add(value.info, chosen, element)
                elif isinstance(value, Class) and role == fw.DEPENDENCY:
                    self._constructed(value.info, role, element)

    def _is_observer(self, func: cst.BaseExpression, scope: Scope) -> bool:
        """``dispatcher.message.register(start)``."""
        if not isinstance(func, cst.Attribute) or not isinstance(func.value, cst.Attribute):
            return False
        if func.value.attr.value not in fw.BOT_DECORATORS:
            return False
        value = self._lookup.expression(func.value, scope)
        return isinstance(value, Origin) and value.path.partition(".")[0] in fw.BOT_ORIGINS

    # -- scripts -------------------------------------------------------------------------------

    def _by_main_guard(self) -> None:
        """What runs under ``if __name__ == "__main__"`` is a command."""
        for block in main_guards(self._names.module.node):
            for inner in walk(block.body):
                if not isinstance(inner, cst.Call):
                    continue
                value = self._lookup.expression(inner.func, self._names.scope_at(inner))
                if isinstance(value, Function):
                    self._add(value.info, fw.PROGRAM)
                    self.is_script = True
                elif isinstance(value, Origin) and value.path.partition(".")[0] in _SERVERS:
                    self.is_script = False
                    self._is_server = True
                    return
                elif isinstance(value, Origin) and value.path in _RUNNERS and inner.args:
                    given = self._lookup.expression(inner.args[0].value, self._names.module)
                    if isinstance(given, Function):
                        self._add(given.info, fw.SCRIPT)
                        self.is_script = True
                elif value is UNKNOWN:
                    continue

    def _by_program(self, names: frozenset[str] | None) -> None:
        """``asyncio.run(main())`` without a guard makes a command as well."""
        if names is None or self._is_server:
            return
        self.is_script = True
        for info in self._names.functions:
            if info.name in names and info.outer is self._names.module:
                self._add(info, fw.PROGRAM)


def main_guards(module: cst.CSTNode) -> list[cst.If]:
    """The ``if __name__ == "__main__":`` statements, also those in a class body."""
    found: list[cst.If] = []
    stack: list[cst.CSTNode] = [module]
    while stack:
        node = stack.pop()
        for statement in getattr(node, "body", ()):
            if type(statement) is cst.If and _is_main_test(statement.test):
                found.append(statement)
            elif type(statement) is cst.ClassDef and isinstance(statement.body, cst.IndentedBlock):
                stack.append(statement.body)
    return found


def _is_main_test(test: cst.BaseExpression) -> bool:
    if not isinstance(test, cst.Comparison):
        return False
    sides = [test.left, *(target.comparator for target in test.comparisons)]
    return any(isinstance(side, cst.Name) and side.value == "__name__" for side in sides)


def _event_of(info: FunctionInfo, called: cst.Call | None) -> str:
    """``@bot.listen("on_message")``: what a function of a bot waits for."""
    for arg in called.args if called is not None else ():
        if isinstance(arg.value, cst.SimpleString):
            return str(arg.value.raw_value)
    return info.name


def _is_test_class(info: ClassInfo) -> bool:
    if info.name.startswith("Test"):
        return True
    return any(
        (dotted(base) or "").rpartition(".")[2].endswith(("TestCase", "TestBase", "Test"))
        for base in info.bases
    )


def _says_typer(name: str | None) -> bool:
    """``@cli.command()``: an object that is named as a command line is one."""
    return name is not None and name.partition(".")[0] in ("cli", "typer_app", "commands", "click")
