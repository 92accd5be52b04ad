"""``with``: what happens where a block is entered, and on each way out of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import leaving
from pool_lint.knowledge import slow as table
from pool_lint.model import effects, handing, misuse, operations, stacks
from pool_lint.model.assignments import bind
from pool_lint.model.events import SlowCall
from pool_lint.model.slow_calls import label, style_of
from pool_lint.model.states import meet
from pool_lint.model.trying import catches_everything
from pool_lint.model.values import Class, Function, Instance, Manager, Origin, Resource, Value
from pool_lint.syntax.walk import dotted, last_word, walk

if TYPE_CHECKING:
    from pool_lint.model.statements import Statements

_FLASK_CONTEXTS = frozenset(("app_context", "test_request_context"))


def follow(run: Statements, node: cst.With) -> None:
    """A with statement: its items from the first to the last, its body, and all of it back.

    Args:
        run: the function.
        node: the statement.
    """
    entered: list[_Entered] = []
    for item in node.items:
        entered.append(_Entered(run, item, node))
        run.part()
        if not run.reached:
            break
    if run.reached:
        run.block(node.body)
    for one in reversed(entered):
        one.leave(run)


class _Entered:
    """One item of a with statement, entered."""

    __slots__ = ("_block", "_item", "_leave", "_value")

    def __init__(self, run: Statements, item: cst.WithItem, block: cst.With) -> None:
        self._item = item
        self._block = block
        self._value = run.value(item.item)
        self._leave = self._enter(run)

    def _enter(self, run: Statements) -> effects.Leave | None:
        value, item, block = self._value, self._item, self._block
        misuse.entered(run, value, item.item, block)
        _slow_entry(run, item.item, value, block)
        leave = handing.enter(run, value, item.item)
        for tell in run.watch.entered:
            tell(value, item.item, block)
        given = operations.entered(value, run.lookup)
        name = item.asname.name if item.asname is not None else None
        if name is not None:
            bind(run, name, given)
        if leave is None and isinstance(name, cst.Name):
            bound = run.state.env.get(name.value)
            if isinstance(bound, Resource) and bound.site is name:
                misuse.entered_unseen(run, bound, item.item, block)
                leave = partial(effects.close, run, bound, item.item)
        if leave is None and _is_flask_context(item.item):
            leave = partial(effects.leave_flask_context, run, item.item)
        if leave is None and isinstance(value, Instance):
            leave = partial(effects.leave_object, run, given, item.item)
        if leave is None:
            stack = name if name is not None else item.item
            if isinstance(stack, cst.Name) and stacks.is_stack(value):
                leave = partial(stacks.unwind, run, stack.value)
        return leave

    def leave(self, run: Statements) -> None:
        """Every way out leads through the end of the block."""
        pending = run.caught()
        for kind, state in pending.items():
            if state is not None:
                run.resume(state)
                if self._leave is not None:
                    run.leaving = kind
                    self._leave(kind == "raise")
                    run.leaving = ""
                for told in run.watch.left:
                    told(self._value, self._item.item, self._block, kind)
                if kind != "raise" and self._leave is not None:
                    run.may_raise()
                pending[kind] = run.state
        raised = pending.get("raise")
        if raised is not None:
            how = _swallows(run, self._item.item, self._value)
            if how == _WANTS:
                pending[""], pending["raise"] = raised.copy(), meet(raised, pending[""])
            elif how:
                pending[""] = meet(pending[""], raised.copy())
        run.forward(pending)


def _is_flask_context(node: cst.BaseExpression) -> bool:
    """``with app.app_context():``, at whose end Flask-SQLAlchemy removes its session."""
    return isinstance(node, cst.Call) and last_word(node.func) in _FLASK_CONTEXTS


def _slow_entry(run: Statements, node: cst.CSTNode, value: Value, block: cst.With) -> None:
    """``async with client.get(url) as response:`` waits on entering."""
    if not isinstance(value, Origin) or not isinstance(node, cst.Call):
        return
    path = value.path.removesuffix("()")
    style = style_of(run, path, node)
    if block.asynchronous is not None and style in (table.WAITING, table.EITHER):
        effects.slow(run, SlowCall(node, table.WAITING, label(node, path), False, None))


# -- exceptions that go no further ----------------------------------------------------------------

_SUPPRESSING_WORDS = frozenset(path.rpartition(".")[2] for path in leaving.SUPPRESSING)
_SOME = "some"
_WANTS = "wants"


def _swallows(run: Statements, node: cst.BaseExpression, value: Value) -> str:
    """Whether a block keeps exceptions from going on: "" if not."""
    if isinstance(node, cst.Call):
        callee = run.callee(node)
        path = callee.path if isinstance(callee, Origin) else dotted(node.func) or ""
        if path in leaving.SUPPRESSING:
            return _SOME
        if path in leaving.WANTING or path.rpartition(".")[2] in leaving.WANTING_METHODS:
            return _WANTS
    if isinstance(value, Manager) and value.function is not None:
        return _SOME if _takes_up(value.function) else ""
    if isinstance(value, Instance):
        names = ("__exit__", "__aexit__")
        return _SOME if any(_says_yes(run, Class(value.info), name) for name in names) else ""
    return ""


def _takes_up(function: Function) -> bool:
    """Whether a generator goes on after an exception at its ``yield``."""
    parents = function.info.names.parents
    for node in function.info.yields:
        child: cst.CSTNode = node
        current = parents.get(id(node))
        while current is not None and current is not function.info.node:
            if isinstance(current, cst.Try) and child is current.body:
                for handler in current.handlers:
                    if not _ends_raising(handler.body):
                        return True
                    if catches_everything(handler):
                        break
            elif (
                isinstance(current, cst.With)
                and child is current.body
                and any(_is_suppressing(item.item) for item in current.items)
            ):
                return True
            child, current = current, parents.get(id(current))
    return False


def _is_suppressing(node: cst.BaseExpression) -> bool:
    word = dotted(node.func) if isinstance(node, cst.Call) else None
    return word is not None and word.rpartition(".")[2] in _SUPPRESSING_WORDS


def _ends_raising(body: cst.BaseSuite) -> bool:
    last: cst.CSTNode | None = body.body[-1] if body.body else None
    if isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1]
    return isinstance(last, cst.Raise) and not any(
        isinstance(node, cst.Return) for node in walk(body)
    )


def _says_yes(run: Statements, owner: Class, name: str) -> bool:
    """Whether ``__exit__`` may return something true."""
    method = owner.info.method(name)
    if method is None:
        return False
    return any(
        node.value is not None
        and not (isinstance(node.value, cst.Name) and node.value.value in ("False", "None"))
        for node in method.returns
    )
