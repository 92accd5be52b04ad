"""A rule's page is complete, its examples are true, and people find it by the error they saw."""

from __future__ import annotations

import json
import re

import pytest
from test_docs import generator

from pool_lint import lint
from pool_lint.rules import RULES
from pool_lint.settings import Settings
from pool_lint.surfaces.cli import main

SECTIONS = [
    "What it does",
    "Why it hurts",
    "Example",
    "Use instead",
    "Fix safety",
    "When not to use it",
    "References",
]

# Rules that have something to say only with these.
NEEDED = {
    "POOL118": Settings(extend_select=("POOL118",)),
    "POOL120": Settings(idle_timeout=600),
    "POOL602": Settings(extend_select=("POOL602",)),
    "POOL611": Settings(transaction_pooler=True),
    "POOL612": Settings(extend_select=("POOL612",)),
}

every_rule = pytest.mark.parametrize("code", RULES)


def sections(code: str) -> dict[str, str]:
    """Give the page's sections by their titles; what comes before the first has an empty one."""
    found: dict[str, str] = generator.sections(RULES[code].page)
    return found


def example(code: str, title: str) -> str:
    """Give the one python block of a section."""
    (block,) = re.findall(
        r"^```python\n(.*?)^```$", sections(code)[title], flags=re.MULTILINE | re.DOTALL
    )
    return block


@every_rule
def test_page_has_its_sections_in_order(code: str) -> None:
    assert list(sections(code)) == ["", *SECTIONS]
    assert all(text.strip() for text in sections(code).values())


@every_rule
def test_page_says_whether_a_fix_exists(code: str) -> None:
    safety = " ".join(sections(code)["Fix safety"].split())
    if RULES[code].fixable:
        assert safety.startswith(("Safe", "Unsafe"))
    else:
        assert safety.startswith("There is no automatic fix")


@every_rule
def test_page_links_to_rules_that_exist(code: str) -> None:
    names = {rule.code: rule.name for rule in RULES.values()}
    links = re.findall(r"\[(POOL\d+)\]\(([^)]+)\)", RULES[code].page)
    assert dict(links).items() <= names.items()


@every_rule
def test_page_fits_a_terminal(code: str) -> None:
    assert max(len(line) for line in RULES[code].page.splitlines()) <= 100


@every_rule
def test_example_is_reported_and_nothing_else_in_it(code: str) -> None:
    settings = NEEDED.get(code)
    assert {one.code for one in lint(example(code, "Example"), settings=settings)} == {code}


@every_rule
def test_what_to_use_instead_is_silent(code: str) -> None:
    assert lint(example(code, "Use instead"), settings=NEEDED.get(code)) == []


@every_rule
def test_what_to_use_instead_is_python(code: str) -> None:
    compile(example(code, "Use instead"), "page", "exec")


def found(symptom: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Give the codes that the command line finds for an error."""
    main(["rule", "--symptom", symptom, "--output-format", "json"])
    return [rule["code"] for rule in json.loads(capsys.readouterr().out)]


@pytest.mark.parametrize(
    ("code", "symptom"), [(code, text) for code, rule in RULES.items() for text in rule.symptoms]
)
def test_rule_is_found_by_its_symptom(
    code: str, symptom: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code in found(symptom, capsys)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (
            (
                "sqlalchemy.exc.TimeoutError: QueuePool limit of size 20 overflow 0 reached, "
                "connection timed out, timeout 10.00 (Background on this error at: "
                "https://sqlalche.me/e/20/3o7r)"
            ),
            {
                "POOL305",
                "POOL306",
                "POOL307",
                "POOL315",
                "POOL401",
                "POOL403",
                "POOL412",
                "POOL501",
                "POOL507",
                "POOL302",
                "POOL303",
                "POOL314",
            },
        ),
        (
            (
                "sqlalchemy.exc.InterfaceError: "
                "(sqlalchemy.dialects.postgresql.asyncpg.InterfaceError) "
                "<class 'asyncpg.exceptions._base.InterfaceError'>: connection is closed\n"
                "[SQL: SELECT orders.id FROM orders]\n"
                "(Background on this error at: https://sqlalche.me/e/20/rvf5)"
            ),
            {"POOL101", "POOL102", "POOL410"},
        ),
        (
            (
                "sqlalchemy.orm.exc.DetachedInstanceError: Instance <Order at 0x7f15419fc110> is "
                "not bound to a Session; attribute refresh operation cannot proceed (Background "
                "on this error at: https://sqlalche.me/e/20/bhk3)"
            ),
            {"POOL301"},
        ),
        ("FATAL:  sorry, too many clients already", {"POOL103", "POOL201"}),
        ("A transaction is already begun on this Session.", {"POOL404"}),
    ],
)
def test_rules_are_found_by_an_error_as_it_was_logged(
    seen: str, expected: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(found(seen, capsys)) == expected & set(RULES)


def test_unawaited_call_is_found_by_a_method_that_no_symptom_names(
    capsys: pytest.CaptureFixture[str],
) -> None:
    seen = "RuntimeWarning: coroutine 'AsyncSession.flush' was never awaited"
    assert found(seen, capsys)[0] == "POOL501"
