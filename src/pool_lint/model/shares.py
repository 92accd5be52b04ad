"""What tasks do with sessions and connections: the words for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pool_lint.model.guarding import LOCK

if TYPE_CHECKING:
    import libcst as cst

    from pool_lint.model.values import Function, Resource


class Share:
    """What one task does with one session or connection.

    Attributes:
        subject: the session.
        key: its identity; two objects of one class may have two.
        closes: whether it is only closed.
        idle: whether it is given, and nobody was seen to use it.
        guard: what keeps others out.
        of_object: whether it belongs to an object that was there before.
        is_held: whether an object has it that was made here.
    """

    __slots__ = ("closes", "guard", "idle", "is_held", "key", "of_object", "subject")

    def __init__(
        self, subject: Resource, *, closes: bool = False, idle: bool = False, guard: str = "",
        owner: str | None = None,
    ) -> None:  # fmt: skip
        self.subject = subject
        self.closes = closes
        self.idle = idle
        self.guard = guard
        self.of_object = owner is not None
        self.is_held = False
        self.key = (id(subject.site), "" if owner in ("self", "cls") else owner or "")


class Unit:
    """One task, or one of many alike.

    Attributes:
        node: the call that makes it, or the function that is called.
        many: the loop or comprehension that makes one for each element.
        is_thread: whether it runs in a thread.
        shares: what it does, by session.
        function: the function that it runs, if that is known.
    """

    __slots__ = ("function", "is_thread", "many", "node", "shares", "start")

    def __init__(
        self, node: cst.CSTNode, shares: list[Share], many: cst.CSTNode | None, is_thread: bool,
        function: Function | None, start: cst.Call | None,
    ) -> None:  # fmt: skip
        self.node = node
        self.shares = shares
        self.many = many
        self.is_thread = is_thread
        self.function = function
        self.start = start


class Concurrent:
    """A session that several tasks or threads work with at the same time.

    Attributes:
        node: the call that starts them, or the last of them.
        subject: the session.
        others: where it is used besides; empty for many tasks alike.
        is_thread: whether one of them is a thread.
        gather: the call that waits for them all, if there is one.
    """

    __slots__ = ("gather", "is_thread", "node", "others", "subject")

    def __init__(
        self, node: cst.CSTNode, subject: Resource, others: tuple[cst.CSTNode, ...],
        is_thread: bool, gather: cst.Call | None = None,
    ) -> None:  # fmt: skip
        self.node = node
        self.subject = subject
        self.others = others
        self.is_thread = is_thread
        self.gather = gather


class Escaped:
    """A session in the hands of a task or a thread that outlives it.

    Attributes:
        node: the call that starts the task.
        subject: the session.
        end: what ends the session; None where its owner does.
        how: task, background or thread.
    """

    __slots__ = ("end", "how", "node", "subject")

    def __init__(
        self, node: cst.CSTNode, subject: Resource, end: cst.CSTNode | None, how: str
    ) -> None:
        self.node = node
        self.subject = subject
        self.end = end
        self.how = how


class Started:
    """A task that was started.

    Attributes:
        node: the call that starts it.
        unit: what it does.
        block: the block of the group or pool that waits for it.
        afterwards: whether it begins when the request is over.
        key: its key in the facts of the flow.
    """

    __slots__ = ("afterwards", "block", "key", "node", "unit")

    def __init__(
        self, node: cst.Call, unit: Unit, block: cst.CSTNode | None, afterwards: bool
    ) -> None:
        self.node = node
        self.unit = unit
        self.block = block
        self.afterwards = afterwards
        self.key = ("task", id(node))

    def share_of(self, site: int) -> Share | None:
        """What it does with a session of that site."""
        for share in self.unit.shares:
            if id(share.subject.site) == site and not share.closes and share.guard != LOCK:
                return share
        return None
