"""The rules, looked up by what a person knows of them."""

from __future__ import annotations

import re
from typing import Any

from pool_lint.rules import RULES
from pool_lint.rules.rule import Rule
from pool_lint.runner.selectors import UnknownSelector, did_you_mean

# Two error texts are the same when most words of the shorter one are in the other.
_SAME = 0.75
_WORD = re.compile(r"[a-z_]+")
_JOINING = frozenset(
    {"a", "an", "and", "at", "by", "for", "from", "in", "is", "it", "of", "the", "to"}
)


def rule_called(name: str) -> Rule:
    """Find a rule.

    Args:
        name: its code or its name; case does not matter.

    Returns:
        The rule.

    Raises:
        UnknownSelector: if there is none; the text offers the nearest.
    """
    wanted = name.strip().lower()
    for rule in RULES.values():
        if wanted in {rule.code.lower(), rule.name}:
            return rule
    known = [*RULES, *(rule.name for rule in RULES.values())]
    raise UnknownSelector(f"no rule is called `{name}`{did_you_mean(name, known)}")


def rules_with_symptom(text: str) -> list[Rule]:
    """Find the rules that explain an error.

    Args:
        text: an error message, or part of one; numbers in it do not matter.

    Returns:
        The rules with a symptom like it, the best match first.
    """
    wanted = _words(text)
    scored = [
        (max((_likeness(wanted, _words(one)) for one in rule.symptoms), default=0.0), rule)
        for rule in RULES.values()
    ]
    found = [(score, rule) for score, rule in scored if score >= _SAME]
    found.sort(key=lambda one: (-one[0], one[1].code))
    return [rule for _, rule in found]


def as_data(rule: Rule) -> dict[str, Any]:
    """Give a rule in a form that JSON can hold.

    Args:
        rule: the rule.

    Returns:
        What is known of it.
    """
    return {
        "code": rule.code,
        "name": rule.name,
        "level": rule.level.value,
        "default": rule.default,
        "fixable": rule.fixable,
        "since": rule.since,
        "summary": rule.summary,
        "symptoms": list(rule.symptoms),
        "page": rule.page,
    }


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower())) - _JOINING


def _likeness(one: set[str], other: set[str]) -> float:
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter else 0.0
