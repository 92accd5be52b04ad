"""Functions in functions, and lambdas: values that know the names around them and run later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model import strangers
from pool_lint.model.conditions import KINDS
from pool_lint.model.values import (
    UNKNOWN,
    Deferred,
    Function,
    Group,
    Instance,
    Method,
    Record,
    Resource,
    Value,
)  # fmt: skip
from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pool_lint.model.flow import Flow
    from pool_lint.model.names import FunctionInfo

# Functions that call at once what they are given, if only there is something to call it for.
CALLING_BUILTINS = frozenset(("map", "filter", "sorted", "min", "max", "reduce", "any", "all",
                              "sum", "list", "tuple", "set", "dict", "next"))  # fmt: skip
_HARMLESS = ("functools.", "contextlib.", "typing.", "staticmethod", "classmethod", "property")
# How often a lambda is followed in one function, before its calls are a stranger's.
_CALLS = 8


def is_inner(flow: Flow, value: Value) -> bool:
    """Whether a value is a function that stands in the one that is followed."""
    return isinstance(value, Function) and _is_within(value.info, flow.info)


def _is_within(info: FunctionInfo, outer: FunctionInfo | None) -> bool:
    around = info.outer.function
    while around is not None and around is not outer:
        around = around.outer.function
    return around is not None


def belongs_to_outer(info: FunctionInfo, param: cst.Param) -> bool:
    """Whether a parameter is that of a function around another one."""
    around = info.outer.function
    while around is not None:
        if any(own is param for own in around.params):
            return True
        around = around.outer.function
    return False


def escape(flow: Flow, node: cst.CSTNode) -> None:
    """Code that runs later, whoever runs it: it may do anything with the sessions it names."""
    for word in _words(node):
        value = flow.state.env.get(word)
        if isinstance(value, Resource):
            strangers.hand_over(flow, value, node)


def _words(node: cst.CSTNode) -> list[str]:
    return list({inner.value: None for inner in walk(node) if isinstance(inner, cst.Name)})


def hand_on(flow: Flow, value: Value, node: cst.CSTNode) -> None:
    """Something was given to a stranger: what is in it, and what it knows of, may be used."""
    if isinstance(value, Resource):
        strangers.hand_over(flow, value, node)
    elif isinstance(value, Method):
        strangers.hand_over(flow, value.subject, node)
    elif isinstance(value, Deferred):
        escape(flow, value.node.body)
    elif isinstance(value, Function):
        if is_inner(flow, value):
            escape(flow, value.info.node.body)
    elif isinstance(value, Instance):
        for given in value.given:
            strangers.hand_over(flow, given, node)
    elif isinstance(value, (Group, Record)):
        _all_in(flow, value, node)


def _all_in(flow: Flow, value: Group | Record, node: cst.CSTNode) -> None:
    items: Iterable[Value] = value.items if isinstance(value, Group) else value.entries.values()
    for item in items:
        hand_on(flow, item, node)


def hand_to_known(flow: Flow, values: Sequence[Value], node: cst.CSTNode) -> None:
    """What a function of the project is given and its own effects do not tell of."""
    for value in values:
        if isinstance(value, (Deferred, Group, Record)) or is_inner(flow, value):
            hand_on(flow, value, node)


def inner_called(flow: Flow, function: Function, node: cst.Call) -> None:
    """What a function does to names around it, beyond what its own analysis tells."""
    info = function.info
    if not is_inner(flow, function):
        _globals_written(flow, info)
        return
    for word, where in info.scope.foreign.items():
        if where == "nonlocal" and flow.scope.names.get(word):
            flow.state.bind(word, flow.lookup.value_of(flow.scope, word))
    _globals_written(flow, info)
    for word in flow.free_words(info):
        value = flow.state.env.get(word)
        if isinstance(value, Resource) and value.kind in KINDS:
            seen = flow.lookup.name(word, info.scope)
            if not isinstance(seen, Resource) or seen.site is not value.site:
                strangers.hand_over(flow, value, node)
    for param in info.params:
        argument = info.argument_of(param, node)
        value = flow.given(argument) if argument is not None else UNKNOWN
        if isinstance(value, Resource):
            seen = flow.lookup.parameter(param, info.scope)
            if not isinstance(seen, Resource):
                strangers.hand_over(flow, value, node)


def one_of_several_called(flow: Flow, word: str) -> None:
    """A name is called that stands for one of several functions in this one."""
    for binding in flow.scope.names.get(word, ()):
        if binding.kind == "def" and isinstance(binding.node, cst.FunctionDef):
            escape(flow, binding.node.body)


def _globals_written(flow: Flow, info: FunctionInfo) -> None:
    for word, where in info.scope.foreign.items():
        if where == "global" and flow.scope.foreign.get(word) == "global":
            flow.state.bind(word, UNKNOWN)


def free_words(info: FunctionInfo) -> list[str]:
    """The names that a function uses and does not bind."""
    return [word for word in _words(info.node.body) if word not in info.scope.names]


def defined(flow: Flow, node: cst.FunctionDef | cst.ClassDef) -> None:
    """A definition: its decorators and defaults run at once, and it binds its name."""
    for decorator in node.decorators:
        value = flow.value(decorator.decorator)
        path = getattr(value, "path", "")
        if isinstance(node, cst.FunctionDef) and not str(path).startswith(_HARMLESS):
            escape(flow, node.body)
    if isinstance(node, cst.FunctionDef):
        defaults(flow, node.params)
    else:
        for base in (*node.bases, *node.keywords):
            flow.value(base.value)
    bind_definition(flow, node.name.value, node)


def bind_definition(flow: Flow, word: str, node: cst.CSTNode) -> None:
    """What an import or a definition gives its name, at the place where it stands."""
    for binding in flow.scope.names.get(word, ()):
        if binding.node is node:
            flow.state.bind(word, flow.lookup.binding(binding))
            return


def defaults(flow: Flow, parameters: cst.Parameters) -> None:
    """The defaults of parameters, which are evaluated where the function is made."""
    for param in (*parameters.posonly_params, *parameters.params, *parameters.kwonly_params):
        if param.default is not None:
            flow.value(param.default)


def run_lambda(flow: Flow, value: Deferred, values: Sequence[Value], certain: bool) -> Value:
    """A lambda runs here.

    Args:
        flow: the function.
        value: the lambda.
        values: its arguments in order, as far as they are known.
        certain: whether it certainly runs, and once.
    """
    node = value.node
    key = id(node)
    flow.lambda_calls[key] = flow.lambda_calls.get(key, 0) + 1
    if key in flow.running or flow.lambda_calls[key] > _CALLS:
        escape(flow, node.body)
        return UNKNOWN
    words = [param.name.value for param in (*node.params.posonly_params, *node.params.params,
                                            *node.params.kwonly_params)]  # fmt: skip
    before = flow.state.copy()
    for index, word in enumerate(words):
        flow.state.bind(word, values[index] if index < len(values) else UNKNOWN)
    flow.running.add(key)
    result = flow.value(node.body)
    flow.running.discard(key)
    for word in words:
        known = before.env.get(word)
        if known is None:
            flow.state.unbind(word)
        else:
            flow.state.bind(word, known)
    if not certain:
        flow.rejoin(before)
    return result
