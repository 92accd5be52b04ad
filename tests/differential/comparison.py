"""What the model says against what was seen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from differential import programs as p
from differential.analyser import ALWAYS, NEVER, SOME, Answer, Answers, analyse
from differential.renderer import Rendered, render
from differential.runner import Fact, Run, Runner
from differential.written import Said

_MADE = re.compile(r" = (await )?(SessionLocal|engine\.connect|pool\.acquire)\(").search
_BEGUN_ALREADY = ("already begun", "has already initialized")


class Disagreement(NamedTuple):
    """Something that the model says and that is not so.

    Attributes:
        kind: what sort of thing it is about; what is shrunk must stay of one kind.
        text: what was said and what was seen.
    """

    kind: str
    text: str


class Verdict(NamedTuple):
    """The comparison of one program.

    Attributes:
        rendered: its text.
        disagreements: what is wrong.
        counts: how much was compared.
    """

    rendered: Rendered
    disagreements: tuple[Disagreement, ...]
    counts: Counter[str]


def compare(program: p.Program, runner: Runner) -> Verdict:
    """Analyse and run a program."""
    return compare_text(program, render(program), runner)


def compare_text(program: p.Program, rendered: Rendered, runner: Runner) -> Verdict:
    """The same, where the text is there already."""
    answers = analyse(rendered.source)
    runs = list(runner.runs(program, rendered, answers.begun))
    counts: Counter[str] = Counter(programs=1, straight=rendered.straight, runs=len(runs))
    found = [
        *_probes(program, rendered, answers, runs, counts),
        *_ends(program, rendered, answers, runs, counts),
        *_begun(rendered, answers, runs, counts),
        *_writes(rendered, answers.writes, runs, counts),
    ]
    return Verdict(rendered, tuple(found), counts)


def _probes(
    program: p.Program,
    rendered: Rendered,
    answers: Answers,
    runs: list[Run],
    counts: Counter[str],
) -> Iterator[Disagreement]:
    parameters = {
        function.name: function.parameter.name
        for function in (*program.helpers, program.main)
        if function.parameter is not None
    }
    reached: dict[tuple[int, str], list[Fact]] = {}
    leaks = _helpers_may_leak(rendered)
    for run in runs:
        for seen in run.seen:
            if seen.probe not in answers.probes:
                yield Disagreement("unreached", f"probe {seen.probe} is passed")
                continue
            names, total = answers.probes[seen.probe]
            place = rendered.places[seen.probe]
            for name, fact in seen.facts.items():
                counts["compared"] += 1
                reached.setdefault((seen.probe, name), []).append(fact)
                answer = names.get(name)
                given = parameters.get(place.function) == name
                if answer is None:
                    counts["unknown"] += 1
                    if place.settled:
                        yield Disagreement("unknown", f"probe {seen.probe}: {name} is unknown")
                    continue
                settled = place.settled and not given
                yield from _fact(seen.probe, name, answer, fact, settled, run)
            alone = place.function == "main" and program.main.parameter is None and not leaks
            if alone and rendered.straight and total != seen.checked_out:
                text = f"probe {seen.probe}: {total} held, {seen.checked_out} checked out"
                yield Disagreement("total", text)
    for (probe, name), facts in reached.items():
        answer = answers.probes.get(probe, ({}, None))[0].get(name)
        if answer is not None:
            _count(answer, facts, counts, "straight " if rendered.straight else "")


def _helpers_may_leak(rendered: Rendered) -> bool:
    """Whether a helper makes something without a block: the function that calls it cannot see it."""
    text = "\n".join(rendered.source.splitlines()[rendered.row - 1 : rendered.main - 1])
    return _MADE(text) is not None


def _count(answer: Answer, facts: list[Fact], counts: Counter[str], prefix: str) -> None:
    for said, values in (
        (answer.held, {fact.held for fact in facts}),
        (answer.begun, {fact.begun for fact in facts}),
    ):
        counts[prefix + said] += 1
        if said == SOME and len(values) == 1:
            counts[prefix + "on some path, and no other seen"] += 1


def _fact(
    probe: int, name: str, answer: Answer, fact: Fact, settled: bool, run: Run
) -> Iterator[Disagreement]:
    for word, said, is_so in (
        ("held", answer.held, fact.held),
        ("begun", answer.begun, fact.begun),
    ):
        if said == (NEVER if is_so else ALWAYS):
            text = f"probe {probe}: {name} is {said} {word}, and was {is_so} with {run.flags} {run.entry}"
            yield Disagreement(f"{word} {said}", text)
        elif said == SOME and settled:
            yield Disagreement(f"{word} unsettled", f"probe {probe}: {name} is {word} {said}")


def _ends(
    program: p.Program,
    rendered: Rendered,
    answers: Answers,
    runs: list[Run],
    counts: Counter[str],
) -> Iterator[Disagreement]:
    for run in runs:
        counts["raised"] += run.error is not None
        if run.error is not None:
            counts[f"raised {run.error[0]}"] += 1
        elif (
            program.main.parameter is None
            and answers.left is not None
            and rendered.straight
            and not _helpers_may_leak(rendered)
        ):
            counts["ends compared"] += 1
            if answers.left != run.left:
                yield Disagreement("left", f"{answers.left} left at the end, and really {run.left}")


def _begun(
    rendered: Rendered, answers: Answers, runs: list[Run], counts: Counter[str]
) -> Iterator[Disagreement]:
    """``begin()`` that cannot work: whoever gets there fails there, and nowhere else."""
    for run in runs:
        error = run.error
        failed = error[2] if error and any(word in error[1] for word in _BEGUN_ALREADY) else 0
        counts["begun already"] += bool(failed)
        # In a helper it depends on the caller.
        known = rendered.straight and failed >= rendered.main and not run.entry
        if failed and known and failed not in answers.begun:
            yield Disagreement("begin unseen", f"row {failed} raises {error}")
        for row in run.reached:
            counts["begins compared"] += 1
            if run.failed.isdisjoint((row,)):
                yield Disagreement("begin works", f"row {row} does not raise with {run.flags}")


def _writes(
    rendered: Rendered, said: Said, runs: list[Run], counts: Counter[str]
) -> Iterator[Disagreement]:
    """What is in the database at the end, where the model says that it is, or that it is not."""
    for run in runs:
        there = set(run.rows)
        counts["writes said to be lost"] += len(said.lost & run.written)
        for name in sorted(said.lost & there):
            yield Disagreement("lost and there", f"{name} is there with {run.flags} {run.entry}")
        if run.error is not None:
            continue
        kept = said.kept & run.written
        counts["writes said to be kept"] += len(kept)
        for name in sorted(kept - there):
            text = f"{name} is not there with {run.flags} {run.entry}"
            yield Disagreement("kept and not there", text)
        for names in said.some_lost if rendered.straight else ():
            counts["losses compared"] += 1
            if names <= there:
                yield Disagreement("nothing lost", f"{', '.join(sorted(names))} are there")


def smaller(program: p.Program) -> Iterator[p.Program]:
    """Programs that are a little simpler."""
    for index, helper in enumerate(program.helpers):
        for body in _smaller_bodies(helper.body):
            helpers = list(program.helpers)
            helpers[index] = helper._replace(body=body)
            yield program._replace(helpers=tuple(helpers))
    for body in _smaller_bodies(program.main.body):
        yield program._replace(main=program.main._replace(body=body))
    if program.helpers:
        yield program._replace(helpers=program.helpers[:-1])


def _smaller_bodies(body: p.Body) -> Iterator[p.Body]:
    for index, statement in enumerate(body):
        before, after = body[:index], body[index + 1 :]
        yield (*before, *after)
        for part in _parts(statement):
            yield (*before, *part, *after)
        for less in _smaller_statements(statement):
            yield (*before, less, *after)


def _parts(statement: p.Statement) -> Iterable[p.Body]:
    if isinstance(statement, p.If) and statement.inline:
        return (statement.body,)
    if isinstance(statement, (p.If, p.Loop)):
        return (statement.body, statement.orelse)
    if isinstance(statement, p.Try):
        return (statement.body, statement.handler or (), statement.orelse, statement.final)
    return (statement.body,) if isinstance(statement, p.With) else ()


def _smaller_statements(statement: p.Statement) -> Iterator[p.Statement]:
    if isinstance(statement, p.With) and len(statement.items) > 1:
        yield statement._replace(items=statement.items[1:])
        yield statement._replace(items=statement.items[:1])
    if isinstance(statement, p.Try) and statement.handler is not None:
        yield statement._replace(again=False, handler=())
    if isinstance(statement, p.If) and statement.inline:
        return
    for field in ("body", "handler", "orelse", "final"):
        part = getattr(statement, field, None)
        if part:
            for less in _smaller_bodies(part):
                if less or field != "body":
                    yield statement._replace(**{field: less})  # type: ignore[union-attr,arg-type]


def shrunk(program: p.Program, kind: str, runner: Runner, tries: int = 600) -> p.Program:
    """The simplest program near this one that shows a disagreement of the same kind."""
    again = True
    while again:
        again = False
        for less in smaller(program):
            tries -= 1
            if tries < 0:
                return program
            try:
                found = compare(less, runner).disagreements
            except SyntaxError:
                # A ``break`` whose loop was taken away.
                continue
            if any(one.kind == kind for one in found):
                program, again = less, True
                break
    return program
