"""What happens to resources in a function: the facts that rules read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst

    from pool_lint.model.names import FunctionInfo
    from pool_lint.model.states import Condition
    from pool_lint.model.values import Coroutine, Foreign, Function, Resource


class SlowCall:
    """A call that waits for something other than the database.

    Attributes:
        node: the call in this function.
        style: blocking or waiting.
        label: what is called, as a person would say it.
        stranger: whether it is only presumed slow, because nobody can see what it does.
        inner: the slow call in a function that ``node`` calls, if it is not ``node`` itself.
        free: what the function was given and has itself given back by then, on every path; None
            before it was followed that far.
    """

    __slots__ = ("free", "inner", "label", "node", "stranger", "style")

    def __init__(
        self, node: cst.CSTNode, style: str, label: str, stranger: bool, inner: cst.CSTNode | None
    ) -> None:
        self.free: dict[int, Resource] | None = None
        self.node = node
        self.style = style
        self.label = label
        self.stranger = stranger
        self.inner = inner


class Later:
    """A function that was called while nothing was held, so that nobody has looked into it yet.

    Attributes:
        function: the function.
        node: its call.
        free: what the caller itself had given back by then.
    """

    __slots__ = ("free", "function", "node")

    def __init__(
        self, function: Function | Foreign, node: cst.Call, free: dict[int, Resource]
    ) -> None:
        self.function = function
        self.node = node
        self.free = free


class HeldDuring:
    """A slow call while a session or connection is in some condition.

    ``always`` means that the connection is held on every path that leads there, ``before_first``
    that a ``begin()`` block is open and nothing is held yet.
    """

    __slots__ = ("always", "before_first", "call", "function", "since", "subject")

    def __init__(
        self, call: SlowCall, subject: Resource, condition: Condition, before_first: bool,
        function: FunctionInfo | None,
    ) -> None:  # fmt: skip
        self.call = call
        self.subject = subject
        self.since = condition.since
        self.always = condition.holds
        self.before_first = before_first
        self.function = function


class Begun:
    """``begin()`` on something that has begun already, on every path."""

    __slots__ = ("function", "is_block", "node", "since", "subject", "within")

    def __init__(
        self, node: cst.CSTNode, subject: Resource, since: cst.CSTNode | None, within: bool,
        is_block: bool, function: FunctionInfo | None,
    ) -> None:  # fmt: skip
        self.node = node
        self.subject = subject
        self.since = since
        self.within = within
        self.is_block = is_block
        self.function = function


class Dropped:
    """A coroutine of a resource that is never awaited.

    ``how`` is one of statement (thrown away), attribute, truth, iterated, subscript (used as if it
    were its result) and assigned (kept and never used).
    """

    __slots__ = ("coroutine", "function", "how", "use")

    def __init__(
        self, coroutine: Coroutine, how: str, use: cst.CSTNode, function: FunctionInfo | None
    ) -> None:
        self.coroutine = coroutine
        self.how = how
        self.use = use
        self.function = function


class ExpiredRead:
    """An attribute of a mapped object, read after the commit that emptied it."""

    __slots__ = ("commit", "node", "subject")

    def __init__(self, node: cst.CSTNode, subject: Resource, commit: cst.CSTNode) -> None:
        self.node = node
        self.subject = subject
        self.commit = commit


class Released:
    """Where a connection is given back: the end of a block, a commit, a close."""

    __slots__ = ("node", "since", "subject")

    def __init__(self, node: cst.CSTNode, subject: Resource, since: cst.CSTNode) -> None:
        self.node = node
        self.subject = subject
        self.since = since


class AwaitedPlain:
    """``await`` on what a method that is no coroutine function has returned."""

    __slots__ = ("call", "method", "node", "subject")

    def __init__(self, node: cst.Await, call: cst.Call, subject: Resource, method: str) -> None:
        self.node = node
        self.call = call
        self.subject = subject
        self.method = method


class WrongBlock:
    """A ``with`` that what it is given does not support.

    ``how`` is async (what is entered needs ``async with``), sync (it needs a plain one) or
    uncalled (it is a factory); ``alone`` tells whether the block enters nothing else.
    """

    __slots__ = ("alone", "block", "how", "node", "subject")

    def __init__(self, node: cst.CSTNode, block: cst.With, subject: Resource, how: str) -> None:
        self.node = node
        self.block = block
        self.subject = subject
        self.how = how
        self.alone = len(block.items) == 1


class WrongColour:
    """Sync work in a coroutine, or an async object in the hands of a plain function.

    ``how`` is entered (by a ``with``), made (and never awaited), called (a method of a sync object)
    or query (of an async session, which has no such method).
    """

    __slots__ = ("how", "method", "node", "subject")

    def __init__(self, node: cst.CSTNode, subject: Resource, how: str, method: str = "") -> None:
        self.node = node
        self.subject = subject
        self.how = how
        self.method = method
