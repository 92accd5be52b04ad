"""The same rules, versions and commands everywhere they are named."""

from __future__ import annotations

import importlib.metadata
import re
from pathlib import Path

import pytest
from test_proofs import TABLE as PROOFS

import pool_lint
from pool_lint.rules import RULES
from pool_lint.runner.options import read_options
from pool_lint.settings import Settings

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "tests" / "fixtures"

GROUPS = {
    "1": "engine",
    "2": "lifecycle",
    "3": "sessions",
    "4": "transactions",
    "5": "concurrency",
    "6": "asyncpg",
    "7": "project",
    "9": "linter",
}


# What these report costs time, does nothing, or fails only together with something else.
UNPROVEN = {
    "POOL117",
    "POOL118",
    "POOL211",
    "POOL402",
}


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rule_files() -> set[str]:
    rules = Path(pool_lint.__file__).parent / "rules"
    return {
        path.relative_to(rules).with_suffix("").as_posix()
        for path in rules.glob("*/*.py")
        if path.name != "__init__.py"
    }


def blocks(markdown: str) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```$", markdown, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("code", RULES)
def test_a_rule_says_who_it_is(code: str) -> None:
    rule = RULES[code]
    assert rule.code == code
    assert re.fullmatch(r"POOL[1-9]\d\d", code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert not rule.summary.endswith(".")


@pytest.mark.parametrize("code", RULES)
def test_a_page_begins_with_its_rule(code: str) -> None:
    rule = RULES[code]
    assert rule.page.lstrip().splitlines()[0] == f"# {rule.name} ({code})"


def test_names_are_unique() -> None:
    assert len({rule.name for rule in RULES.values()}) == len(RULES)


def test_the_table_is_in_order() -> None:
    assert list(RULES) == sorted(RULES)


def test_each_rule_has_its_file_and_each_file_its_rule() -> None:
    named = {f"{GROUPS[rule.code[4]]}/{rule.name.replace('-', '_')}" for rule in RULES.values()}
    assert rule_files() == named


@pytest.mark.parametrize("code", RULES)
def test_a_rule_has_fixtures(code: str) -> None:
    folders = list(FIXTURES.glob(f"{code}_*"))
    assert [folder.name.replace("_", "-") for folder in folders] == [f"{code}-{RULES[code].name}"]
    assert list(folders[0].glob("*.py"))


def test_fixtures_belong_to_a_rule() -> None:
    coded = {path.name.split("_")[0] for path in FIXTURES.iterdir()}
    assert coded <= {*RULES, "document"}


def test_a_rule_has_a_proof() -> None:
    proven = {proof.code for proof in PROOFS.values()}
    # Nothing that the linter says of itself fails on a server.
    unproven = {code for code in RULES if GROUPS[code[4]] != "linter"} - proven
    assert unproven == UNPROVEN & set(RULES)


def test_a_proof_has_its_rule() -> None:
    assert {proof.code for proof in PROOFS.values()} <= set(RULES)


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_a_document_names_every_rule(name: str) -> None:
    document = text_of(name)
    missing = [
        code
        for code, rule in RULES.items()
        if not re.search(rf"\b{code}\b.*\b{rule.name}\b", document)
    ]
    assert missing == []


@pytest.mark.parametrize(
    "name", ["README.md", "CHANGELOG.md", "examples/leaky_app/README.md", "docs/rules/README.md"]
)
def test_a_document_names_no_unknown_rule(name: str) -> None:
    assert set(re.findall(r"\bPOOL\d{3}\b", text_of(name))) <= set(RULES)


def test_versions_agree() -> None:
    assert pool_lint.__version__ == importlib.metadata.version("pool-lint")


def test_since_is_a_version_of_the_changelog() -> None:
    changelog = text_of("CHANGELOG.md")
    released = set(re.findall(r"^## \[(\d+\.\d+\.\d+)\]", changelog, flags=re.MULTILINE))
    coming = {pool_lint.__version__} if "## [Unreleased]" in changelog else set()
    assert {rule.since for rule in RULES.values()} <= released | coming


def test_ci_runs_the_command_of_the_readme() -> None:
    command = "pip install -e '.[test]' && pytest"
    assert f"{command}\n" in blocks(text_of("README.md"))
    assert text_of(".ci/run").rstrip().endswith(f"\n{command}")


def test_the_supported_pythons_agree() -> None:
    pyproject = text_of("pyproject.toml")
    pythons = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', pyproject)
    listed = re.search(r"PYTHONS = \[(.*?)\]", text_of("noxfile.py"))
    assert listed is not None
    assert re.findall(r'"(3\.\d+)"', listed[1]) == pythons
    assert f'requires-python = ">={pythons[0]}"' in pyproject


def test_flake8_knows_the_plugin() -> None:
    (entry,) = [
        entry
        for entry in importlib.metadata.entry_points(group="flake8.extension")
        if entry.value.startswith("pool_lint.")
    ]
    assert entry.name == "POO"
    assert callable(entry.load())


def documented_settings() -> set[str]:
    rows = re.findall(r"^\| (`[a-z-]+`(?:, `[a-z-]+`)*) \|", text_of("README.md"), re.MULTILINE)
    return {key for row in rows for key in re.findall(r"[a-z-]+", row)}


def test_the_readme_explains_every_setting() -> None:
    own = {"file_ignores", "respect_noqa", "root"}
    names = {name.replace("_", "-") for name in set(Settings.__slots__) - own}
    assert documented_settings() == names


def test_every_explained_setting_can_be_set() -> None:
    _, problems = read_options(dict.fromkeys(documented_settings()))
    assert not [problem for problem in problems if "unknown key" in problem]
