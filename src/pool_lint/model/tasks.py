"""Tasks and threads that work with a session: beside each other, and longer than it lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import tasks as table
from pool_lint.model import fan_out
from pool_lint.model.beside import concurrent, works
from pool_lint.model.shares import Concurrent, Escaped, Share, Started, Unit
from pool_lint.model.sources import Sources
from pool_lint.model.task_arguments import Handing
from pool_lint.model.uses import WORK
from pool_lint.model.values import UNKNOWN, Coroutine, Method, Origin, Resource, Value
from pool_lint.model.watching import Watcher
from pool_lint.syntax.walk import dotted, last_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pool_lint.model.flow import Flow
    from pool_lint.model.states import Condition, State

RUNNING = "running"
OVER = "over"
# Somebody else may wait for it.
GIVEN = "given"
KEPT = "kept"

_COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.GeneratorExp, cst.DictComp)
_ADDING = frozenset(("append", "add", "appendleft", "put_nowait"))


class Tasks(Watcher):
    """Notes which sessions several tasks use, and which go with a task that lives longer."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._sources = Sources(flow.lookup.names)
        self._handing = Handing(flow, self._sources)
        self._tasks: dict[int, Started] = {}
        self._spawned: set[int] = set()
        self._groups: dict[str, cst.With] = {}
        self._leaving: list[tuple[Started, Resource, cst.CSTNode]] = []

    # -- names -----------------------------------------------------------------------------------

    def bound(self, target: cst.BaseExpression, value: Value) -> None:
        self._sources.bound(target)
        if self._tasks and isinstance(target, (cst.Attribute, cst.Subscript)):
            node = self._sources.assigned(target)
            if node is not None:
                self._mark(node, KEPT)

    def entered(self, value: Value, node: cst.BaseExpression, block: cst.With) -> None:
        if not isinstance(value, Origin) or value.path not in (table.GROUPS | table.EXECUTORS):
            return
        for item in block.items:
            if item.item is node and item.asname is not None:
                self._groups[dotted(item.asname.name) or ""] = block

    # -- calls -----------------------------------------------------------------------------------

    def called(self, callee: Value, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        path = callee.path if isinstance(callee, Origin) else ""
        word = last_word(node.func) or ""
        if path in table.GATHERERS:
            self._gather(node)
        elif path in table.AFTERWARDS or (word == "add_task" and _is_background(callee, node)):
            self._start_all(node, self._handing.call_in(node, None, is_thread=False), True)
        elif path in table.CALLING_STARTERS:
            self._start_all(node, self._handing.call_in(node, None, is_thread=False))
        elif path in table.STARTING_THREADS or path == table.THREAD:
            if not self._sources.is_alone(node):
                self._start_all(node, self._handing.call_in(node, None, is_thread=True))
        elif path in table.MAPPING_THREADS:
            if not self._sources.is_alone(node):
                self._note(concurrent(node, self._mapped(node), self._sources, None))
        elif path in table.STARTERS or (
            word in table.STARTING_METHODS and isinstance(node.func, cst.Attribute)
        ):
            if callee is UNKNOWN or path in table.STARTERS:
                for arg in node.args[:1]:
                    self._start_all(node, self._handing.units(arg.value, None, node))
        elif isinstance(node.func, cst.Attribute):
            self._method_called(callee, node, node.func, path)
        elif self._tasks and path not in table.WRAPPERS and not isinstance(callee, Method):
            self._given(node, path)

    def _method_called(self, callee: Value, node: cst.Call, func: cst.Attribute, path: str) -> None:
        word = func.attr.value
        if word in _ADDING and len(node.args) == 1:
            owner = func.value
            if isinstance(owner, cst.Name) and owner.value in self.flow.scope.names:
                self._sources.added(owner, node.args[0].value)
            else:
                self._mark(node.args[0].value, KEPT)
        elif word in table.ENDINGS:
            self._mark(func.value, OVER)
        elif word == "add_done_callback":
            if any(last_word(arg.value) in ("discard", "remove") for arg in node.args):
                self._mark(func.value, RUNNING)
            elif self._tasks:
                self._mark(func.value, GIVEN)
        elif self._tasks and not isinstance(callee, Method):
            self._given(node, path)

    def _given(self, node: cst.Call, path: str) -> None:
        """Tasks are handed to somebody."""
        word = OVER if path in table.WAITERS else GIVEN
        for arg in node.args:
            self._mark(arg.value, word)

    def _mark(self, node: cst.CSTNode, word: str) -> None:
        """All tasks that an expression stands for."""
        if not self._tasks:
            return
        for inner in self._sources.reached(node):
            task = self._tasks.get(id(inner))
            if task is not None and not task.afterwards:
                fact = self.flow.state.fact(task.key)
                if word == RUNNING and KEPT not in fact:
                    continue
                self.flow.state.note(task.key, word)

    # -- tasks beside each other -----------------------------------------------------------------

    def _gather(self, node: cst.Call) -> None:
        units = [
            unit
            for arg in node.args
            if arg.keyword is None
            for unit in self._handing.units(arg.value)
        ]
        self._spawned.update(id(unit.node) for unit in units)
        many = fan_out.find(node, units, self.flow, self._sources)
        if many is not None:
            self.flow.events.note(id(node), many)
        alike = [unit for unit in units if unit.start is None]
        self._note(concurrent(node, alike, self._sources, node))

    def _mapped(self, node: cst.Call) -> list[Unit]:
        if not node.args:
            return []
        shares, function = self._handing.of_function(node.args[0].value, ())
        return [Unit(node, shares, node, True, function, None)]

    def _note(self, event: Concurrent | None) -> None:
        if event is not None:
            self.flow.events.note(id(event.node), event)

    # -- tasks that go on ------------------------------------------------------------------------

    def _start_all(self, node: cst.Call, units: Iterator[Unit], afterwards: bool = False) -> None:
        for unit in units:
            self._spawned.add(id(unit.node))
            if any(not share.closes for share in unit.shares):
                self._start(node, unit, afterwards)

    def _start(self, node: cst.Call, unit: Unit, afterwards: bool) -> None:
        around = next(self._sources.above(node, *_COMPREHENSIONS), None)
        unit.many = unit.many or around
        group = dotted(node.func.value) if isinstance(node.func, cst.Attribute) else None
        block = self._groups.get(group or "")
        task = Started(node, unit, block, afterwards)
        if not afterwards:
            if around is not None:
                self._note(concurrent(node, [unit], self._sources, None))
            for share in unit.shares:
                other = self._runs_beside(share, unit)
                if other is not None:
                    is_thread = unit.is_thread or other.unit.is_thread
                    places = () if other.node is node else (other.node,)
                    self.flow.events.note(
                        id(node), Concurrent(node, share.subject, places, is_thread)
                    )
        self._tasks[id(node)] = task
        self.flow.state.note(task.key, RUNNING)

    def _runs_beside(self, share: Share, unit: Unit) -> Started | None:
        """A task that may still work with the session when another one begins to."""
        if not works(unit, share):
            return None
        for task in self._running(id(share.subject.site), unit.node):
            other = task.share_of(id(share.subject.site))
            if other is not None and other.key == share.key and works(task.unit, other):
                if task.unit.node is unit.node and self._is_new(share, task.node):
                    continue
                return task
        return None

    def _is_new(self, share: Share, node: cst.CSTNode) -> bool:
        """Whether each round of the loop around ``node`` has a session of its own."""
        loops = self._sources.above(node, cst.For, cst.While)
        return any(self._sources.is_inside(share.subject.site, loop) for loop in loops)

    def _running(self, site: int, node: cst.CSTNode) -> Iterator[Started]:
        """The tasks that are surely not over yet and have a session."""
        for task in self._tasks.values():
            fact = self.flow.state.fact(task.key)
            if task.afterwards or task.share_of(site) is None:
                continue
            if not fact & {RUNNING, KEPT} or fact & {OVER, GIVEN}:
                continue
            if task.block is None or self._sources.is_inside(node, task.block):
                yield task

    def awaited(self, value: Value, node: cst.Await) -> None:
        if not self._tasks:
            return
        self._mark(node.expression, OVER)
        if isinstance(value, Coroutine) and value.function is not None:
            if id(value.call) in self._spawned:
                return
            for unit in self._handing.units(value.call):
                for share in unit.shares:
                    other = self._runs_beside(share, unit)
                    theirs = other.share_of(id(share.subject.site)) if other else None
                    if other is not None and theirs is not None and not theirs.is_held:
                        self._note_beside(other, share.subject, value.call)

    def happened(
        self, subject: Resource, effect: str, node: cst.CSTNode, before: Condition, after: Condition
    ) -> None:
        if not self._tasks:
            return
        site = id(subject.site)
        if effect == "close":
            self._closed(subject, node)
        elif effect in WORK and id(node) not in self._spawned and not self.flow.unwinding:
            for task in self._running(site, node):
                share = task.share_of(site)
                # When an object works with what it was given, it may well know when to.
                if share is not None and not share.is_held and works(task.unit, share):
                    self._note_beside(task, subject, node)

    def _note_beside(self, task: Started, subject: Resource, node: cst.CSTNode) -> None:
        event = Concurrent(task.node, subject, (node,), task.unit.is_thread)
        self.flow.events.note(id(task.node), event)

    # -- tasks that live longer than their session -----------------------------------------------

    def _closed(self, subject: Resource, node: cst.CSTNode) -> None:
        at_block = isinstance(self.flow.lookup.names.parents.get(id(node)), cst.WithItem)
        if self.flow.unwinding and not at_block:
            return
        for task in self._tasks.values():
            share = task.share_of(id(subject.site))
            if share is None or share.of_object or not self._is_pending(task, subject):
                continue
            if at_block:
                self._leaving.append((task, subject, node))
            else:
                self._note_escape(task, subject, node)

    def left(self, value: Value, node: cst.BaseExpression, block: cst.With, kind: str) -> None:
        leaving, self._leaving = self._leaving, []
        if kind != "raise":
            for task, subject, end in leaving:
                self._note_escape(task, subject, end)

    def _is_pending(self, task: Started, subject: Resource) -> bool:
        fact = self.flow.state.fact(task.key)
        if not fact & {RUNNING, KEPT} or OVER in fact:
            return False
        if GIVEN in fact:
            return False
        if task.block is None:
            return True
        # What a group has started is over when its block is.
        return self._sources.is_inside(subject.site, task.block)

    def _note_escape(self, task: Started, subject: Resource, end: cst.CSTNode | None) -> None:
        how = "background" if task.afterwards else "thread" if task.unit.is_thread else "task"
        self.flow.events.note(id(task.node), Escaped(task.node, subject, end, how))

    def returned(self, value: Value, node: cst.Return) -> None:
        if self._tasks and node.value is not None:
            self._mark(node.value, GIVEN)

    def ended(self, ends: dict[str, State | None]) -> None:
        end = ends[""]
        if end is None or not self._tasks:
            return
        for task in self._tasks.values():
            for share in task.unit.shares:
                subject = share.subject
                if share.closes or share.of_object or not isinstance(subject.site, cst.Param):
                    continue
                if task.block is not None or not self._handing.is_ours(subject):
                    continue
                fact = end.fact(task.key)
                if RUNNING in fact and not fact & {OVER, GIVEN, KEPT}:
                    self._note_escape(task, subject, None)


def _is_background(callee: Value, node: cst.Call) -> bool:
    """``background_tasks.add_task(...)`` on what nobody has declared."""
    owner = node.func.value if isinstance(node.func, cst.Attribute) else None
    return callee is UNKNOWN and owner is not None and "background" in (last_word(owner) or "")
