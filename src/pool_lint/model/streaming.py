"""Sessions of dependencies that wait for a client: behind a streamed answer, or at a websocket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.knowledge.words import WRITING_WORDS
from pool_lint.model import callees
from pool_lint.model.annotations import depends_on
from pool_lint.model.bodies import BACK, HeldAtYield, Left, ReadsOn, body_of
from pool_lint.model.routes import ends_before_body, is_between_releases
from pool_lint.model.values import (
    SESSION,
    UNKNOWN,
    Coroutine,
    Foreign,
    Function,
    Instance,
    Manager,
    Method,
    Origin,
    Resource,
    Stream,
    Value,
)
from pool_lint.model.watching import Watcher
from pool_lint.syntax.walk import dotted, last_word

if TYPE_CHECKING:
    from pool_lint.model.flow import Flow
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo
    from pool_lint.model.states import Condition, State

_KEY = "waits for a client"
_TAKEN = "taken"  # a statement has run, and the connection is out
_GIVEN = "given"  # somebody had it who does not sound as if he committed
_USING = frozenset(("sql", "refresh", "delete", "flush"))
_ENDING = frozenset(("commit", "rollback", "close", "leave block", "leave block raised"))
_STREAMS = ("StreamingResponse", "EventSourceResponse")
_SOCKETS = ("fastapi", "starlette")
_ROW_BY_ROW = frozenset(("stream", "stream_scalars"))
RESPONSE = "response"
SOCKET = "socket"


class Lingering:
    """A session whose connection is out while a client is waited for.

    Attributes:
        kind: RESPONSE or SOCKET.
        node: the response, or what waits at the websocket.
        subject: the session.
        since: where its connection was taken.
        in_body: whether it is what is streamed that takes it.
        reads_on: whether what is streamed is read with it, and cannot do without.
        is_ended: whether what is streamed gives the connection back when all of it is sent.
    """

    __slots__ = ("in_body", "is_ended", "kind", "node", "reads_on", "since", "subject")

    def __init__(
        self, kind: str, node: cst.CSTNode, subject: Resource, since: cst.CSTNode | None,
        in_body: bool = False, reads_on: bool = False, is_ended: bool = False,
    ) -> None:  # fmt: skip
        self.is_ended = is_ended
        self.reads_on = reads_on
        self.kind = kind
        self.node = node
        self.subject = subject
        self.since = since
        self.in_body = in_body


class Streaming(Watcher):
    """Follows the sessions that a function was given to where it waits for a client."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._since: dict[int, tuple[Resource, cst.CSTNode]] = {}
        self._bodies: dict[int, cst.Call] = {}
        self._has_yielded = False

    # -- what becomes of a session -------------------------------------------------------------

    def happened(
        self, subject: Resource, effect: str, node: cst.CSTNode, before: Condition, after: Condition
    ) -> None:
        if subject.kind != SESSION or id(subject.site) in self.flow.local:
            return
        if effect in _ENDING:
            self._note(subject, node, BACK)
        elif effect in _USING and after.holds:
            self._note(subject, node, _TAKEN)
            if self._has_yielded and effect == "sql":
                self.flow.events.note(id(subject.site), ReadsOn(subject))

    def method(self, subject: Resource, name: str, node: cst.CSTNode, result: Value) -> None:
        if subject.kind == SESSION and name in _ROW_BY_ROW:
            self.flow.events.note(id(subject.site), ReadsOn(subject))

    def called(self, callee: Value, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        if _is_stream(node, result):
            self._bodies[id(node)] = node
        elif isinstance(callee, (Function, Foreign)):
            if not isinstance(result, (Coroutine, Manager, Stream)):
                self._run(callee, node)
        elif not isinstance(callee, (Method, Resource)):
            self._gave(values, node)

    def awaited(self, value: Value, node: cst.Await) -> None:
        if isinstance(value, Coroutine) and value.function is not None:
            self._run(value.function, value.call)
        elif isinstance(node.expression, cst.Call):
            callee = self.flow.callee(node.expression)
            if isinstance(callee, Origin) and _receives(callee.path):
                self._at_socket(node.expression)

    def bound(self, target: cst.BaseExpression, value: Value) -> None:
        # A loop over the messages binds each when it has come.
        path, each, _ = value.path.rpartition("()[]") if isinstance(value, Origin) else ("", "", "")
        if each and _receives(path):
            self._at_socket(target)

    def _note(self, subject: Resource, node: cst.CSTNode, word: str) -> None:
        key = (_KEY, id(subject.site))
        if self.flow.state.fact(key) != {word}:
            if word != BACK:
                self._since[id(subject.site)] = (subject, node)
            self.flow.state.note(key, word)

    def _gave(self, values: Sequence[Value], node: cst.Call) -> None:
        """Nobody can see what is called; by its name it may have committed, or it has not."""
        for value in values:
            if not isinstance(value, Resource) or value.kind != SESSION:
                continue
            if (last_word(node.func) or "").lstrip("_").startswith(WRITING_WORDS):
                self._note(value, node, BACK)
            elif _TAKEN not in self.flow.state.fact((_KEY, id(value.site))):
                self._note(value, node, _GIVEN)

    def _run(self, function: Function | Foreign, node: cst.Call) -> None:
        """A function of the project has run."""
        given = [self.flow.callee_value(arg.value) for arg in node.args]
        if not any(isinstance(value, Resource) and value.kind == SESSION for value in given):
            return
        if isinstance(function, Foreign):
            known = None
            if not function.module.hearsay.keeps_session(function.part):
                known = self.flow.lookup.known(function)
            if not isinstance(known, Function):
                self._gave(given, node)
                return
            function = known
        for one in self.flow.summary(function.info).events.noted(Left):
            subject = callees.argument(self.flow, function, one.subject, node)
            if isinstance(subject, Resource) and id(subject.site) not in self.flow.local:
                self._note(subject, node, one.word)
        self._gave(list(self._unseen_in(function, node)), node)

    def _unseen_in(self, function: Function, node: cst.Call) -> Iterator[Value]:
        """What a function is given without anything in it saying that it is a session."""
        info = function.info
        for param in info.params:
            argument = info.argument_of(param, node)
            if argument is not None and info.names.lookup.parameter(param, info.scope) is UNKNOWN:
                yield self.flow.callee_value(argument)

    def ended(self, ends: dict[str, State | None]) -> None:
        state = ends[""]
        for site, (subject, node) in self._since.items():
            words = state.fact((_KEY, site)) if state is not None else frozenset()
            if words in ({_TAKEN}, {_GIVEN}, {BACK}):
                self.flow.events.note(site, Left(subject, node, next(iter(words))))

    # -- where a client is waited for ----------------------------------------------------------

    def yielded(self, value: Value, node: cst.Yield) -> None:
        self._has_yielded = True
        for site, (subject, since) in self._since.items():
            if _TAKEN in self.flow.state.fact((_KEY, site)):
                self.flow.events.note(site, HeldAtYield(subject, since))

    def returned(self, value: Value, node: cst.Return) -> None:
        if node.value is None:
            return
        call = self._response(value, node.value)
        if call is None:
            return
        body = body_of(call, self.flow)
        if body is None:
            return
        for site, (subject, since) in self._since.items():
            if self.flow.state.fact((_KEY, site)) <= {_TAKEN, _GIVEN} and site not in body.read:
                self.flow.events.note(site, Lingering(RESPONSE, call, subject, since))
        for subject, since in body.held:
            reads_on = id(subject.site) in body.read
            is_ended = id(subject.site) in body.ended
            if reads_on and is_ended:
                continue
            event = Lingering(RESPONSE, call, subject, since, True, reads_on, is_ended)
            self.flow.events.note(("body", id(subject.site)), event)

    def _response(self, value: Value, node: cst.BaseExpression) -> cst.Call | None:
        """The call that made the streamed response which is returned."""
        if isinstance(node, cst.Call):
            return self._bodies.get(id(node))
        if isinstance(node, cst.Name) and len(self._bodies) == 1:
            call = next(iter(self._bodies.values()))
            bindings = self.flow.scope.names.get(node.value, [])
            return call if any(binding.node is call for binding in bindings) else None
        return None

    def _at_socket(self, node: cst.CSTNode) -> None:
        for site, (subject, since) in self._since.items():
            if _TAKEN in self.flow.state.fact((_KEY, site)):
                self.flow.events.note(site, Lingering(SOCKET, node, subject, since))


def _is_stream(node: cst.Call, result: Value) -> bool:
    """Whether a call makes a response that goes on for as long as its client listens."""
    words = [last_word(node.func) or ""]
    if isinstance(result, Instance):
        words += [(dotted(base) or "").rpartition(".")[2] for base in result.info.bases]
    return any(stream in word for word in words for stream in _STREAMS)


def _receives(path: str) -> bool:
    """Whether a method waits for the next message of a websocket."""
    owner, _, word = path.rpartition(".")
    if not owner.endswith("WebSocket()") or path.partition(".")[0] not in _SOCKETS:
        return False
    return word.startswith(("receive", "iter"))


def lingering(model: ModuleModel) -> Iterator[tuple[FunctionInfo, Lingering]]:
    """The sessions of dependencies that wait for a client, one for each function and session."""
    for info, analysis in model.analyses():
        roles = model.roles.of(info)
        if not roles & {fw.HANDLER, fw.WEBSOCKET} or model.graph.is_quiet(info):
            continue
        told: set[int] = set()
        for event in analysis.events.noted(Lingering):
            param = event.subject.site
            if id(param) in told or not isinstance(param, cst.Param):
                continue
            if any(param is own for own in info.params) and _is_held(event, param, info, model):
                told.add(id(param))
                yield info, event


def _is_held(event: Lingering, param: cst.Param, info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether the session is a dependency's, and outlives the function."""
    declared = dotted(param.annotation.annotation) if param.annotation is not None else None
    if depends_on(param, info.outer, model.lookup) is None:
        # An alias that nobody can look up says by its name what it is.
        return (declared or "").endswith("Dep") and not is_between_releases(model)
    if event.reads_on:
        # Where it is not over yet, rows that are sent as they come have to come from somewhere.
        return is_between_releases(model)
    if event.kind == SOCKET or event.in_body:
        return True
    return not ends_before_body(param, info, model)
