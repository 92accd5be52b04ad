"""In which condition a function leaves what it was given, by what it answers and what it raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.callees import argument, met
from pool_lint.model.conditions import KINDS
from pool_lint.model.relations import LOST
from pool_lint.model.states import UNSEEN_CONDITION, Condition
from pool_lint.model.told_by_outcome import Outcome, Refusal
from pool_lint.model.values import Class, Resource
from pool_lint.model.watching import Watcher
from pool_lint.syntax.walk import last_word

if TYPE_CHECKING:
    from pool_lint.model.analysis import Analysis
    from pool_lint.model.flow import Flow
    from pool_lint.model.states import State
    from pool_lint.model.values import Function, Value

# More ways to return than that nobody tells apart.
_MANY = 12
_REFUSALS = 32
_BASES = 4
_BLOCKS = frozenset(("begin", "begin_nested", "transaction"))


class Answered:
    """A ``return``, and the conditions of what the function was given there.

    Attributes:
        node: what is returned; None where the function comes to its end.
        conditions: the conditions, by the resource.
    """

    __slots__ = ("conditions", "node")

    def __init__(self, node: cst.BaseExpression | None, conditions: dict[int, Condition]) -> None:
        self.node = node
        self.conditions = conditions


class Outcomes(Watcher):
    """Tells the ways apart in which a function returns, and those in which it raises."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._answers: dict[int, Answered] = {}
        self._is_clear = True

    # -- what this function does -----------------------------------------------------------------

    def returned(self, value: Value, node: cst.Return) -> None:
        if self._is_clear and self._given(self.flow.state):
            self._is_clear = not self._is_inside(node)
            self._answer(id(node), node.value, self.flow.state)

    def raised(self, node: cst.Raise) -> None:
        kind = node.exc.func if isinstance(node.exc, cst.Call) else node.exc
        if kind is None:
            return
        word = last_word(kind)
        if word is None:
            return
        words = {word}
        self._add_bases(self.flow.callee_value(kind), words, _BASES)
        self._refuse((id(node), id(node)), node, frozenset(words), self._held())

    def ended(self, ends: dict[str, State | None]) -> None:
        through = ends.get("through")
        if through is not None:
            self._answer(0, None, through)
        if self._is_clear and 1 < len(self._answers) <= _MANY:
            for key, answer in self._answers.items():
                self.flow.events.note(key, answer)
        for place, refusal in self.flow.refusals.items():
            self.flow.events.note(place, refusal)

    def _given(self, state: State) -> dict[int, Condition]:
        return {
            site: condition
            for site, condition in state.conditions.items()
            if site not in self.flow.local
            and (resource := self.flow.resources.get(site)) is not None
            and resource.kind in KINDS
        }

    def _answer(self, key: int, node: cst.BaseExpression | None, state: State) -> None:
        known = self._answers.setdefault(key, Answered(node, {}))
        for site, condition in self._given(state).items():
            before = known.conditions.get(site)
            known.conditions[site] = condition if before is None else before.or_else(condition)

    def _is_inside(self, node: cst.Return) -> bool:
        """Whether something happens between a ``return`` and the end of the function."""
        parents = self.flow.lookup.names.parents
        current = parents.get(id(node))
        while current is not None and not isinstance(current, cst.FunctionDef):
            if isinstance(current, (cst.Try, cst.TryStar)) and current.finalbody is not None:
                return True
            if isinstance(current, cst.With) and any(map(_may_end, current.items)):
                return True
            current = parents.get(id(current))
        return False

    def _held(self) -> dict[int, Resource]:
        return {
            site: self.flow.resources[site]
            for site, condition in self.flow.state.conditions.items()
            if condition.may_hold and site in self.flow.resources
        }

    def _refuse(
        self,
        key: tuple[int, int],
        node: cst.CSTNode,
        words: frozenset[str],
        held: dict[int, Resource],
    ) -> None:
        refusals = self.flow.refusals
        known = refusals.get(key)
        if known is not None:
            held = {**known.held, **held}
        elif len(refusals) >= _REFUSALS:
            return
        refusals[key] = Refusal(node, words, held)

    def _add_bases(self, value: Value, words: set[str], depth: int) -> None:
        if not isinstance(value, Class) or not depth:
            return
        lookup = value.info.names.lookup
        for base in value.info.bases:
            word = last_word(base)
            if word is not None:
                words.add(word)
                self._add_bases(lookup.expression(base, value.info.outer), words, depth - 1)

    # -- what a function does that it calls --------------------------------------------------------

    def running(self, function: Function, summary: Analysis, node: cst.Call) -> None:
        for refusal in summary.events.noted(Refusal):
            held = self._held()
            for resource in refusal.held.values():
                given = argument(self.flow, function, resource, node)
                if isinstance(given, Resource):
                    held[id(given.site)] = given
            self._refuse((id(node), id(refusal.node)), node, refusal.words, held)
        answers = summary.events.noted(Answered)
        if not answers:
            return
        for site in summary.exits:
            subject = summary.resources[site]
            given = argument(self.flow, function, subject, node)
            if isinstance(given, Resource) and given.kind in KINDS:
                self._learn(given, subject, answers, node)

    def _learn(
        self, given: Resource, subject: Resource, answers: list[Answered], node: cst.Call
    ) -> None:
        site = id(given.site)
        before = self.flow.state.condition(site)
        _, known = self.flow.outcomes.setdefault((site, id(node)), (node, {}))
        for answer in answers:
            end = answer.conditions.get(id(subject.site), UNSEEN_CONDITION)
            relation = end.relation if subject.kind == given.kind else LOST
            after, _ = met(before, end, relation, given.kind)
            holds = any(atom.is_holding for atom in after)
            free = all(atom.is_given_back for atom in after)
            earlier = known.get(id(answer))
            if earlier is not None:
                holds, free = holds or earlier.holds, free and earlier.free
            known[id(answer)] = Outcome(answer.node, holds, free)


def _may_end(item: cst.WithItem) -> bool:
    """Whether a ``with`` may do something to a transaction when it is left."""
    entered = item.item
    if not isinstance(entered, cst.Call):
        return True
    return isinstance(entered.func, cst.Attribute) and entered.func.attr.value in _BLOCKS
