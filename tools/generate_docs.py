"""Write the pages of the rules in ``docs/`` from the rules themselves.

    python tools/generate_docs.py write     # write what is missing or stale, remove what has no rule
    python tools/generate_docs.py check     # name it instead

A rule's page is the docstring of its module.  What people write by hand in ``docs/`` names rules by
their codes alone; the links, and the word that a rule is only planned, are written here as well.
It runs where pool-lint is installed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from pool_lint.rules import RULES
from pool_lint.rules.rule import Rule

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
COMMAND = "python tools/generate_docs.py write"
GROUPS = {
    "1": "Engine configuration",
    "2": "The life of engines and pools",
    "3": "Sessions, connections and their factories",
    "4": "Transactions",
    "5": "asyncio and threads",
    "6": "asyncpg's own pool",
    "7": "The whole project",
    "9": "The linter itself",
}
# Named in pages that are written by hand, before there is a rule.
PLANNED = frozenset(("POOL701", "POOL702"))
SERVER, LOGS, SILENCE = "Said by the server", "Logs, warnings and answers", "No error at all"

_HEADING = re.compile(r"^## (.+)\n", re.MULTILINE)
_LINK_TO_RULE = re.compile(r"(\[POOL\d{3}\]\([a-z0-9-]+)\)")
# With the module in front any class will do, without it what is called like an exception.
_TYPE = r"(?:[a-z_]\w*\.)+(?P<{0}>[A-Z]\w*)|(?P<{1}>[A-Z]\w*(?:Error|Warning))"
_TYPED = re.compile(rf"(?:<class ')?(?:{_TYPE.format('dotted', 'plain')})(?:'>)?(?:: .+)?")
# A code block, a code span, or a rule as it is named outside of both.
_MENTION = re.compile(
    r"(?P<code>^```.*?^```$|`[^`\n]+`)"
    r"|\[(?P<linked>POOL\d{3})\]\([^)\s]*\)|(?P<plain>POOL\d{3})\b(?!/)(?: \(planned\))?",
    re.MULTILINE | re.DOTALL,
)
# How messages of PostgreSQL and MySQL begin, whichever driver hands them on.
_OF_SERVER = re.compile(
    r"FATAL|terminating connection|remaining connection slots|sorry, too many|too many connections"
    r"|server closed the connection|MySQL server|current transaction is aborted|idle in transaction"
    r"|password authentication|\(psycopg\.errors\.|unsupported startup parameter|prepared statement"
)


class Symptom(NamedTuple):
    """A text that people search for, under the heading where they look for it."""

    heading: str
    text: str


# -- one rule -----------------------------------------------------------------------------------


def sections(page: str) -> dict[str, str]:
    """Divide the page of a rule.

    Args:
        page: its Markdown.

    Returns:
        The sections by their titles; what comes before the first has an empty one.
    """
    # A page's own headings stand outside of its code blocks.
    parts = _HEADING.split(page)
    return dict(zip(["", *parts[1::2]], parts[::2], strict=True))


def kind_of_fix(rule: Rule) -> str:
    """Say in few words what ``--fix`` does for a rule.

    Args:
        rule: the rule.

    Returns:
        ``by hand``, ``safe``, ``unsafe``, or both of these where it depends.
    """
    if not rule.fixable:
        return "by hand"
    safety = " ".join(sections(rule.page)["Fix safety"].split())
    if safety.startswith("Unsafe"):
        return "unsafe"
    return "safe or unsafe" if re.search(r"\. Unsafe\b", safety) else "safe"


def page_of(rule: Rule) -> str:
    """Write the page of a rule.

    Args:
        rule: the rule.

    Returns:
        Markdown.
    """
    said = sections(_LINK_TO_RULE.sub(r"\1.md)", rule.page.strip()) + "\n")
    source = f"src/{rule.check.__module__.replace('.', '/')}.py"
    default = "on" if rule.default else "off unless selected"
    fix = f"[{kind_of_fix(rule)}](#fix-safety)"
    title, lead = said.pop("").split("\n", 1)
    lines = [
        f"<!-- Written by tools/generate_docs.py from {source}: change it there. -->",
        "",
        title,
        lead.rstrip(),
        "",
        "| code | level | default | fix | since |",
        "|---|---|---|---|---|",
        f"| {rule.code} | {rule.level.value} | {default} | {fix} | {rule.since} |",
    ]
    references = said.pop("References")
    for name, text in {**said, "Symptoms": _symptoms_of(rule), "References": references}.items():
        lines += ["", f"## {name}", "", text.strip("\n")]
    lines += ["", "[All rules](README.md) · [By symptom](../symptoms.md)"]
    return "\n".join(lines) + "\n"


def _symptoms_of(rule: Rule) -> str:
    if not rule.symptoms:
        return "There is no error message to search for."
    block = "\n".join(_short(text) for text in rule.symptoms)
    return f"Who sees one of these may have this mistake:\n\n```text\n{block}\n```"


def _short(text: str) -> str:
    return " ".join(text.split())


# -- all rules ----------------------------------------------------------------------------------


def index() -> str:
    """Write the list of all rules by their groups.

    Returns:
        Markdown.
    """
    count = len(RULES)
    lines = [
        "<!-- Written by tools/generate_docs.py. -->",
        "",
        "# Rules",
        "",
        f"{count} rules. A safe fix is applied by `pool-lint check --fix`, an unsafe one only with",
        "`--unsafe-fixes` as well; the page of a rule says why. Who has an error message and no code",
        "looks [by symptom](../symptoms.md).",
    ]
    for digit, title in GROUPS.items():
        rules = [rule for rule in RULES.values() if rule.code[4] == digit]
        if not rules:
            continue
        lines += ["", f"## POOL{digit}xx: {title}", ""]
        lines += ["| code | name | what goes wrong | level | default | fix |"]
        lines += ["|---|---|---|---|---|---|"]
        for rule in rules:
            lines.append(
                f"| {rule.code} | [{rule.name}]({rule.name}.md) | {_plain(rule.summary)} "
                f"| {rule.level.value} | {'on' if rule.default else 'off'} | {kind_of_fix(rule)} |"
            )
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """A summary where Markdown would see more in it than words."""
    return re.sub(r"[|*<]", r"\\\g<0>", text)


def symptoms() -> str:
    """Write the errors that people search for, and the rules behind them.

    Returns:
        Markdown.
    """
    found = _by_heading()
    named = [*sorted(found.keys() - {SERVER, LOGS}, key=str.lower), SERVER, LOGS]
    headings = [heading for heading in named if heading in found]
    lines = [
        "<!-- Written by tools/generate_docs.py. -->",
        "",
        "# By symptom",
        "",
        "You have an error: find its type, then the message, then the mistakes that are known to",
        "cause it. Numbers and names in a message do not matter. The command line does the same:",
        "",
        '    pool-lint rule --symptom "QueuePool limit of size 5 overflow 10 reached"',
        "",
        " · ".join(f"[{one}](#{_anchor(one)})" for one in [*headings, SILENCE]),
    ]
    for heading in headings:
        lines += ["", f"## {heading}"]
        # Messages with the same causes stand together.
        blocks: dict[tuple[str, ...], list[str]] = {}
        for text, rules in sorted(found[heading].items(), key=lambda one: _core(one[0]).lower()):
            blocks.setdefault(tuple(map(_entry, sorted(rules, key=_code))), []).append(text)
        for entries, texts in blocks.items():
            lines += ["", "```text", *texts, "```", "", *entries]
    lines += [
        "",
        f"## {SILENCE}",
        "",
        "Rows are missing, something has no effect, or it is slow.",
        "",
    ]
    # What concerns the linter itself is no symptom of a program.
    lines += [_entry(one) for one in RULES.values() if not one.symptoms and one.code[4] != "9"]
    return "\n".join(lines) + "\n"


def _by_heading() -> dict[str, dict[str, list[Rule]]]:
    """The rules by heading and text; what releases and logs word differently is one text."""
    said = [(symptom(rule, text), rule) for rule in RULES.values() for text in rule.symptoms]
    found: dict[str, dict[str, list[Rule]]] = {}
    texts: dict[str, Symptom] = {}
    # Those with a type come first, and give it to those without.
    for one, rule in sorted(said, key=lambda pair: pair[0].heading in (SERVER, LOGS)):
        filed = texts.setdefault(_core(one.text), one)
        rules = found.setdefault(filed.heading, {}).setdefault(filed.text, [])
        if rule not in rules:
            rules.append(rule)
    return found


def symptom(rule: Rule, said: str) -> Symptom:
    """File a text under the type of its exception.

    Args:
        rule: the rule that names it.
        said: the text, which may be without the type; then the rule's page knows it, or none has.

    Returns:
        The heading, and the text in full.
    """
    text = _short(said)
    typed = _TYPED.fullmatch(text)
    if typed is None:
        page = " ".join(rule.page.split())
        before = page[: max(page.find(f": {text}"), 0)].rpartition(" ")[2].lstrip("`(")
        if _TYPED.fullmatch(before):
            text = f"{before}: {text}"
            typed = _TYPED.fullmatch(text)
    if typed is not None:
        return Symptom(typed["dotted"] or typed["plain"], text)
    return Symptom(SERVER if _OF_SERVER.match(text) else LOGS, text)


def _core(text: str) -> str:
    """What of a text is the same in every release and in every log."""
    kind = _TYPED.fullmatch(text)
    shorter = text.partition(": ")[2] if kind else text.removeprefix("FATAL: ")
    return re.sub(r"^\([\w.]+\) ", "", shorter or text).rstrip(".")


def _code(rule: Rule) -> str:
    return rule.code


def _entry(rule: Rule) -> str:
    return f"* [{rule.code}](rules/{rule.name}.md) {rule.name}: {_plain(rule.summary)}"


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


# -- pages by hand ------------------------------------------------------------------------------


def linked(text: str) -> str:
    """Link the rules that a page names.

    Args:
        text: a page of ``docs/`` that is written by hand.

    Returns:
        The same with a link for each rule that exists, and ``(planned)`` behind all others.
    """

    def link(found: re.Match[str]) -> str:
        code = found["linked"] or found["plain"]
        if code is None:
            return found[0]
        return f"[{code}](rules/{RULES[code].name}.md)" if code in RULES else f"{code} (planned)"

    return _MENTION.sub(link, text)


# -- all pages ----------------------------------------------------------------------------------


def pages() -> dict[Path, str]:
    """All of ``docs/`` as it should be.

    Returns:
        The text of each page by its path.
    """
    folder = DOCS / "rules"
    texts = {folder / f"{rule.name}.md": page_of(rule) for rule in RULES.values()}
    texts[folder / "README.md"] = index()
    texts[DOCS / "symptoms.md"] = symptoms()
    for path in sorted(DOCS.glob("*.md")):
        if path not in texts:
            texts[path] = linked(path.read_text(encoding="utf-8"))
    return texts


def stale() -> list[Path]:
    """The pages that are not as they should be.

    Returns:
        Their paths, those that are missing and those without a rule included.
    """
    texts = pages()
    left = [path for path in DOCS.glob("rules/*") if path not in texts]
    return sorted([*left, *(path for path, text in texts.items() if _text_of(path) != text)])


def _text_of(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def write(paths: Iterable[Path]) -> None:
    """Make pages what they should be.

    Args:
        paths: which ones.
    """
    texts = pages()
    for path in paths:
        if path in texts:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts[path], encoding="utf-8")
        else:
            path.unlink()


def main(arguments: list[str]) -> int:
    """Run one of the two commands; the result is the exit code."""
    found = stale()
    for path in found:
        print(path.relative_to(ROOT))
    if (arguments or ["check"])[0] == "write":
        write(found)
        return 0
    if found:
        print(f"are not what the rules say: {COMMAND}")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
