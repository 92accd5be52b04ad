"""What an expression can be: a small abstract domain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import libcst as cst

    from pool_lint.model.creations import Creation
    from pool_lint.model.lazy_module import LazyModule
    from pool_lint.model.names import ClassInfo, FunctionInfo
    from pool_lint.syntax.outline import Part

# Kinds of Resource.
ENGINE = "engine"
FACTORY = "session factory"
SESSION = "session"
CONNECTION = "connection"
TRANSACTION = "transaction"
POOL = "pool"
POOL_CONNECTION = "pool connection"
RESULT = "result"
QUERY = "query"


class Value:
    """Anything an expression can be."""

    __slots__ = ()

    @property
    def key(self) -> tuple[object, ...]:
        """Equal keys, same value."""
        return (id(self),)


class Unknown(Value):
    """What is not known; it is never reported."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Unknown"


UNKNOWN = Unknown()


class Inert(Value):
    """A function or class of the project that can matter to nobody who calls it."""

    __slots__ = ()


INERT = Inert()


class Foreign(Value):
    """A function or method of another module, of which only the text has been looked at.

    ``read`` parses it and gives what it is, ``receiver`` is the object whose method it is.
    """

    __slots__ = ("module", "part", "read", "receiver")

    def __init__(
        self,
        module: LazyModule,
        part: Part,
        read: Callable[[], Value],
        receiver: Value | None = None,
    ) -> None:
        self.module = module
        self.part = part
        self.read = read
        self.receiver = receiver

    @property
    def key(self) -> tuple[object, ...]:
        return ("foreign", id(self.part))


class Const(Value):
    """A literal: text, number, truth value or None."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    @property
    def key(self) -> tuple[object, ...]:
        return ("const", type(self.value), self.value)


class Given(Const):
    """A literal that the function itself has given to a name: on this path it is nothing else.

    What is found out elsewhere, of an attribute or of what a function returns, is only what it is
    as far as anybody can see.
    """

    __slots__ = ()

    @property
    def key(self) -> tuple[object, ...]:
        return ("given", type(self.value), self.value)


NONE = Const(None)


class Text(Value):
    """Text of which only pieces are known: an f-string, a sum; None stands for a hole."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[str | None, ...]) -> None:
        self.parts = parts

    @property
    def prefix(self) -> str:
        """What the text begins with, as far as it is known."""
        return (self.parts[0] or "") if self.parts else ""

    @property
    def key(self) -> tuple[object, ...]:
        return ("text", self.parts)


class Origin(Value):
    """Something of a library, by where it came from: ``httpx.AsyncClient().get``.

    Parentheses stand for a call, so a path with ``()`` in it belongs to an object made there.
    """

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path

    @property
    def key(self) -> tuple[object, ...]:
        return ("origin", self.path)


class Statement(Origin):
    """A statement that SQLAlchemy builds, of which more is known than how it was built.

    ``kind`` is what its text does, a word of :mod:`pool_lint.knowledge.sql` or empty, ``streams``
    whether its rows are fetched bit by bit.
    """

    __slots__ = ("kind", "streams")

    def __init__(self, path: str, kind: str, streams: bool = False) -> None:
        super().__init__(path)
        self.kind = kind
        self.streams = streams

    @property
    def key(self) -> tuple[object, ...]:
        return ("statement", self.path, self.kind, self.streams)


class Registry(Origin):
    """Flask-SQLAlchemy's object, which has one session for all who ask it for ``session``.

    ``call`` has made it, and stands for its engine; ``site`` stands for the session, wherever and
    however often it is asked for.
    """

    __slots__ = ("call", "site")

    def __init__(self, path: str, call: cst.Call) -> None:
        super().__init__(path)
        self.call = call
        self.site = call.func

    @property
    def key(self) -> tuple[object, ...]:
        return ("registry", id(self.site))


class Named(Origin):
    """What a user has named in the settings; ``real`` is what can be seen of it, if anything."""

    __slots__ = ("real",)

    def __init__(self, path: str, real: Value | None) -> None:
        super().__init__(path)
        self.real = real


class Function(Value):
    """A function of this module, perhaps bound to an object."""

    __slots__ = ("info", "receiver")

    def __init__(self, info: FunctionInfo, receiver: Value | None = None) -> None:
        self.info = info
        self.receiver = receiver

    @property
    def key(self) -> tuple[object, ...]:
        return ("function", id(self.info))


class Deferred(Value):
    """A lambda: an expression that runs when somebody calls it."""

    __slots__ = ("node",)

    def __init__(self, node: cst.Lambda) -> None:
        self.node = node

    @property
    def key(self) -> tuple[object, ...]:
        return ("deferred", id(self.node))


class Class(Value):
    """A class of this module."""

    __slots__ = ("info",)

    def __init__(self, info: ClassInfo) -> None:
        self.info = info

    @property
    def key(self) -> tuple[object, ...]:
        return ("class", id(self.info))


class Instance(Value):
    """An object of a class of the project.

    ``given`` are the resources that its constructor was given, ``arguments`` what each of the
    constructor's parameters stands for, by the identity of the parameter.
    """

    __slots__ = ("arguments", "given", "info")

    def __init__(
        self,
        info: ClassInfo,
        given: tuple[Resource, ...] = (),
        arguments: dict[int, Value] | None = None,
    ) -> None:
        self.info = info
        self.given = given
        self.arguments = arguments or {}

    @property
    def key(self) -> tuple[object, ...]:
        return ("instance", id(self.info))


class Record(Value):
    """A mapping with constant keys; ``is_open`` when there may be more."""

    __slots__ = ("entries", "is_open")

    def __init__(self, entries: dict[str, Value], is_open: bool = False) -> None:
        self.entries = entries
        self.is_open = is_open


class Group(Value):
    """A tuple, list or set with known elements."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[Value, ...]) -> None:
        self.items = items


class Resource(Value):
    """An engine, factory, session, connection, transaction, pool or result.

    Attributes:
        kind: one of the constants of this module.
        is_async: None where the flavour is not known.
        site: the node it came from, which is its identity.
        creation: how it was configured, where that is seen.
        owner: the session of a transaction, the engine of a connection, the factory of a session.
        isolation: the isolation level that an engine was given after it was made, if any.
    """

    __slots__ = ("creation", "is_async", "isolation", "kind", "owner", "site")

    def __init__(
        self,
        kind: str,
        is_async: bool | None,
        site: cst.CSTNode,
        creation: Creation | None = None,
        owner: Resource | None = None,
    ) -> None:
        self.kind = kind
        self.is_async = is_async
        self.site = site
        self.creation = creation
        self.owner = owner
        self.isolation: Value | None = None

    @property
    def key(self) -> tuple[object, ...]:
        return (self.kind, id(self.site))


class Method(Value):
    """A method of a resource, not yet called."""

    __slots__ = ("name", "subject")

    def __init__(self, subject: Resource, name: str) -> None:
        self.subject = subject
        self.name = name

    @property
    def key(self) -> tuple[object, ...]:
        return ("method", self.subject.key, self.name)


class Coroutine(Value):
    """A coroutine that was made and not yet awaited.

    ``subject`` and ``method`` say which method of a resource made it, ``function`` which function
    of this module; ``result`` is what awaiting gives.
    """

    __slots__ = ("call", "function", "method", "result", "subject")

    def __init__(
        self,
        call: cst.Call,
        result: Value,
        subject: Resource | None = None,
        method: str = "",
        function: Function | Foreign | None = None,
    ) -> None:
        self.call = call
        self.result = result
        self.subject = subject
        self.method = method
        self.function = function


class Bundle(Value):
    """Coroutines or tasks handed on together: ``gather(...)``, ``create_task(...)``.

    ``call`` is what put them together.
    """

    __slots__ = ("call", "items", "result")

    def __init__(
        self, items: tuple[Value, ...], result: Value = UNKNOWN, call: cst.CSTNode | None = None
    ) -> None:
        self.items = items
        self.result = result
        self.call = call

    @property
    def key(self) -> tuple[object, ...]:
        return ("bundle", id(self if self.call is None else self.call))


class Manager(Value):
    """A context manager that was made and not yet entered (some may be awaited instead).

    ``entered`` is what ``as`` binds; ``subject`` and ``method`` say which method of a resource
    made it, ``function`` which function of this module.
    """

    __slots__ = ("call", "entered", "function", "is_async", "method", "subject")

    def __init__(
        self,
        call: cst.CSTNode,
        entered: Value,
        is_async: bool | None,
        subject: Resource | None = None,
        method: str = "",
        function: Function | None = None,
    ) -> None:
        self.call = call
        self.entered = entered
        self.is_async = is_async
        self.subject = subject
        self.method = method
        self.function = function


class Stream(Value):
    """What a generator or another iterable gives, one after the other."""

    __slots__ = ("element", "function", "is_async")

    def __init__(
        self, element: Value, function: Function | None = None, is_async: bool = False
    ) -> None:
        self.element = element
        self.function = function
        self.is_async = is_async


# What has become of a mapped object: it is persistent if nothing is said.
DOOMED = "doomed"  # deleted, as soon as that is committed
GONE = "gone"  # no session has it any more
UNCERTAIN = "uncertain"


class Entity(Value):
    """A mapped object that a session holds.

    Attributes:
        session: the session.
        expired: the commit that emptied it, if any.
        fate: DOOMED, GONE, UNCERTAIN or nothing.
    """

    __slots__ = ("expired", "fate", "session")

    def __init__(
        self, session: Resource, expired: cst.CSTNode | None = None, fate: str = ""
    ) -> None:
        self.session = session
        self.expired = expired
        self.fate = fate

    @property
    def key(self) -> tuple[object, ...]:
        return ("entity", self.session.key, id(self.expired), self.fate)


def seen(value: Value) -> Value:
    """A value as the code shows it, whatever the user says of it."""
    return value.real if isinstance(value, Named) and value.real is not None else value


def join(first: Value, second: Value) -> Value:
    """What a name is after two paths met: None gives way, and a difference is unknown."""
    if first is second or first.key == second.key:
        return first
    if isinstance(first, Const) and first.value is None:
        return second
    if isinstance(second, Const) and second.value is None:
        return first
    if isinstance(first, Entity) and isinstance(second, Entity):
        if first.session.key != second.session.key:
            return UNKNOWN
        expired = first.expired if first.expired is second.expired else None
        return Entity(
            first.session, expired, first.fate if first.fate == second.fate else UNCERTAIN
        )
    if not isinstance(first, Resource) or not isinstance(second, Resource):
        return UNKNOWN
    # One of several; which one matters little to what is done with it.
    alike = (first.kind, first.is_async) == (second.kind, second.is_async)
    return first if alike else UNKNOWN


def join_all(values: Iterable[Value]) -> Value:
    """:func:`join` over several values; Unknown for none."""
    result: Value | None = None
    for value in values:
        result = value if result is None else join(result, value)
    return UNKNOWN if result is None else result
