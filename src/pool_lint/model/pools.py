"""Which pool a session or connection takes its connection from, so that two can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.annotations import depends_on
from pool_lint.model.creations import constant
from pool_lint.model.engines import is_sqlite
from pool_lint.model.guards import is_guarded
from pool_lint.model.values import (
    CONNECTION,
    ENGINE,
    FACTORY,
    POOL,
    POOL_CONNECTION,
    SESSION,
    Function,
    Resource,
)  # fmt: skip
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from pool_lint.model.creations import Creation
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import FunctionInfo, Scope

# These lend no connection twice, or have as many as are asked for.
_UNBOUNDED = frozenset(("NullPool", "StaticPool", "SingletonThreadPool", "AssertionPool", "?"))
_SCOPED = frozenset((sa.SCOPED, sa.ASYNC_SCOPED))
_DEPTH = 6


class Pool:
    """One pool.

    Attributes:
        key: the same for the same pool.
        param: the parameter that it came by, which stands for another one in every call.
        owner: the class whose objects have one each; None where all share it.
        creation: the call that makes it, where that is seen.
    """

    __slots__ = ("creation", "key", "owner", "param")

    def __init__(
        self,
        key: tuple[object, ...],
        param: cst.Param | None = None,
        owner: cst.CSTNode | None = None,
        creation: Creation | None = None,
    ) -> None:
        self.key = key
        self.param = param
        self.owner = owner
        self.creation = creation


def pool_of(subject: Resource, scope: Scope) -> Pool | None:
    """The pool of what has a connection of one, or takes it; None where that is not known.

    Args:
        subject: a session, a connection, an engine, a factory or a pool.
        scope: where it is used.
    """
    current: Resource | None = subject
    for _ in range(_DEPTH):
        if current is None:
            return None
        creation = current.creation
        if creation is not None and creation.role in _SCOPED:
            return None
        if current.kind in (ENGINE, POOL):
            return _made(current)
        if creation is not None and creation.role == sa.PG_CONNECT:
            return None
        following = current.owner
        if following is not None and {current.kind, following.kind} == {CONNECTION, SESSION}:
            # One of the two has the other's connection.
            return None
        if following is None and current.kind == FACTORY:
            # Of an engine that nobody can see, but of one.
            return _made(current)
        if following is None and current.kind == SESSION:
            following = _bound(creation) or _provided(current, scope)
        if following is None and current.kind == POOL_CONNECTION:
            return _named(current, scope)
        current = following
    return None


def _bound(creation: Creation | None) -> Resource | None:
    bind = creation.keywords.get("bind") if creation is not None else None
    return bind if isinstance(bind, Resource) and bind.kind == ENGINE else None


def _provided(session: Resource, scope: Scope) -> Resource | None:
    """What the dependency opens that a parameter gets its session from."""
    info = scope.function
    if not isinstance(session.site, cst.Param) or info is None:
        return None
    if not any(session.site is param for param in info.params):
        return None
    lookup = info.names.lookup
    provider = depends_on(session.site, info.outer, lookup)
    known = lookup.known(provider) if provider is not None else None
    if not isinstance(known, Function) or not known.info.is_generator:
        return None
    value = known.info.names.lookup.yielded(known.info)
    return value if isinstance(value, Resource) and value.site is not session.site else None


def _made(pool: Resource) -> Pool | None:
    """An engine, a factory or an asyncpg pool, if there is only one where it is made."""
    site = pool.site
    if isinstance(site, cst.Param):
        return Pool(("param", id(site)), param=site)
    creation = pool.creation
    if creation is None:
        return Pool(("declared", id(site)), owner=site)
    if pool.kind != FACTORY and not _is_limited(creation):
        return None
    info = creation.function
    key = ("made", id(creation.call))
    if info is None:
        return Pool(key, creation=creation)
    if info.class_info is not None and _is_kept(creation, info):
        return Pool(key, owner=info.class_info.node, creation=creation)
    is_cached = not info.decorator_names.isdisjoint(fw.CACHE_DECORATORS)
    if is_cached or is_guarded(creation.call, info, info.names.lookup):
        return Pool(key, creation=creation)
    # Each call of the function makes another; in the function itself there is one.
    return Pool(key, owner=info.node)


def _is_limited(creation: Creation) -> bool:
    """Whether a pool has a number of connections that it does not exceed."""
    if creation.pool_class() in _UNBOUNDED or "pool" in creation.keywords:
        return False
    if constant(creation.keywords.get("pool_size")) == 0:
        return False
    if constant(creation.keywords.get("max_overflow")) == -1:
        return False
    return not (creation.makes_engine and is_sqlite(creation))


def _is_kept(creation: Creation, info: FunctionInfo) -> bool:
    """Whether a method keeps what it makes on its object."""
    parent = info.names.parents.get(id(creation.call))
    if isinstance(parent, cst.Await):
        parent = info.names.parents.get(id(parent))
    target = parent.targets[0].target if isinstance(parent, cst.Assign) else None
    target = parent.target if isinstance(parent, cst.AnnAssign) else target
    return isinstance(target, cst.Attribute) and dotted(target.value) == info.self_name


def _named(connection: Resource, scope: Scope) -> Pool | None:
    """A pool that nobody declared, by the name on which ``acquire`` is called."""
    call = connection.site
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute):
        return None
    name = dotted(call.func.value)
    info = scope.function
    if name is None or info is None:
        return None
    root, dot, rest = name.partition(".")
    if root == info.self_name and dot and info.class_info is not None:
        node = info.class_info.node
        return Pool(("attribute", id(node), rest), owner=node)
    home = scope.find(root)
    if home is None:
        return None
    bindings = home.names[root]
    if len(bindings) != 1:
        return None
    bound = bindings[0].node
    if isinstance(bound, cst.Param):
        return Pool(("named", id(bound), rest), param=None if dot else bound, owner=info.node)
    return Pool(("named", id(home), name), owner=None if home.parent is None else info.node)


def given_to(
    pool: Pool, info: FunctionInfo, call: cst.Call, scope: Scope, lookup: Lookup
) -> Pool | None:
    """A pool of a function as the one knows it who calls the function.

    Args:
        pool: the pool, as the function knows it.
        info: the function.
        call: its call.
        scope: where the call stands.
        lookup: the names there.

    Returns:
        None where the call may well lead to another pool of the kind.
    """
    if pool.param is not None and any(pool.param is own for own in info.params):
        argument = info.argument_of(pool.param, call)
        if argument is None:
            return None
        value = lookup.expression(argument, scope)
        if isinstance(value, Resource) and value.kind in (ENGINE, POOL, FACTORY):
            return pool_of(value, scope)
        return _same_name(argument, scope)
    if pool.param is None and pool.owner is None:
        return pool
    caller = scope.function
    func = call.func
    is_own = (
        caller is not None
        and caller.self_name is not None
        and isinstance(func, cst.Attribute)
        and dotted(func.value) == caller.self_name
    )
    return pool if is_own and pool.owner is not info.node else None


def _same_name(argument: cst.BaseExpression, scope: Scope) -> Pool | None:
    """A parameter that is handed on: what is acquired from it is acquired from the argument."""
    if not isinstance(argument, cst.Name):
        return None
    home = scope.find(argument.value)
    node = home.names[argument.value][0].node if home is not None else None
    if home is None or len(home.names[argument.value]) != 1:
        return None
    if isinstance(node, cst.Param):
        return Pool(("named", id(node), ""), param=node)
    return Pool(("named", id(home), argument.value), owner=None)
