"""Which statements at the end of a transaction's block can stand behind the block as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.creations import constant
from pool_lint.model.effects import expires
from pool_lint.model.names_at_end import LASTING, BlockEnd
from pool_lint.model.values import CONNECTION, SESSION, Resource
from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from pool_lint.model.analysis import Analysis
    from pool_lint.model.names import Names
    from pool_lint.model.waits import Wait

Statements = Sequence[cst.BaseStatement]
# What leaves the block in another way than by its end, or waits in it for somebody else.
_LEAVING = (cst.Raise, cst.Break, cst.Continue, cst.Return, cst.Yield, cst.Assert, cst.Del)


class Tail:
    """The last statements of a block, from the first slow call on."""

    __slots__ = ("block", "statements")

    def __init__(self, block: cst.With, statements: Statements) -> None:
        self.block = block
        self.statements = statements


def tail_of(wait: Wait, analysis: Analysis, names: Names) -> Tail | None:
    """The end of the block that gives the connection back, if nothing of it needs the session."""
    for block, index in _blocks(wait.first.call.node, names):
        if not any(names.enclosing(node, cst.With) is block for node in wait.until):
            continue
        suite = block.body
        if index == 0 or not isinstance(suite, cst.IndentedBlock):
            return None
        statements = suite.body[index:]
        end = analysis.events.noted_under(BlockEnd, id(block))
        if end is None or not _holds_all(wait, statements, names):
            return None
        can_move = _can_move(statements, wait, end)
        return Tail(block, statements) if can_move else None
    return None


def _blocks(node: cst.CSTNode, names: Names) -> Iterator[tuple[cst.With, int]]:
    """The blocks around a node, and which statement of each it stands in."""
    inner: cst.CSTNode = node
    current = names.parents.get(id(node))
    while current is not None and not isinstance(current, (cst.FunctionDef, cst.Lambda)):
        parent = names.parents.get(id(current))
        if isinstance(current, cst.IndentedBlock) and isinstance(parent, cst.With):
            yield parent, next(i for i, one in enumerate(current.body) if one is inner)
        inner, current = current, parent


def _holds_all(wait: Wait, statements: Statements, names: Names) -> bool:
    tops = {id(statement) for statement in statements}
    for event in (wait.first, *wait.others):
        node: cst.CSTNode | None = event.call.node
        while node is not None and id(node) not in tops:
            node = names.parents.get(id(node))
        if node is None:
            return False
    return True


def _can_move(statements: Statements, wait: Wait, end: BlockEnd) -> bool:
    subject = wait.subject
    keeps = keeps_objects(subject)
    owner = _attribute_of(wait)
    last = statements[-1]
    returned = last.body[-1] if isinstance(last, cst.SimpleStatementLine) else None
    for statement in statements:
        for node in walk(statement):
            if isinstance(node, _LEAVING) and not (node is returned and _is_return(node)):
                return False
            if isinstance(node, (cst.AssignTarget, cst.AugAssign, cst.AnnAssign)):
                if not isinstance(node.target, (cst.Name, cst.Tuple)):
                    # It may be a column that has to be written.
                    return False
            elif isinstance(node, cst.Name):
                if node.value in end.bound or _is_given(node.value, wait):
                    return False
                if node.value in end.entities and not keeps:
                    return False
            elif isinstance(node, cst.Attribute) and owner is not None:
                if node.attr.value == owner:
                    return False
            elif isinstance(node, cst.Call) and _touches(node, end, owner):
                return False
    return True


def _is_given(name: str, wait: Wait) -> bool:
    """Whether a parameter, or a name of the module, is a session or a connection."""
    scope = wait.function.scope
    home = scope.find(name)
    if home is None or (home is scope and home.names[name][0].kind != "parameter"):
        return False
    value = home.owner.lookup.name(name, scope)
    return isinstance(value, Resource) and value.kind not in LASTING


def _is_return(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Return)


def _touches(call: cst.Call, end: BlockEnd, owner: str | None) -> bool:
    """Whether a call may write to a mapped object, or use a session of the same object."""
    base = call.func.value if isinstance(call.func, cst.Attribute) else None
    if not isinstance(base, cst.Name):
        return False
    return base.value in end.entities or (owner is not None and base.value in ("self", "cls"))


def _attribute_of(wait: Wait) -> str | None:
    """The attribute that a session is kept in, unless it is made here or is a parameter."""
    site = wait.subject.site
    if isinstance(site, cst.Param):
        if any(param is site for param in wait.function.params):
            return None
    elif isinstance(site, (cst.Call, cst.Name, cst.WithItem)) and _is_local(site, wait):
        return None
    taken = wait.since
    func = taken.func if isinstance(taken, cst.Call) else None
    owner = func.value if isinstance(func, cst.Attribute) else None
    return owner.attr.value if isinstance(owner, cst.Attribute) else "session"


def _is_local(site: cst.CSTNode, wait: Wait) -> bool:
    names = wait.function.names
    return names.enclosing(site, cst.FunctionDef) is wait.function.node


def keeps_objects(subject: Resource) -> bool:
    """Whether what a session holds can be read after its commit without asking the database."""
    if subject.kind == CONNECTION:
        return True
    if subject.kind != SESSION:
        return True
    creation = subject.creation
    if creation is not None and constant(creation.keywords.get("expire_on_commit")) is False:
        return True
    # An async session that expires its objects is a mistake of its own.
    return subject.is_async is True and not expires(subject)
