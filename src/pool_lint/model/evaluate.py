"""What an expression is: one evaluator over the concrete tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model import operations
from pool_lint.model.values import (
    NONE,
    UNKNOWN,
    Bundle,
    Const,
    Group,
    Origin,
    Record,
    Text,
    Value,
    join,
    join_all,
)  # fmt: skip
from pool_lint.syntax.room import with_room

if TYPE_CHECKING:
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import Scope

# How often to look whether there is room for what is nested deeper still.
_LOOK = 32
_PLACE = re.compile(r"(?<!%)%(?:\(\w+\))?[-#0 +]*\d*[diroxXsa]")
_WORDS = {"True": Const(True), "False": Const(False), "None": NONE}


class GaveUp(Exception):
    """A function is too twisted to be followed."""


class Evaluator:
    """Evaluate expressions without regard to order, from what the scopes bind.

    The flow interpreter is a subclass that knows the current value of local names and sees every
    part of an expression in the order in which Python runs it.
    """

    def __init__(self, lookup: Lookup, scope: Scope) -> None:
        self.lookup = lookup
        self.scope = scope
        self.steps = 0
        # After how many steps to give up; 0 for never.
        self.bound = 0
        self._depth = 0
        # What is known of an expression, and need not be evaluated anew.
        self._known: dict[int, Value] = {}

    def value(self, node: cst.CSTNode) -> Value:
        """What ``node`` is."""
        known = self._known.get(id(node))
        if known is not None:
            return known
        self.steps += 1
        if self.steps > self.bound > 0:
            raise GaveUp
        method = getattr(self, _HANDLERS.get(type(node), "other"))
        self._depth += 1
        try:
            if self._depth % _LOOK == 0:
                found: Value = with_room(lambda: method(node))
            else:
                found = method(node)
        finally:
            self._depth -= 1
        return found

    def tick(self) -> None:
        """Count one step.

        Raises:
            GaveUp: it was one too many.
        """
        self.steps += 1
        if self.steps > self.bound > 0:
            raise GaveUp

    def other(self, node: cst.CSTNode) -> Value:
        """Any expression that has no handler."""
        return UNKNOWN

    def name(self, node: cst.Name) -> Value:
        """A name where it is read."""
        word = node.value
        return _WORDS.get(word) or self.lookup.name(word, self.scope)

    def attribute(self, node: cst.Attribute) -> Value:
        """``base.name`` where it is read."""
        base = self.value(node.value)
        return operations.attribute(base, node, self.lookup, self.scope)

    def call(self, node: cst.Call) -> Value:
        """A call."""
        callee = self.value(node.func)
        # Who calls it may ask several times what an argument is.
        found = self._known[id(node)] = operations.call(callee, node, self)
        return found

    def awaited(self, node: cst.Await) -> Value:
        """``await expression``."""
        return operations.awaited(self.value(node.expression))

    def text(self, node: cst.SimpleString) -> Value:
        """A string literal."""
        return Const(text_of(node))

    def number(self, node: cst.Integer | cst.Float) -> Value:
        """A number."""
        try:
            return Const(node.evaluated_value)
        except (ValueError, SyntaxError):
            return UNKNOWN

    def negation(self, node: cst.UnaryOperation) -> Value:
        """``-x``, ``not x``."""
        inner = self.value(node.expression)
        number = inner.value if isinstance(inner, Const) else None
        if isinstance(node.operator, cst.Minus) and isinstance(number, (int, float)):
            return Const(-number)
        return UNKNOWN

    def concatenation(self, node: cst.ConcatenatedString) -> Value:
        """``"a" "b"``."""
        return _add(self.value(node.left), self.value(node.right))

    def formatted(self, node: cst.FormattedString) -> Value:
        """An f-string."""
        parts: list[str | None] = []
        for part in node.parts:
            if isinstance(part, cst.FormattedStringText):
                parts.append(part.value)
            elif isinstance(part, cst.FormattedStringExpression):
                inner = self.value(part.expression)
                content = inner.value if isinstance(inner, Const) else None
                parts.append(content if isinstance(content, str) else None)
        return _text(parts)

    def binary(self, node: cst.BinaryOperation) -> Value:
        """``+`` on text, ``|`` on mappings."""
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(node.operator, cst.Add):
            return _add(left, right)
        if isinstance(node.operator, cst.BitOr) and isinstance(left, Record):
            return _merged(left, right)
        if isinstance(node.operator, cst.Modulo) and isinstance(left, Const):
            return _interpolated(left.value)
        return UNKNOWN

    def boolean(self, node: cst.BooleanOperation) -> Value:
        """``a or b`` may be either."""
        left, right = self.value(node.left), self.value(node.right)
        return _either(left, right) if isinstance(node.operator, cst.Or) else right

    def conditional(self, node: cst.IfExp) -> Value:
        """``a if test else b``."""
        self.value(node.test)
        return _either(self.value(node.body), self.value(node.orelse))

    def comparison(self, node: cst.Comparison) -> Value:
        """``a < b < c``."""
        return self.other(node)

    def walrus(self, node: cst.NamedExpr) -> Value:
        """``name := value``."""
        return self.value(node.value)

    def group(self, node: cst.Tuple | cst.List | cst.Set) -> Value:
        """A tuple, list or set."""
        items = tuple(self.value(element.value) for element in node.elements)
        if any(isinstance(element, cst.StarredElement) for element in node.elements):
            return UNKNOWN
        return Group(items)

    def mapping(self, node: cst.Dict) -> Value:
        """A dict literal."""
        record = Record({})
        for element in node.elements:
            if isinstance(element, cst.DictElement):
                key = self.value(element.key)
                value = self.value(element.value)
                if isinstance(key, Const) and isinstance(key.value, str):
                    record.entries[key.value] = value
                else:
                    record.is_open = True
            else:
                record = _merged(record, self.value(element.value))
        return record

    def subscript(self, node: cst.Subscript) -> Value:
        """``base[key]``; a class may be subscripted without becoming another."""
        return self.item(self.value(node.value), node)

    def item(self, base: Value, node: cst.Subscript) -> Value:
        """``base[key]``, once it is known what ``base`` is."""
        for element in node.slice:
            if isinstance(element.slice, cst.Index):
                key = self.value(element.slice.value)
                if isinstance(key, Const):
                    found = _item(base, key.value)
                    if found is not None:
                        return found
            else:
                self.value(element.slice)
        return base if isinstance(base, Origin) and "(" not in base.path else UNKNOWN

    def function(self, node: cst.Lambda) -> Value:
        """A lambda runs later."""
        return UNKNOWN

    def comprehension(self, node: cst.BaseSimpleComp | cst.DictComp) -> Value:
        """A comprehension; its element stands for all of them."""
        return Bundle(())


def _item(base: Value, key: object) -> Value | None:
    """``base[key]`` of a known mapping or group; None where that says nothing."""
    if isinstance(base, Record):
        return base.entries.get(str(key), UNKNOWN)
    if not isinstance(base, Group) or not isinstance(key, int):
        return None
    return base.items[key] if -len(base.items) <= key < len(base.items) else None


def text_of(node: cst.SimpleString) -> str | bytes:
    """The text of a literal, without the cost of a parser where there is nothing to decode."""
    raw = node.value
    if raw[0] in "\"'" and "\\" not in raw:
        return raw[3:-3] if raw[:3] in ('"""', "'''") and len(raw) >= 6 else raw[1:-1]
    try:
        return node.evaluated_value
    except (ValueError, SyntaxError):
        return ""


def _parts(value: Value) -> list[str | None]:
    if isinstance(value, Const) and isinstance(value.value, str):
        return [value.value]
    return list(value.parts) if isinstance(value, Text) else [None]


def _add(left: Value, right: Value) -> Value:
    parts = [*_parts(left), *_parts(right)]
    return UNKNOWN if all(part is None for part in parts) else _text(parts)


def _interpolated(template: object) -> Value:
    """``"sqlite:///%s" % path``: what stands between the places to fill."""
    if not isinstance(template, str):
        return UNKNOWN
    parts: list[str | None] = []
    for part in _PLACE.split(template):
        parts += [part.replace("%%", "%"), None]
    return _text(parts[:-1])


def _text(parts: list[str | None]) -> Value:
    joined: list[str | None] = []
    for part in parts:
        if part is not None and joined and joined[-1] is not None:
            joined[-1] += part
        else:
            joined.append(part)
    if len(joined) == 1 and joined[0] is not None:
        return Const(joined[0])
    return Const("") if not joined else Text(tuple(joined))


def _merged(record: Record, other: Value) -> Record:
    if isinstance(other, Record):
        return Record({**record.entries, **other.entries}, record.is_open or other.is_open)
    return Record(record.entries, True)


def _either(first: Value, second: Value) -> Value:
    if isinstance(first, Record) and isinstance(second, Record):
        return merge_records([first, second])
    return join(first, second)


def merge_records(values: list[Value]) -> Value:
    """Several mappings that a name may stand for: only what all agree on is known."""
    if not values or not all(isinstance(value, Record) for value in values):
        return join_all(values)
    records = [value for value in values if isinstance(value, Record)]
    if len(records) == 1:
        return records[0]
    entries: dict[str, Value] = {}
    for name in {name for record in records for name in record.entries}:
        given = [record.entries.get(name) for record in records]
        entries[name] = (
            join_all(v for v in given if v is not None) if None not in given else UNKNOWN
        )
    return Record(entries, any(record.is_open for record in records))


_HANDLERS: dict[type, str] = {
    cst.Name: "name",
    cst.Attribute: "attribute",
    cst.Call: "call",
    cst.Await: "awaited",
    cst.SimpleString: "text",
    cst.Integer: "number",
    cst.Float: "number",
    cst.UnaryOperation: "negation",
    cst.ConcatenatedString: "concatenation",
    cst.FormattedString: "formatted",
    cst.BinaryOperation: "binary",
    cst.BooleanOperation: "boolean",
    cst.IfExp: "conditional",
    cst.NamedExpr: "walrus",
    cst.Comparison: "comparison",
    cst.Tuple: "group",
    cst.List: "group",
    cst.Set: "group",
    cst.Dict: "mapping",
    cst.Subscript: "subscript",
    cst.Lambda: "function",
    cst.ListComp: "comprehension",
    cst.SetComp: "comprehension",
    cst.GeneratorExp: "comprehension",
    cst.DictComp: "comprehension",
}
