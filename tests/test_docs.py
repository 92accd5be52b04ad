"""The pages in ``docs/`` say what the rules say, lead somewhere, and show what pool-lint does."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from pool_lint import lint
from pool_lint.rules import RULES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
FIXTURES = ROOT / "tests" / "fixtures"
BY_HAND = ("not-flagged.md", "advice.md")


def load() -> ModuleType:
    path = ROOT / "tools" / "generate_docs.py"
    spec = importlib.util.spec_from_file_location("generate_docs", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


generator = load()
every_rule = pytest.mark.parametrize("code", RULES)


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def without_code(markdown: str) -> str:
    return re.sub(r"^```.*?^```$|`[^`\n]+`", "", markdown, flags=re.MULTILINE | re.DOTALL)


# -- from the rules -----------------------------------------------------------------------------


def test_pages_are_fresh() -> None:
    stale = [str(path.relative_to(ROOT)) for path in generator.stale()]
    assert stale == [], f"not what the rules say; to write them: {generator.COMMAND}"


def test_a_changed_rule_makes_its_pages_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replace(RULES["POOL404"], summary="something else", symptoms=("Error: another one",))
    monkeypatch.setattr(generator, "RULES", {**RULES, "POOL404": changed})
    names = {path.name for path in generator.stale()}
    assert names == {"begin-after-autobegin.md", "README.md", "symptoms.md"}


def test_a_page_without_a_rule_is_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    others = {code: rule for code, rule in RULES.items() if code != "POOL404"}
    monkeypatch.setattr(generator, "RULES", others)
    assert DOCS / "rules" / "begin-after-autobegin.md" in generator.stale()


def test_each_rule_has_its_page_and_each_page_its_rule() -> None:
    pages = {path.stem for path in (DOCS / "rules").iterdir() if path.name != "README.md"}
    assert pages == {rule.name for rule in RULES.values()}


@every_rule
def test_a_page_has_what_a_reader_needs(code: str) -> None:
    rule = RULES[code]
    page = text_of(f"rules/{rule.name}.md")
    assert list(generator.sections(page))[1:] == [
        "What it does",
        "Why it hurts",
        "Example",
        "Use instead",
        "Fix safety",
        "When not to use it",
        "Symptoms",
        "References",
    ]
    assert f"\n# {rule.name} ({code})\n" in page
    assert f"\n| {code} | {rule.level.value} | " in page


def test_the_kind_of_a_fix() -> None:
    kinds = {code: generator.kind_of_fix(RULES[code]) for code in RULES}
    assert kinds["POOL102"] == "safe"
    assert kinds["POOL101"] == "safe or unsafe"
    assert kinds["POOL301"] == "unsafe"
    assert kinds["POOL201"] == "by hand"


def test_the_index_names_every_rule_in_its_group() -> None:
    index = generator.sections(text_of("rules/README.md"))
    for code, rule in RULES.items():
        (group,) = [title for title in index if title.startswith(f"POOL{code[4]}xx")]
        assert f"| {code} | [{rule.name}]({rule.name}.md) |" in index[group]


@pytest.mark.parametrize(
    ("code", "symptom"), [(code, text) for code, rule in RULES.items() for text in rule.symptoms]
)
def test_a_symptom_leads_to_its_rule(code: str, symptom: str) -> None:
    # How it begins depends on the driver and on the log.
    end = " ".join(symptom.split()).rstrip(".")[-20:]
    blocks = re.split(r"^```text\n", text_of("symptoms.md"), flags=re.MULTILINE)[1:]
    causes = [block.partition("```")[2] for block in blocks if end in block.partition("```")[0]]
    assert any(f"\n* [{code}](rules/{RULES[code].name}.md) " in block for block in causes)


def test_a_silent_mistake_is_found_without_an_error() -> None:
    silent = generator.sections(text_of("symptoms.md"))["No error at all"]
    assert "[POOL405](rules/connect-write-without-commit.md)" in silent


@pytest.mark.parametrize(
    ("code", "said", "heading"),
    [
        ("POOL404", "sqlalchemy.exc.InvalidRequestError: A transaction", "InvalidRequestError"),
        ("POOL404", "This connection has already initialized a", "InvalidRequestError"),
        ("POOL102", "<class 'asyncpg.exceptions._base.InterfaceError'>: no", "InterfaceError"),
        ("POOL110", "sqlalchemy.exc.MissingGreenlet: greenlet_spawn has", "MissingGreenlet"),
        ("POOL201", "asyncpg.exceptions.TooManyConnectionsError", "TooManyConnectionsError"),
        ("POOL201", "FATAL: sorry, too many clients already", "Said by the server"),
        ("POOL117", "INFO:sqlalchemy.engine.Engine:", "Logs, warnings and answers"),
    ],
)
def test_a_symptom_stands_under_its_exception(code: str, said: str, heading: str) -> None:
    assert generator.symptom(RULES[code], said).heading == heading


# -- by hand ------------------------------------------------------------------------------------


def test_rules_are_linked_and_the_others_called_planned() -> None:
    text = (
        "POOL404 (planned), [POOL404](old.md), [POOL404/ok.py](x), `# noqa: POOL404`, POOL702 and\n"
        "```\nPOOL404\n```\n"
    )
    link = "[POOL404](rules/begin-after-autobegin.md)"
    linked = (
        f"{link}, {link}, [POOL404/ok.py](x), `# noqa: POOL404`, POOL702 (planned) and\n"
        "```\nPOOL404\n```\n"
    )
    assert generator.linked(text) == linked
    assert generator.linked(linked) == linked


@pytest.mark.parametrize("name", BY_HAND)
def test_a_page_names_no_unknown_rule(name: str) -> None:
    named = set(re.findall(r"\bPOOL\d{3}\b", text_of(name)))
    assert named <= {*RULES, *generator.PLANNED}


@pytest.mark.parametrize("name", BY_HAND)
def test_what_is_planned_is_called_so(name: str) -> None:
    page = without_code(text_of(name))
    planned = set(re.findall(r"\b(POOL\d{3}) \(planned\)", page))
    assert planned == set(re.findall(r"\bPOOL\d{3}\b", page)) - set(RULES)


def anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize(
    "path",
    [*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_links_lead_somewhere(path: Path) -> None:
    page = without_code(path.read_text(encoding="utf-8"))
    assert "[[" not in page
    for target in re.findall(r"\]\(([^)\s]+)\)", page):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


def entries() -> dict[str, str]:
    parts = re.split(r"^###? (.+)\n", text_of("not-flagged.md"), flags=re.MULTILINE)
    texts = dict(zip(parts[1::2], parts[2::2], strict=True))
    return {title: text for title, text in texts.items() if "```" in text}


every_entry = pytest.mark.parametrize("title", entries())


def test_entries_are_found() -> None:
    assert len(entries()) > 20


@every_entry
def test_what_is_not_flagged_is_not(title: str) -> None:
    (block,) = re.findall(r"^```python\n(.*?)^```$", entries()[title], re.MULTILINE | re.DOTALL)
    expected = {
        (row, found[1])
        for row, line in enumerate(block.splitlines(), start=1)
        if (found := re.search(r"  # (POOL\d{3})$", line))
    }
    plain = re.sub(r"  # POOL\d{3}$", "", block, flags=re.MULTILINE)
    assert {(one.range.start.row, one.code) for one in lint(plain)} == expected


@every_entry
def test_a_fixture_keeps_it_silent(title: str) -> None:
    kept = entries()[title].partition("Kept silent by ")[2]
    files = re.findall(r"\]\(\.\./tests/fixtures/(\S+)\)", kept)
    assert files
    for file in files:
        assert Path(file).name.startswith("ok_") and (FIXTURES / file).exists()


def test_a_folder_called_tests_is_no_excuse() -> None:
    source = """\
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine("postgresql+asyncpg://app@db.internal/shop", pool_recycle=1800)
"""
    for name in ("tests/fixtures/database.py", "migrations/database.py", "scripts/database.py"):
        assert [one.code for one in lint(source, filename=name)] == ["POOL102"]


def test_every_document_has_its_advice() -> None:
    folders = {path.name for path in FIXTURES.glob("document_*")}
    assert set(re.findall(r"\((?:\.\./tests/fixtures/)(document_\w+)\)", text_of("advice.md"))) == (
        folders
    )


def advice() -> list[list[str]]:
    rows = re.findall(r"^\| (?!advice )(.+) \|$", text_of("advice.md"), re.MULTILINE)
    return [re.split(r" \| ", row) for row in rows]


def test_every_advice_has_an_outcome_and_a_reason() -> None:
    assert len(advice()) > 90
    for piece, outcome, why in advice():
        assert piece and why
        assert outcome in ("rule", "half right", "refused", "not ours"), piece


def test_what_is_a_rule_is_one_of_ours() -> None:
    for piece, outcome, why in advice():
        assert outcome != "rule" or re.search(r"\bPOOL\d{3}\b", why), piece
