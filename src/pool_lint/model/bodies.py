"""What a streamed response sends, and what that does with the sessions of the function around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model import callees
from pool_lint.model.values import Foreign, Function, Resource
from pool_lint.syntax.walk import last_word

if TYPE_CHECKING:
    from pool_lint.model.flow import Flow

# What is all there when it is sent goes out as fast as any other answer.
_READY = frozenset(("BytesIO", "StringIO", "iter", "getvalue", "encode", "read", "dumps"))


class HeldAtYield:
    """A session of somebody else's that a generator holds while it hands on a value."""

    __slots__ = ("since", "subject")

    def __init__(self, subject: Resource, since: cst.CSTNode) -> None:
        self.subject = subject
        self.since = since


class ReadsOn:
    """A session of somebody else's that a generator reads from between the values it hands on."""

    __slots__ = ("subject",)

    def __init__(self, subject: Resource) -> None:
        self.subject = subject


# A session is left with nothing taken.
BACK = "back"


class Left:
    """How a function leaves a session that it was given: with a connection taken, or given on."""

    __slots__ = ("node", "subject", "word")

    def __init__(self, subject: Resource, node: cst.CSTNode, word: str) -> None:
        self.subject = subject
        self.node = node
        self.word = word


class Body:
    """What is streamed.

    Attributes:
        held: the sessions of the function around it that it holds at a ``yield``, and since when.
        read: those, by the identity of their sites, that it cannot do without, or of which
            something else is to be said.
        ended: those that it gives back at its end.
    """

    __slots__ = ("ended", "held", "read")

    def __init__(self) -> None:
        self.ended: set[int] = set()
        self.held: list[tuple[Resource, cst.CSTNode]] = []
        self.read: set[int] = set()


def body_of(response: cst.Call, flow: Flow) -> Body | None:
    """What a response streams.

    Args:
        response: the call that makes the response.
        flow: the function that makes it.

    Returns:
        None where all of it is there already, or where nobody knows what it is.
    """
    made = _made(response, flow)
    if made is None or last_word(made.func) in _READY:
        return None
    body = Body()
    function = flow.callee(made)
    if isinstance(function, Foreign):
        function = flow.lookup.known(function)
    if not isinstance(function, Function) or not function.info.is_generator:
        return body
    events = flow.summary(function.info).events
    # That it waits for something slow is said of the generator itself.
    waiting = {id(event.subject.site) for event in events.all_held}
    for held in events.noted(HeldAtYield):
        subject = _own(held.subject, function, made, flow)
        if subject is not None and id(held.subject.site) in waiting:
            body.read.add(id(subject.site))
        elif subject is not None:
            body.held.append((subject, held.since))
    for read in events.noted(ReadsOn):
        subject = _own(read.subject, function, made, flow)
        if subject is not None:
            body.read.add(id(subject.site))
    for left in events.noted(Left):
        subject = _own(left.subject, function, made, flow)
        if subject is not None and left.word == BACK:
            body.ended.add(id(subject.site))
    return body


def _made(response: cst.Call, flow: Flow) -> cst.Call | None:
    """The call that makes what is streamed, here or under a name."""
    given = [arg for arg in response.args if arg.keyword is None or arg.keyword.value == "content"]
    node: cst.CSTNode | None = given[0].value if given else None
    if isinstance(node, cst.Name):
        bindings = flow.scope.names.get(node.value, [])
        node = bindings[0].node if len(bindings) == 1 else None
    return node if isinstance(node, cst.Call) else None


def _own(subject: Resource, function: Function, made: cst.Call, flow: Flow) -> Resource | None:
    """A session of a generator as the function knows it that makes it, or stands around it."""
    if flow.info is not None and any(subject.site is param for param in flow.info.params):
        return subject
    given = callees.argument(flow, function, subject, made)
    return given if isinstance(given, Resource) else None
