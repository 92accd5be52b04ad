"""Where the values of local names come from, as nodes: a list of tasks, a thread pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.syntax.walk import dotted, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.names import Names

_WITHIN = frozenset((cst.Element, cst.Tuple, cst.List, cst.AssignTarget, cst.AsName))


class Sources:
    """What a function has bound to its names so far, and what it has put into its lists.

    Args:
        names: the names of its module.
    """

    def __init__(self, names: Names) -> None:
        self._parents = names.parents
        self._bound: dict[str, cst.CSTNode] = {}
        self._added: dict[str, dict[int, cst.BaseExpression]] = {}

    def bound(self, target: cst.BaseExpression) -> None:
        """A name or an attribute gets a new value."""
        name = dotted(target)
        node = self._source(target) if name is not None else None
        if name is not None and node is not self._bound.get(name):
            self._added.pop(name, None)
        if name is not None and node is not None:
            self._bound[name] = node
        elif name is not None:
            self._bound.pop(name, None)

    def added(self, owner: cst.BaseExpression, node: cst.BaseExpression) -> None:
        """``owner.append(node)``."""
        name = dotted(owner)
        if name is not None:
            self._added.setdefault(name, {})[id(node)] = node

    def of(self, name: str) -> list[cst.CSTNode]:
        """What a name stands for: what was bound to it, then what was put into it."""
        found = [self._bound[name]] if name in self._bound else []
        return [*found, *self._added.get(name, {}).values()]

    def loop_of(self, name: str, node: cst.CSTNode) -> cst.CSTNode | None:
        """The loop in which ``node`` is put into a list again and again."""
        made = self._bound.get(name)
        for loop in self.above(node, cst.For, cst.While):
            if made is None or not self.is_inside(made, loop):
                return loop
        return None

    def above(self, node: cst.CSTNode, *kinds: type) -> Iterator[cst.CSTNode]:
        """The nodes above one, within its function, that are of one of ``kinds``."""
        current = self._parents.get(id(node))
        while current is not None and not isinstance(
            current, (cst.FunctionDef, cst.Lambda, cst.Module)
        ):
            if isinstance(current, kinds):
                yield current
            current = self._parents.get(id(current))

    def is_inside(self, node: cst.CSTNode, outer: cst.CSTNode) -> bool:
        """Whether ``outer`` is above ``node``, or is it."""
        current: cst.CSTNode | None = node
        while current is not None and current is not outer:
            current = self._parents.get(id(current))
        return current is not None

    def exclude(self, first: cst.CSTNode, second: cst.CSTNode) -> bool:
        """Whether two nodes stand in different branches, of which only one is taken."""
        for branch in self.above(first, cst.If, cst.IfExp, cst.Match, cst.Try, cst.TryStar):
            if not self.is_inside(second, branch):
                continue
            if isinstance(branch, cst.Match):
                cases = branch.cases
                return not any(
                    self.is_inside(first, c) and self.is_inside(second, c) for c in cases
                )
            if isinstance(branch, (cst.Try, cst.TryStar)):
                if any(
                    self.is_inside(first, h) != self.is_inside(second, h) for h in branch.handlers
                ):
                    return True
                continue
            below = branch.orelse if isinstance(branch, (cst.If, cst.IfExp)) else None
            if below is not None and self.is_inside(first, below) != self.is_inside(second, below):
                return True
        return False

    def reached(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """``node``, all that is below it, and all that its names stand for."""
        pending = [node]
        met: set[int] = set()
        while pending:
            for inner in walk(pending.pop()):
                yield inner
                name = dotted(inner) if isinstance(inner, (cst.Name, cst.Attribute)) else None
                for source in self.of(name) if name is not None else ():
                    if id(source) not in met:
                        met.add(id(source))
                        pending.append(source)

    def assigned(self, target: cst.BaseExpression) -> cst.CSTNode | None:
        """What is assigned to an attribute or an item."""
        parent = self._parents.get(id(target))
        return (
            self._source(target) if isinstance(parent, (cst.AssignTarget, cst.AnnAssign)) else None
        )

    def is_alone(self, node: cst.Call) -> bool:
        """Whether the pool of ``pool.submit()`` has one thread, which does one thing at a time."""
        owner = node.func.value if isinstance(node.func, cst.Attribute) else None
        name = dotted(owner) if owner is not None else None
        for made in self.of(name) if name is not None else ():
            for arg in made.args[:1] if isinstance(made, cst.Call) else ():
                if isinstance(arg.value, cst.Integer) and arg.value.value == "1":
                    return True
        return False

    def _source(self, target: cst.CSTNode) -> cst.CSTNode | None:
        """The expression of which a target gets the value, or an element."""
        parent = self._parents.get(id(target))
        while parent is not None and type(parent) in _WITHIN:
            parent = self._parents.get(id(parent))
        # Comparing types is much cheaper than asking libcst's, which are abstract.
        if type(parent) is cst.Assign:
            return parent.value
        if type(parent) is cst.AnnAssign or type(parent) is cst.NamedExpr:
            return parent.value
        if type(parent) is cst.For or type(parent) is cst.CompFor:
            return parent.iter
        return parent.item if type(parent) is cst.WithItem else None
