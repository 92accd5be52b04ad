"""What the model says of a connection is what SQLAlchemy and asyncpg do, on generated programs.

``python tests/differential`` compares as many programs as are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from differential import programs as p
from differential import regressions
from differential.campaign import campaign_in, opened
from differential.comparison import Verdict, compare, compare_text
from differential.generator import program_of, programs
from differential.runner import Runner
from differential.worlds import POSTGRES, SQLITE, postgres
from hypothesis import HealthCheck, given, settings

from pool_lint.model import conditions, relations, states
from pool_lint.model.ledger import Ledger
from pool_lint.model.values import Resource

# SQLAlchemy warns of what some programs do, and rightly so.
pytestmark = pytest.mark.filterwarnings("ignore")
few = settings(
    max_examples=80,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
every_regression = pytest.mark.parametrize(
    ("flavour", "name"),
    [(flavour, name) for flavour, found in regressions.OF.items() for name in found],
)


@pytest.fixture(scope="module")
def sync_runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    with opened(SQLITE["sqlite"](tmp_path_factory.mktemp("sync"))) as world:
        yield Runner(world)


@pytest.fixture(scope="module")
def async_runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    with opened(SQLITE["aiosqlite"](tmp_path_factory.mktemp("async"))) as world:
        yield Runner(world)


@pytest.fixture(scope="module", params=POSTGRES)
def postgres_runner(request: pytest.FixtureRequest, postgres_url: str) -> Iterator[Runner]:
    with opened(postgres(request.param, sa.make_url(postgres_url))) as world:
        yield Runner(world)


def agree(verdict: Verdict) -> None:
    """Fail with the program where something disagrees."""
    wrong = [f"{one.kind}: {one.text}" for one in verdict.disagreements]
    assert not wrong, "\n".join([*wrong, verdict.rendered.source])


def test_sync_programs(sync_runner: Runner) -> None:
    @few
    @given(programs(p.SYNC))
    def check(program: p.Program) -> None:
        agree(compare(program, sync_runner))

    check()


def test_async_programs(async_runner: Runner) -> None:
    @few
    @given(programs(p.ASYNC))
    def check(program: p.Program) -> None:
        agree(compare(program, async_runner))

    check()


def test_programs_on_postgres(postgres_runner: Runner) -> None:
    report = campaign_in(postgres_runner, 30, 1, 1)
    assert report.counts["compared"] > 100
    assert report.found == []


def test_programs_branch_and_hold(sync_runner: Runner) -> None:
    """The generator makes what there is to be compared: nothing of it may get lost."""
    counts = campaign_in(sync_runner, 120, 1, 1).counts
    for word in ("straight always", "straight never", "always", "never", "on some path"):
        assert counts[word] > 30, word
    assert counts["begun already"] and counts["ends compared"] and counts["begins compared"]
    assert counts["writes said to be kept"] and counts["writes said to be lost"] > 30
    assert counts["losses compared"]
    # What is answered with "on some path" without need is of no use to anybody.
    assert counts["on some path"] < counts["always"] + counts["never"]


@every_regression
def test_program_that_was_wrong_once(
    flavour: str, name: str, request: pytest.FixtureRequest
) -> None:
    program, text = regressions.read(flavour, regressions.OF[flavour][name])
    if flavour == p.SYNC:
        runner = request.getfixturevalue("sync_runner")
    else:
        url = sa.make_url(request.getfixturevalue("postgres_url"))
        with opened(postgres("pool", url)) as world:
            agree(compare_text(program, text, Runner(world)))
        return
    agree(compare_text(program, text, runner))


LIES = (
    (p.SESSION, "sql"),
    (p.SESSION, "commit"),
    (p.SESSION, "close"),
    (p.SESSION, "add"),
    (p.SESSION, "begin"),
    (p.SESSION, "enter savepoint"),
    (p.CONNECTION, "rollback"),
    (p.CONNECTION, "close"),
)


@pytest.mark.parametrize("lie", LIES, ids=" ".join)
def test_a_model_that_is_wrong_is_found(
    lie: tuple[str, str], sync_runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = conditions.step

    def wrong(kind: str, effect: str, atom: conditions.Atom) -> conditions.Atom:
        return atom if (kind, effect) == lie else real(kind, effect, atom)

    monkeypatch.setattr(states, "step", wrong)
    monkeypatch.setattr(relations, "step", wrong)
    generated = (program_of(seed, p.SYNC) for seed in range(1, 200))
    assert any(compare(one, sync_runner).disagreements for one in generated)


@pytest.mark.parametrize("lie", ["commit", "undo", "lose", "undo_in_part"])
def test_a_ledger_that_is_wrong_is_found(
    lie: str, sync_runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Ledger.commit

    def wrong(ledger: Ledger, subject: Resource, *_: object) -> None:
        if lie != "commit":
            real(ledger, subject)

    monkeypatch.setattr(Ledger, lie, wrong)
    generated = (program_of(seed, p.SYNC) for seed in range(1, 400))
    assert any(compare(one, sync_runner).disagreements for one in generated)
