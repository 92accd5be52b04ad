"""What the arguments of a call that starts tasks will do with sessions and connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.knowledge import tasks as table
from pool_lint.knowledge.words import SESSION_ENDINGS
from pool_lint.model.conditions import KINDS
from pool_lint.model.shares import Share, Unit
from pool_lint.model.uses import WORK, is_registry, may_work, of_object, work_of
from pool_lint.model.values import (
    Function,
    Inert,
    Instance,
    Method,
    Origin,
    Resource,
    Value,
    seen,
)  # fmt: skip
from pool_lint.syntax.walk import dotted, last_word, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pool_lint.model.flow import Flow
    from pool_lint.model.sources import Sources
    from pool_lint.model.uses import Used

_MAX_DEPTH = 6


class Handing:
    """Reads the arguments of calls, where a function has got to.

    Args:
        flow: the function that is followed.
        sources: where its names come from.
    """

    def __init__(self, flow: Flow, sources: Sources) -> None:
        self._flow = flow
        self._sources = sources

    # -- which tasks there are ------------------------------------------------------------------

    def units(
        self, node: cst.CSTNode, many: cst.CSTNode | None = None, start: cst.Call | None = None,
        depth: int = 0,
    ) -> Iterator[Unit]:  # fmt: skip
        """The tasks that an argument stands for."""
        if depth > _MAX_DEPTH:
            return
        if isinstance(node, (cst.Name, cst.Attribute)):
            name = dotted(node) or ""
            for source in self._sources.of(name):
                around = many or self._sources.loop_of(name, source)
                yield from self.units(source, around, start, depth + 1)
        elif isinstance(node, (cst.ListComp, cst.SetComp, cst.GeneratorExp)):
            yield from self.units(node.elt, many or node, start, depth + 1)
        elif isinstance(node, cst.DictComp):
            yield from self.units(node.value, many or node, start, depth + 1)
        elif isinstance(node, (cst.List, cst.Tuple, cst.Set)):
            for element in node.elements:
                yield from self.units(element.value, many, start, depth + 1)
        elif isinstance(node, cst.IfExp):
            yield from self.units(node.body, many, start, depth + 1)
        elif isinstance(node, cst.Call):
            yield from self._made_by(node, many, start, depth + 1)

    def _made_by(
        self, node: cst.Call, many: cst.CSTNode | None, start: cst.Call | None, depth: int
    ) -> Iterator[Unit]:
        path = self.path_of(node)
        word = last_word(node.func)
        if path in table.STARTERS or (word in table.STARTING_METHODS and node.args):
            for arg in node.args[:1]:
                yield from self.units(arg.value, many, start or node, depth)
        elif path in table.WRAPPERS or path in table.GATHERERS:
            for arg in node.args:
                yield from self.units(arg.value, many, start, depth)
        elif word == "values" and isinstance(node.func, cst.Attribute) and not node.args:
            yield from self.units(node.func.value, many, start, depth)
        elif path in table.IN_THREAD or path in table.STARTING_THREADS:
            yield from self.call_in(node, many, is_thread=True)
        else:
            shares, function = self._of_call(node)
            yield Unit(node, shares, many, False, function, start)

    def call_in(
        self, node: cst.Call, many: cst.CSTNode | None, *, is_thread: bool
    ) -> Iterator[Unit]:
        """``start(function, argument)``: the task in which a function is called."""
        path = self.path_of(node)
        index = table.STARTING_THREADS.get(path, 0)
        args = list(node.args)
        given: Sequence[cst.Arg] = args[index + 1 :]
        target: cst.BaseExpression | None = None
        if path == table.THREAD:
            target, given = _thread(args)
        elif len(args) > index and not args[index].star and args[index].keyword is None:
            target = args[index].value
        elif args and args[0].keyword is not None:
            named = [a for a in args if a.keyword is not None and a.keyword.value in ("func", "fn")]
            target = named[0].value if named else None
            given = [a for a in args if a not in named]
        if target is not None:
            shares, function = self.of_function(target, given)
            start = node if path not in table.IN_THREAD else None
            yield Unit(node, shares, many, is_thread, function, start)

    def path_of(self, node: cst.Call) -> str:
        """The dotted path of what a call calls, as far as it is a library's."""
        callee = self._flow.callee(node)
        return callee.path if isinstance(callee, Origin) else ""

    # -- what one task does ---------------------------------------------------------------------

    def of_function(
        self, node: cst.BaseExpression, given: Sequence[cst.Arg]
    ) -> tuple[list[Share], Function | None]:
        """What calling a function does that is handed on uncalled."""
        if isinstance(node, cst.Lambda):
            found: list[Share] = []
            for inner in walk(node.body):
                if isinstance(inner, cst.Call):
                    found += self._of_call(inner)[0]
            return _once(found), None
        if isinstance(node, cst.Call):
            if self.path_of(node) == "functools.partial" and node.args:
                return self.of_function(node.args[0].value, [*node.args[1:], *given])
            return self._of_call(node)
        name = dotted(node)
        sources = self._sources.of(name) if name is not None else []
        if len(sources) == 1 and isinstance(sources[0], (cst.Lambda, cst.Call)):
            return self.of_function(sources[0], given)
        callee = self._flow.callee_value(node)
        return self._shares(callee, node, given)

    def _of_call(self, node: cst.Call) -> tuple[list[Share], Function | None]:
        return self._shares(self._flow.callee(node), node.func, node.args)

    def _shares(
        self, callee: Value, func: cst.BaseExpression, given: Sequence[cst.Arg]
    ) -> tuple[list[Share], Function | None]:
        callee = seen(callee)
        if not may_work(callee) and not any(self._sessions(given)):
            return [], None
        callee = self._flow.lookup.known(callee)
        if isinstance(callee, Method):
            return list(self._of_method(callee)), None
        if isinstance(callee, Function):
            if not self._may_share(callee, given):
                return [], callee
            return _once([*self._of_known(callee, func, given)]), callee
        if isinstance(callee, Inert):
            return [Share(one, idle=True) for one in self._sessions(given)], None
        if isinstance(callee, Resource):
            return [], None
        closes = (last_word(func) or "").lower().lstrip("_").startswith(table.CLOSING_NAMES)
        found = [Share(one, closes=closes) for one in self._sessions(given)]
        owner = self._flow.callee_value(func.value) if isinstance(func, cst.Attribute) else None
        if isinstance(owner, Instance):
            held = [Share(one) for one in owner.given if _matters(one)]
            for share in held:
                share.is_held = True
            found += held
        return found, None

    def _may_share(self, function: Function, given: Sequence[cst.Arg]) -> bool:
        """Whether a function can have anybody else's session: to follow it costs time."""
        info = function.info
        if info.outer.function is not None or any(self._sessions(given)):
            return True
        values = [self._flow.callee_value(arg.value) for arg in given]
        if any(isinstance(value, Instance) for value in (*values, function.receiver)):
            return True
        owner = info.class_info
        return owner is not None and (
            bool(owner.bases)
            or any(name.lower().endswith(SESSION_ENDINGS) for name in owner.attributes)
            or any(name.lower().endswith(SESSION_ENDINGS) for name in owner.scope.names)
        )

    def _of_method(self, method: Method) -> Iterator[Share]:
        subject = method.subject
        operation = sa.METHODS.get(subject.kind, {}).get(method.name)
        if _matters(subject) and operation is not None:
            closes = operation.effect == "close"
            if closes or operation.effect in WORK or method.name == "query":
                yield Share(subject, closes=closes)

    def _of_known(
        self, function: Function, func: cst.BaseExpression, given: Sequence[cst.Arg]
    ) -> Iterator[Share]:
        flow, info = self._flow, function.info
        work = work_of(flow.model, info)
        call = cst.Call(func=func, args=given)
        owner = dotted(func.value) if isinstance(func, cst.Attribute) else None
        for param in info.params:
            argument = info.argument_of(param, call)
            value = flow.callee_value(argument) if argument is not None else None
            if isinstance(value, Resource) and _matters(value):
                yield _share(value, work.used.get(id(param), []))
        for uses in work.used.values():
            subject: Resource | None = uses[0].subject
            if subject is None or any(own is subject.site for own in info.params):
                continue
            receiver = function.receiver if self._is_constructors(subject) else None
            if receiver is not None and owner != (flow.info.self_name if flow.info else None):
                subject = of_object(subject, receiver) or subject
            if not _matters(subject):
                continue
            is_ours = id(subject.site) in flow.local or self.is_ours(subject)
            if is_ours or owner is not None:
                share = _share(subject, uses, None if is_ours else owner)
                share.is_held = receiver is not None
                yield share

    def _is_constructors(self, subject: Resource) -> bool:
        return isinstance(subject.site, cst.Param) and not self.is_ours(subject)

    def is_ours(self, subject: Resource) -> bool:
        """Whether a session is a parameter of the function, or of one around it."""
        info = self._flow.info
        while info is not None:
            if any(own is subject.site for own in info.params):
                return True
            info = info.outer.function
        return False

    def _sessions(self, given: Sequence[cst.Arg]) -> Iterator[Resource]:
        for arg in given:
            value = self._flow.callee_value(arg.value)
            if isinstance(value, Resource) and _matters(value):
                yield value


def _matters(subject: Resource) -> bool:
    return subject.kind in KINDS and not is_registry(subject)


def _share(subject: Resource, uses: list[Used], owner: str | None = None) -> Share:
    if not uses:
        return Share(subject, idle=True, owner=owner)
    working = [use for use in uses if not use.closes]
    guard = min((use.guard for use in working), default="")
    return Share(subject, closes=not working, guard=guard, owner=owner)


def _once(shares: list[Share]) -> list[Share]:
    """Each session once; what works with it counts more than what closes it."""
    found: dict[tuple[int, str], Share] = {}
    for share in sorted(shares, key=lambda one: (one.closes, one.idle)):
        found.setdefault(share.key, share)
    return list(found.values())


def _thread(args: list[cst.Arg]) -> tuple[cst.BaseExpression | None, Sequence[cst.Arg]]:
    """What ``Thread(target=function, args=(argument,))`` calls."""
    target: cst.BaseExpression | None = None
    given: list[cst.Arg] = []
    for arg in args:
        keyword = arg.keyword.value if arg.keyword is not None else ""
        if keyword == "target":
            target = arg.value
        elif keyword == "args" and isinstance(arg.value, (cst.Tuple, cst.List)):
            given += [cst.Arg(value=element.value) for element in arg.value.elements]
        elif keyword == "kwargs" and isinstance(arg.value, cst.Dict):
            for element in arg.value.elements:
                key = getattr(element, "key", None)
                if isinstance(key, cst.SimpleString):
                    name = cst.Name(str(key.raw_value))
                    given.append(cst.Arg(value=element.value, keyword=name))
    return target, given
