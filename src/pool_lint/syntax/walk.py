"""A read-only walk over the nodes that carry meaning.

libcst's own visitor rebuilds every node and visits every blank; this table names the fields that
matter, in the order in which Python evaluates or declares them.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

FIELDS: dict[str, tuple[str, ...]] = {
    "Module": ("body",),
    "SimpleStatementLine": ("body",),
    "SimpleStatementSuite": ("body",),
    "IndentedBlock": ("body",),
    "FunctionDef": ("decorators", "type_parameters", "params", "returns", "body"),
    "ClassDef": ("decorators", "type_parameters", "bases", "keywords", "body"),
    "Decorator": ("decorator",),
    "Parameters": ("posonly_params", "params", "star_arg", "kwonly_params", "star_kwarg"),
    "Param": ("annotation", "default"),
    "Annotation": ("annotation",),
    "If": ("test", "body", "orelse"),
    "Else": ("body",),
    "For": ("iter", "target", "body", "orelse"),
    "While": ("test", "body", "orelse"),
    "Try": ("body", "handlers", "orelse", "finalbody"),
    "TryStar": ("body", "handlers", "orelse", "finalbody"),
    "ExceptHandler": ("type", "body"),
    "ExceptStarHandler": ("type", "body"),
    "Finally": ("body",),
    "With": ("items", "body"),
    "WithItem": ("item", "asname"),
    "AsName": ("name",),
    "Match": ("subject", "cases"),
    "MatchCase": ("pattern", "guard", "body"),
    "MatchAs": ("pattern",),
    "MatchOr": ("patterns",),
    "MatchOrElement": ("pattern",),
    "MatchValue": ("value",),
    "MatchClass": ("cls", "patterns", "kwds"),
    "MatchList": ("patterns",),
    "MatchTuple": ("patterns",),
    "MatchSequenceElement": ("value",),
    "MatchMapping": ("elements",),
    "MatchMappingElement": ("key", "pattern"),
    "MatchKeywordElement": ("pattern",),
    "Expr": ("value",),
    "Assign": ("value", "targets"),
    "AssignTarget": ("target",),
    "AnnAssign": ("annotation", "value", "target"),
    "AugAssign": ("value", "target"),
    "TypeAlias": ("type_parameters", "value"),
    "TypeParameters": ("params",),
    "TypeParam": ("param", "default"),
    "TypeVar": ("bound",),
    "TypeVarTuple": (),
    "ParamSpec": (),
    "Return": ("value",),
    "Raise": ("exc", "cause"),
    "From": ("item",),
    "Assert": ("test", "msg"),
    "Del": ("target",),
    "Import": (),
    "ImportFrom": (),
    "Attribute": ("value",),
    "Subscript": ("value", "slice"),
    "SubscriptElement": ("slice",),
    "Index": ("value",),
    "Slice": ("lower", "upper", "step"),
    "Call": ("func", "args"),
    "Arg": ("value",),
    "Await": ("expression",),
    "Lambda": ("params", "body"),
    "Yield": ("value",),
    "IfExp": ("test", "body", "orelse"),
    "Tuple": ("elements",),
    "List": ("elements",),
    "Set": ("elements",),
    "Element": ("value",),
    "StarredElement": ("value",),
    "Dict": ("elements",),
    "DictElement": ("key", "value"),
    "StarredDictElement": ("value",),
    "ListComp": ("for_in", "elt"),
    "SetComp": ("for_in", "elt"),
    "GeneratorExp": ("for_in", "elt"),
    "DictComp": ("for_in", "key", "value"),
    "CompFor": ("iter", "target", "ifs", "inner_for_in"),
    "CompIf": ("test",),
    "BinaryOperation": ("left", "right"),
    "BooleanOperation": ("left", "right"),
    "UnaryOperation": ("expression",),
    "Comparison": ("left", "comparisons"),
    "ComparisonTarget": ("comparator",),
    "FormattedString": ("parts",),
    "FormattedStringExpression": ("expression", "format_spec"),
    "TemplatedString": ("parts",),
    "TemplatedStringExpression": ("expression", "format_spec"),
    "ConcatenatedString": ("left", "right"),
    "NamedExpr": ("value", "target"),
}
_ABSENT = cst.MaybeSentinel.DEFAULT
_NONE: tuple[str, ...] = ()
_BY_TYPE: dict[type, tuple[str, ...]] = {}


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The nodes below ``node`` that carry meaning, in order of evaluation."""
    kind = type(node)
    fields = _BY_TYPE.get(kind)
    if fields is None:
        fields = _BY_TYPE[kind] = FIELDS.get(kind.__name__, _NONE)
    found: list[cst.CSTNode] = []
    for name in fields:
        value = getattr(node, name)
        if value is None or value is _ABSENT:
            continue
        if type(value) is tuple or type(value) is list:
            found += value
        elif type(value) is not str:
            found.append(value)
    return found


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """``node`` and all that is below it, parents first, without recursion."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        below = children(node)
        below.reverse()
        stack += below


def last_word(node: cst.CSTNode) -> str | None:
    """``c`` for ``a.b.c`` or ``f().c``, None for what ends in no name."""
    # Comparing types is much cheaper than asking libcst's, which are abstract.
    if type(node) is cst.Attribute:
        return node.attr.value
    return node.value if type(node) is cst.Name else None


def dotted(node: cst.CSTNode) -> str | None:
    """``a.b.c`` for a chain of names, None for anything else."""
    parts: list[str] = []
    while type(node) is cst.Attribute:
        parts.append(node.attr.value)
        node = node.value
    if type(node) is not cst.Name:
        return None
    if not parts:
        return node.value
    parts.append(node.value)
    return ".".join(reversed(parts))
