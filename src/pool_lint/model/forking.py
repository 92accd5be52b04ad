"""Engines that a hook disposes of in a forked process, and with them their parent's connections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import forks as table
from pool_lint.model.creations import constant
from pool_lint.model.engines import is_sqlite
from pool_lint.model.values import ENGINE, Const, Function, Method, Origin, Resource
from pool_lint.settings import is_before
from pool_lint.syntax.walk import dotted, last_word

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo, Scope

# Through so many functions of the file a hook may come to the engine.
_DEPTH = 3
_EMPTY = frozenset(("NullPool", "StaticPool", "?"))
_DISPOSING = ("flask_sqlalchemy.SQLAlchemy().engine.dispose",)


class Disposed:
    """An engine that a forked process disposes of, with the connections of its parent.

    Attributes:
        node: the call of ``dispose()``, or the method where it is named only.
        hook: what names the function that runs in the new process; None where its name tells.
        word: how the hook is called.
        engine: how the code calls the engine.
    """

    __slots__ = ("engine", "hook", "node", "word")

    def __init__(
        self, node: cst.BaseExpression, engine: cst.BaseExpression, word: str,
        hook: cst.CSTNode | None,
    ) -> None:  # fmt: skip
        self.node = node
        self.engine = engine
        self.word = word
        self.hook = hook


def disposed_after_fork(model: ModuleModel) -> Iterator[Disposed]:
    """The calls of ``dispose()`` that close the connections of a process's parent."""
    if not model.mentions("dispose") or is_before(model.target("sqlalchemy"), table.HAS_CLOSE):
        return
    hooks = dict(_hooks(model))
    for info in model.names.functions:
        found = _hook_of(info, hooks, model, _DEPTH)
        for call in info.calls:
            engine = _disposed_by(call, model.names.scope_at(call), model)
            if engine is None:
                continue
            if found is not None and not _is_own(engine, info):
                word, hook, is_target = found
                if hook is None and _is_loaded_late(call, info, model):
                    continue
                if not is_target or _is_first(call, info, model):
                    yield Disposed(call, _owner(call.func), word, hook)
            elif _is_in_child(call, info, model):
                yield Disposed(call, _owner(call.func), "the child of `os.fork()`", None)
    yield from _named(model)


def _owner(func: cst.BaseExpression) -> cst.BaseExpression:
    return func.value if isinstance(func, cst.Attribute) else func


# -- which functions run in a new process --------------------------------------------------------

# The hook's word, what registers it, and whether it is all that the new process runs.
_Hook = tuple[str, cst.CSTNode | None, bool]


def _hooks(model: ModuleModel) -> Iterator[tuple[int, _Hook]]:
    lookup = model.lookup
    for info in model.names.functions:
        if table.GUNICORN.get(info.name) == len(info.params) and info.outer.parent is None:
            yield id(info), (f"gunicorn's `{info.name}`", None, False)
        for decorator in info.decorators:
            target = decorator.func if isinstance(decorator, cst.Call) else decorator
            value = lookup.expression(target, info.outer)
            if isinstance(value, Origin) and value.path in table.HOOKS:
                yield id(info), (f"`{dotted(target)}`", decorator, False)
    for call, scope in tuple(model.names.calls):
        for node, is_target in _given(call, scope, model):
            value = lookup.known(lookup.expression(node, scope))
            if isinstance(value, Function):
                yield id(value.info), (f"`{dotted(call.func)}()`", call, is_target)


def _given(
    call: cst.Call, scope: Scope, model: ModuleModel
) -> Iterator[tuple[cst.BaseExpression, bool]]:
    """What a call has run in new processes, and whether nothing else runs there."""
    word = last_word(call.func) or ""
    if not any(path.endswith(word) for path in (*table.REGISTRARS, *table.PROCESSES)):
        return
    value = model.lookup.expression(call.func, scope)
    path = value.path if isinstance(value, Origin) else ""
    if path in table.PROCESSES:
        names: tuple[str, int | None] = ("target", 1)
    elif path in table.REGISTRARS:
        names = table.REGISTRARS[path]
    else:
        return
    if not may_fork(call, path, model):
        return
    for index, arg in enumerate(call.args):
        is_named = arg.keyword is not None and arg.keyword.value == names[0]
        if not arg.star and (is_named or (arg.keyword is None and index == names[1])):
            yield arg.value, path in table.PROCESSES


def may_fork(call: cst.Call, path: str, model: ModuleModel) -> bool:
    """Whether the processes that a call begins are copies of this one, as far as anybody can see.

    Args:
        call: the call.
        path: what it calls.
        model: the module.
    """
    if "multiprocessing" not in path and "futures" not in path:
        return True
    if any(arg.keyword is not None and arg.keyword.value == "mp_context" for arg in call.args):
        return False
    for other, scope in model.names.calls:
        word = last_word(other.func)
        if word in ("get_context", "set_start_method"):
            method = model.lookup.expression(other.args[0].value, scope) if other.args else None
            if not isinstance(method, Const) or constant(method) != "fork":
                return False
    return True


def _hook_of(
    info: FunctionInfo, hooks: dict[int, _Hook], model: ModuleModel, depth: int
) -> _Hook | None:
    """The hook that a function is, or through which it is called."""
    found = hooks.get(id(info))
    if found is not None or not depth:
        return found
    for caller, _ in model.graph.callers(info):
        if caller is not None and caller is not info:
            found = _hook_of(caller, hooks, model, depth - 1)
            if found is not None and not found[2]:
                return found
    return None


# -- what they dispose of ------------------------------------------------------------------------


def _disposed_by(call: cst.Call, scope: Scope, model: ModuleModel) -> Resource | str | None:
    """The engine that a call disposes of with all its connections, or the path of one."""
    if last_word(call.func) != "dispose" or call.args:
        return None
    return _method(call.func, scope, model)


def _method(node: cst.BaseExpression, scope: Scope, model: ModuleModel) -> Resource | str | None:
    value = model.lookup.expression(node, scope)
    if isinstance(value, Origin) and value.path in _DISPOSING:
        return value.path
    if not isinstance(value, Method) or value.name != "dispose" or value.subject.kind != ENGINE:
        return None
    subject = value.subject
    creation = subject.creation
    if subject.is_async is not False or (creation is not None and creation.is_async):
        return None
    if creation is not None and (creation.pool_class() in _EMPTY or is_sqlite(creation)):
        return None
    return subject


def _is_own(engine: Resource | str, info: FunctionInfo) -> bool:
    """Whether the function makes the engine itself."""
    creation = engine.creation if isinstance(engine, Resource) else None
    return creation is not None and creation.function is info


def _is_loaded_late(call: cst.Call, info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether gunicorn may load the module of an engine in the worker alone: nobody preloads it."""
    name = (dotted(_owner(call.func)) or "").partition(".")[0]
    home = info.scope.find(name)
    if home is None or not any(one.kind == "import" for one in home.names[name]):
        return False
    value = model.lookup.name(table.PRELOAD, model.names.module)
    return home is info.scope and constant(value) is not True


def _is_first(call: cst.Call, info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether a function disposes of an engine before it does anything else with it."""
    statement = model.names.enclosing(call, cst.SimpleStatementLine)
    if model.names.parents.get(id(statement)) is not info.node.body:
        return False
    name = dotted(_owner(call.func))
    earlier = info.calls[: next(i for i, one in enumerate(info.calls) if one is call)]
    return not any((dotted(one.func) or "").startswith(f"{name}.") for one in earlier)


def _is_in_child(call: cst.Call, info: FunctionInfo, model: ModuleModel) -> bool:
    """``if pid == 0: engine.dispose()`` where ``pid`` is what ``os.fork()`` gave."""
    parents = model.names.parents
    child: cst.CSTNode = call
    current = parents.get(id(call))
    while current is not None and current is not info.node:
        if isinstance(current, cst.If) and child is current.body:
            tested = _zero(current.test)
            value = model.lookup.expression(tested, info.scope) if tested is not None else None
            if isinstance(value, Origin) and value.path == "os.fork()":
                return True
        child, current = current, parents.get(id(current))
    return False


def _zero(test: cst.BaseExpression) -> cst.BaseExpression | None:
    """What a test finds to be zero: ``pid == 0``, ``not pid``."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return test.expression
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return None
    target = test.comparisons[0]
    is_zero = isinstance(target.comparator, cst.Integer) and target.comparator.value == "0"
    return test.left if is_zero and isinstance(target.operator, cst.Equal) else None


def _named(model: ModuleModel) -> Iterator[Disposed]:
    """``os.register_at_fork(after_in_child=engine.dispose)``, and the same in a lambda."""
    for call, scope in tuple(model.names.calls):
        for node, is_target in _given(call, scope, model):
            if is_target:
                continue
            if isinstance(node, cst.Attribute) and _method(node, scope, model) is not None:
                yield Disposed(node, node.value, f"`{dotted(call.func)}()`", None)
            elif isinstance(node, cst.Lambda) and isinstance(node.body, cst.Call):
                inner = node.body
                if _disposed_by(inner, model.names.scope_at(inner), model) is not None:
                    yield Disposed(inner, _owner(inner.func), f"`{dotted(call.func)}()`", None)
