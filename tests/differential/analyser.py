"""What the linter's model says of a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from differential.written import Outcomes, Said, lost_names, outcomes
from pool_lint.model.analysis import Analysis
from pool_lint.model.interpreter import Interpreter
from pool_lint.model.lazy_module import LazyModule
from pool_lint.model.module import ModuleModel
from pool_lint.model.states import Condition, State
from pool_lint.model.values import (
    CONNECTION,
    POOL_CONNECTION,
    SESSION,
    Resource,
    Value,
)
from pool_lint.settings import Settings
from pool_lint.syntax.parse import parse_whole
from pool_lint.syntax.source import Source

if TYPE_CHECKING:
    from pool_lint.model.lookup import Lookup

ALWAYS = "always"
NEVER = "never"
SOME = "on some path"

_KINDS = (SESSION, CONNECTION, POOL_CONNECTION)


class Answer(NamedTuple):
    """What the model says of one session or connection."""

    held: str
    begun: str


class Answers(NamedTuple):
    """What the model says of a program.

    Attributes:
        probes: for each probe that it reaches, the answers by name, and what is held in all if
            that is known.
        begun: the rows where ``begin()`` cannot work.
        left: how many connections the main function leaves checked out; None where that depends.
        writes: what becomes of what is written.
    """

    probes: dict[int, tuple[dict[str, Answer], int | None]]
    begun: frozenset[int]
    left: int | None
    writes: Said


class Watching(Interpreter):
    """The interpreter, writing down what it thinks at every call of ``probe``."""

    def run(self) -> Analysis:
        analysis = super().run()
        assert isinstance(self.model, Watched)
        self.model.ended(self)
        return analysis

    def call(self, node: cst.Call) -> Value:
        if isinstance(node.func, cst.Name) and node.func.value == "probe":
            assert isinstance(self.model, Watched)
            argument = node.args[0].value
            assert isinstance(argument, cst.Integer)
            self.model.watch(int(argument.value), self)
        return super().call(node)


class Watched(ModuleModel):
    """A model that notes what its interpreters think."""

    interpreter = Watching

    def __init__(self, lookup: Lookup, settings: Settings) -> None:
        super().__init__(lookup, settings)
        self.noted: dict[int, dict[str, list[Condition]]] = {}
        self.totals: dict[int, int | None] = {}
        self.left: int | None = None
        self.outcomes: Outcomes = (frozenset(), ())

    def watch(self, number: int, flow: Interpreter) -> None:
        """A probe is passed."""
        names = self.noted.setdefault(number, {})
        for name, resource in _resources(flow):
            if resource.kind in _KINDS:
                condition = flow.state.condition(id(resource.site))
                names.setdefault(name, []).append(condition)
        total = _total(flow.state, flow)
        self.totals[number] = total if self.totals.get(number, total) == total else None

    def ended(self, flow: Interpreter) -> None:
        """A function has been followed to its end."""
        if flow.info is not None and flow.info.name == "main" and flow.end is not None:
            self.left = _total(flow.end, flow)
            self.outcomes = outcomes(flow)


def _resources(flow: Interpreter) -> list[tuple[str, Resource]]:
    assert flow.info is not None
    found: dict[str, Resource] = {}
    for param in flow.info.params:
        value = flow.lookup.parameter(param, flow.info.scope)
        if isinstance(value, Resource):
            found[param.name.value] = value
    for name, known in flow.state.env.items():
        found.pop(name, None)
        if isinstance(known, Resource):
            found[name] = known
    return list(found.items())


def _total(state: State, flow: Interpreter) -> int | None:
    """How many connections are held; None where that is not certain."""
    count = 0
    for site in flow.local:
        condition = state.conditions.get(site)
        if condition is None:
            continue
        held = _held([condition])
        if held == SOME:
            return None
        count += held == ALWAYS
    return count


def _held(conditions: list[Condition]) -> str:
    if all(condition.holds for condition in conditions):
        return ALWAYS
    return NEVER if all(condition.never_holds for condition in conditions) else SOME


def _begun(conditions: list[Condition]) -> str:
    answers = {condition.begun for condition in conditions}
    if answers == {True}:
        return ALWAYS
    return NEVER if answers == {False} else SOME


def analyse(source: str) -> Answers:
    """What the model says of a program."""
    settings = Settings()
    text = Source.read(source, "program.py")
    model = Watched.of(parse_whole(text), settings, LazyModule(text, None, None))
    probes: dict[int, tuple[dict[str, Answer], int | None]] = {}
    begun: set[int] = set()
    for _, analysis in model.analyses():
        begun |= {
            model.tree_of(event.node).range_of(event.node).start.row
            for event in analysis.events.all_begun
        }
    for number, names in model.noted.items():
        answers = {n: Answer(_held(seen), _begun(seen)) for n, seen in names.items()}
        probes[number] = (answers, model.totals[number])
    left = model.left
    writes = Said(lost_names(model), *model.outcomes)
    model.release()
    return Answers(probes, frozenset(begun), left, writes)
