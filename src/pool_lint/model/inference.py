"""What an undeclared name must be, from what is done with it.

A name alone proves nothing: ``session`` is also an HTTP session.  What proves it is a transaction
block, a statement built by SQLAlchemy that it runs, or a set of methods that only a session has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.values import (
    CONNECTION,
    ENGINE,
    FACTORY,
    SESSION,
    Function,
    Origin,
    Resource,
    Value,
)  # fmt: skip
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import FunctionInfo

_RUNNERS = frozenset(("execute", "scalars", "scalar", "stream", "stream_scalars"))
# Methods that nothing but a session or connection of SQLAlchemy's has.
_OWN_METHODS = frozenset(("scalars", "stream_scalars", "begin_nested", "exec_driver_sql"))
_OF_STATEMENT = frozenset(("scalars", "stream_scalars"))
_AWAITED = frozenset(
    ("execute", "scalars", "scalar", "stream", "commit", "rollback", "flush", "refresh", "get",
     "delete", "merge", "close", "run_sync", "dispose")
)  # fmt: skip
_BLOCKS = frozenset(("begin", "begin_nested", "connect"))
# What a factory is called, and what only a session of a database is asked for.
_FACTORIES = frozenset(("Session", "AsyncSession", "DBSession", "AsyncDBSession", "SessionLocal",
                        "AsyncSessionLocal", "LocalSession", "LocalAsyncSession"))  # fmt: skip
_OF_FACTORY = frozenset(("scalar", "execute", "commit", "flush", "rollback"))
_MEMBER_PAIRS = (frozenset(("add", "commit")), frozenset(("add", "flush")),
                 frozenset(("add_all", "commit")), frozenset(("query", "commit")),
                 frozenset(("refresh", "commit")), frozenset(("expunge", "commit")))  # fmt: skip


class _Use:
    """What one name goes through in a function."""

    __slots__ = ("awaited", "block", "bound", "entered", "made", "methods", "runs", "site")

    def __init__(self, site: cst.CSTNode) -> None:
        self.site = site
        self.methods: set[str] = set()
        self.awaited = False
        self.entered: bool | None = None
        self.block: bool | None = None
        self.bound = False
        self.made = False
        self.runs = False


def evidence(info: FunctionInfo, lookup: Lookup) -> dict[str, Resource]:
    """What the names of a function must be, should nothing else tell.

    Args:
        info: the function; of the functions in it, what they do with its parameters counts too.
        lookup: the names of the module.

    Returns:
        Name to resource, for every name that is proven to be one by its use.
    """
    params = {param.name.value: param for param in info.params}
    params.pop(info.self_name or "", None)
    uses: dict[str, _Use] = {}
    _collect(info, params, lookup, uses)
    found = {}
    # A plain function may well be called with the sync object below an async one: a listener to
    # events, what ``run_sync`` is given.
    flavour = file_flavour(lookup)
    if flavour and not info.is_async:
        flavour = None
    for name, use in uses.items():
        kind = _kind(name, use)
        if kind is None and use.made and use.entered is False and info.is_async:
            kind = SESSION if _is_taken_for_session(name, info, lookup) else None
        if kind is not None and not _is_cursor(name, info):
            found[name] = Resource(kind, _flavour(use, flavour), use.site)
    return found


def _is_taken_for_session(name: str, info: FunctionInfo, lookup: Lookup) -> bool:
    """Whether a function of the file that gets the object under ``name`` proves it a session."""
    for call in info.calls:
        for arg in call.args:
            if isinstance(arg.value, cst.Name) and arg.value.value == name:
                found = _as_parameter(call, arg.value, info, lookup)
                if found is not None and found.kind == SESSION and found.is_async is not True:
                    return True
    return False


def _as_parameter(
    call: cst.Call, argument: cst.Name, info: FunctionInfo, lookup: Lookup
) -> Resource | None:
    value = lookup.known(lookup.expression(call.func, info.scope))
    if not isinstance(value, Function):
        return None
    for param in value.info.params:
        if value.info.argument_of(param, call) is argument:
            return lookup.evidence(value.info).get(param.name.value)
    return None


def takes_pool_connection(call: cst.Call, info: FunctionInfo, lookup: Lookup) -> bool:
    """Whether ``async with pool.acquire() as conn:`` is asyncpg's, whatever ``pool`` is.

    The same is asked of ``conn = await pool.acquire()``.

    Args:
        call: the call of ``acquire``.
        info: the function it stands in.
        lookup: the names of the module.

    Returns:
        True if what it binds is asked for what only a connection of asyncpg's has, or, in a file
        that imports asyncpg, for anything that such a connection has; or if another connection is
        that the function acquires from the same.
    """
    is_entered = isinstance(lookup.names.parents.get(id(call)), cst.WithItem)
    if not is_entered and _taken_as(call, lookup) is None:
        return False
    name = dotted(call.func)
    alike = (one for one in info.calls if name is not None and dotted(one.func) == name)
    return _proves_connection(call, info, lookup) or any(
        _proves_connection(one, info, lookup) for one in alike if one is not call
    )


def _proves_connection(call: cst.Call, info: FunctionInfo, lookup: Lookup) -> bool:
    """Whether what one ``acquire`` gives is used as a connection of asyncpg's."""
    target = _taken_as(call, lookup)
    if target is None:
        return False
    methods = {
        node.func.attr.value
        for node in info.calls
        if isinstance(node.func, cst.Attribute)
        and isinstance(node.func.value, cst.Name)
        and node.func.value.value == target
    }
    if not methods.isdisjoint(sa.ASYNCPG_ONLY):
        return True
    imports = (path.partition(".")[0] for path in lookup.names.imports)
    return not methods.isdisjoint(sa.POOL_CONNECTION_METHODS) and "asyncpg" in imports


def _taken_as(call: cst.Call, lookup: Lookup) -> str | None:
    """The name that a block, or an assignment, gives to what is acquired."""
    parents = lookup.names.parents
    parent = parents.get(id(call))
    around = parents.get(id(parent)) if parent is not None else None
    target: cst.CSTNode | None = None
    if isinstance(parent, cst.WithItem) and isinstance(around, cst.With):
        if parent.asname is not None and around.asynchronous:
            target = parent.asname.name
    elif isinstance(parent, cst.Await):
        if isinstance(around, cst.Assign) and len(around.targets) == 1:
            target = around.targets[0].target
        elif isinstance(around, cst.AnnAssign):
            target = around.target
    return target.value if isinstance(target, cst.Name) else None


def _collect(
    info: FunctionInfo, params: dict[str, cst.Param], lookup: Lookup, uses: dict[str, _Use]
) -> None:
    for user in (info, *info.inner):
        for node in user.calls:
            if not isinstance(node.func, cst.Attribute):
                continue
            owner = node.func.value
            if not isinstance(owner, cst.Name) or owner.value in sa.BARE_NAMES:
                continue
            word = owner.value
            if user is not info and (word not in params or user.scope.find(word) is not info.scope):
                continue
            use = uses.get(word)
            if use is None:
                use = uses[word] = _Use(params.get(word, info.node))
            _note(use, node, user, lookup)
    for block in info.blocks:
        _note_blocks(block, uses)


def _note_blocks(node: cst.With, uses: dict[str, _Use]) -> None:
    """``async with self.Session() as session:`` tells the flavour of ``session``, if not more."""
    for item in node.items:
        if item.asname is not None and isinstance(item.asname.name, cst.Name):
            use = uses.setdefault(item.asname.name.value, _Use(item))
            use.entered = node.asynchronous is not None
            made = item.item.func if isinstance(item.item, cst.Call) else None
            name = made.attr if isinstance(made, cst.Attribute) else made
            use.made = isinstance(name, cst.Name) and name.value in _FACTORIES


def _note(use: _Use, node: cst.Call, info: FunctionInfo, lookup: Lookup) -> None:
    parent = lookup.names.parents.get(id(node))
    name = node.func.attr.value if isinstance(node.func, cst.Attribute) else ""
    if name in _OF_STATEMENT and not node.args:
        # A result has methods of the same names, which are given no statement.
        return
    use.methods.add(name)
    if isinstance(parent, cst.Await):
        use.awaited = use.awaited or name in _AWAITED
    if name == "begin" and isinstance(parent, cst.WithItem):
        block = lookup.names.parents.get(id(parent))
        use.block = isinstance(block, cst.With) and block.asynchronous is not None
        use.bound = parent.asname is not None
    if name in _RUNNERS and node.args and _is_statement(node.args[0].value, info, lookup):
        use.runs = True


def is_used_as_async(name: str, info: FunctionInfo, lookup: Lookup) -> bool:
    """Whether a function awaits what only an async object of that name could give.

    Args:
        name: a name of an engine or a session.
        info: the function.
        lookup: the names of its module.
    """
    parents = lookup.names.parents
    for call in info.calls:
        func = call.func
        if not isinstance(func, cst.Attribute) or dotted(func.value) != name:
            continue
        parent = parents.get(id(call))
        if isinstance(parent, cst.Await) and func.attr.value in _AWAITED:
            return True
        if isinstance(parent, cst.WithItem) and func.attr.value in _BLOCKS:
            block = parents.get(id(parent))
            if isinstance(block, cst.With) and block.asynchronous is not None:
                return True
    return False


def _is_statement(node: cst.BaseExpression, info: FunctionInfo, lookup: Lookup) -> bool:
    """Whether an expression is a statement that SQLAlchemy's functions built."""
    for _ in range(12):
        if isinstance(node, cst.Call):
            node = node.func
        elif isinstance(node, cst.Attribute):
            if isinstance(node.value, cst.Name):
                break
            node = node.value
        else:
            break
    if isinstance(node, cst.Name):
        home = info.scope.find(node.value)
        bindings = home.names[node.value] if home is not None else ()
        if any(_from_sqlalchemy(lookup.binding(binding)) for binding in bindings):
            return True
    value = lookup.expression(node, lookup.names.scope_at(node))
    if not isinstance(value, Origin):
        return isinstance(node, cst.Name) and _builder_name(node.value, info)
    return _from_sqlalchemy(value)


def _from_sqlalchemy(value: Value) -> bool:
    """Whether a value is SQLAlchemy's; a compiled statement is a text for a driver."""
    return (
        isinstance(value, Origin) and sa.is_sqlalchemy(value.path) and ".compile(" not in value.path
    )


def _is_cursor(name: str, info: FunctionInfo) -> bool:
    """Whether a name is bound to a driver's cursor, which has some of a session's methods."""
    for binding in info.scope.names.get(name, ()):
        node = binding.node.expression if isinstance(binding.node, cst.Await) else binding.node
        func = node.func if isinstance(node, cst.Call) else None
        if isinstance(func, cst.Attribute) and func.attr.value == "cursor":
            return True
    return False


def _builder_name(name: str, info: FunctionInfo) -> bool:
    """``select`` and ``text`` in a file that does not show where they come from."""
    return name in ("select", "text") and info.scope.find(name) is None


def _kind(name: str, use: _Use) -> str | None:
    word = name.lower()
    works = (
        use.runs
        or any(pair <= use.methods for pair in _MEMBER_PAIRS)
        or not _OWN_METHODS.isdisjoint(use.methods)
    )
    proven = (
        works
        or use.block is not None
        or {"begin", "get"} <= use.methods
        or (use.made and not _OF_FACTORY.isdisjoint(use.methods))
    )
    if not proven:
        return "engine" if word.endswith("engine") and "dispose" in use.methods else None
    # What ``with x.begin() as y`` is, unless statements are run on ``x`` itself.
    if use.block is not None and use.bound and not works:
        if "engine" in word:
            return ENGINE
        return FACTORY if any(w in word for w in ("session", "maker", "factory")) else None
    if "engine" in word:
        return ENGINE
    if "conn" in word:
        return CONNECTION
    return SESSION


def _flavour(use: _Use, otherwise: bool | None) -> bool | None:
    if use.awaited or use.block is True:
        return True
    if use.block is False or use.entered is False:
        return False
    return True if use.entered else otherwise


def file_flavour(lookup: Lookup) -> bool | None:
    """The flavour of a file that imports only one side of SQLAlchemy; None for both or neither."""
    sync = asynchronous = False
    for bindings in lookup.names.module.names.values():
        for binding in bindings:
            if binding.kind != "import" or not sa.is_sqlalchemy(binding.path):
                continue
            if "asyncio" in binding.path:
                asynchronous = True
            elif binding.path.rpartition(".")[2] in (
                "create_engine", "sessionmaker", "Session", "scoped_session", "Engine", "Connection",
            ):  # fmt: skip
                sync = True
    if asynchronous == sync:
        return None
    return asynchronous
