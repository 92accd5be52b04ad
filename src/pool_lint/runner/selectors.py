"""Rule selectors as people write them: codes, prefixes of codes, names, ``ALL``.

The names are repeated here because a start must not pay for importing the rules; a test compares
them with the catalog.
"""

from __future__ import annotations

from pool_lint.settings import ALL

NAMES = {
    "POOL101": "missing-pool-recycle",
    "POOL102": "missing-pool-pre-ping",
    "POOL103": "unlimited-pool",
    "POOL104": "unbounded-checkout-wait",
    "POOL105": "pool-argument-mismatch",
    "POOL106": "invalid-engine-argument",
    "POOL107": "wrong-pool-class",
    "POOL108": "static-pool-on-server-database",
    "POOL109": "sync-driver-in-async-engine",
    "POOL110": "async-driver-in-sync-engine",
    "POOL111": "unknown-url-scheme",
    "POOL112": "invalid-connect-args",
    "POOL113": "server-settings-not-str",
    "POOL114": "invalid-url-option",
    "POOL115": "pool-reset-disabled",
    "POOL116": "url-str-masks-password",
    "POOL117": "echo-enabled",
    "POOL118": "ineffective-pool-argument",
    "POOL119": "aggressive-pool-recycle",
    "POOL120": "recycle-exceeds-idle-timeout",
    "POOL121": "ignored-flask-pool-setting",
    "POOL201": "engine-per-request",
    "POOL202": "unawaited-dispose",
    "POOL203": "engine-not-disposed",
    "POOL204": "dispose-per-request",
    "POOL205": "engine-across-event-loops",
    "POOL206": "engine-across-fork",
    "POOL207": "lifespan-and-on-event",
    "POOL208": "cached-async-factory",
    "POOL209": "event-listener-on-async-engine",
    "POOL210": "async-event-listener",
    "POOL211": "session-factory-per-call",
    "POOL301": "async-expire-on-commit",
    "POOL302": "session-not-closed",
    "POOL303": "connection-not-closed",
    "POOL304": "shared-session",
    "POOL305": "dependency-returns-session",
    "POOL306": "dependency-yield-without-close",
    "POOL307": "next-on-generator-dependency",
    "POOL308": "generator-dependency-with-return",
    "POOL309": "misused-dependency",
    "POOL310": "commit-after-yield",
    "POOL311": "misbound-session-factory",
    "POOL312": "wrong-with-on-session",
    "POOL313": "thread-local-session-in-async",
    "POOL314": "use-after-close",
    "POOL315": "session-held-while-streaming",
    "POOL316": "invalid-sessionmaker-argument",
    "POOL317": "result-returned-from-route",
    "POOL401": "external-call-in-transaction",
    "POOL402": "external-call-before-first-statement",
    "POOL403": "blocking-call-while-connection-held",
    "POOL404": "begin-after-autobegin",
    "POOL405": "connect-write-without-commit",
    "POOL406": "session-write-without-commit",
    "POOL407": "use-after-commit-in-begin",
    "POOL408": "swallowed-error-in-begin",
    "POOL409": "retry-without-rollback",
    "POOL410": "retry-catches-wrong-exception",
    "POOL411": "session-level-setting",
    "POOL412": "nested-checkout",
    "POOL413": "commit-while-streaming",
    "POOL414": "yield-inside-begin",
    "POOL501": "unawaited-session-call",
    "POOL502": "awaited-sync-call",
    "POOL503": "concurrent-session-use",
    "POOL504": "session-escapes-to-task",
    "POOL505": "sync-session-in-async",
    "POOL506": "session-shared-between-threads",
    "POOL507": "unbounded-checkout-fan-out",
    "POOL601": "unreleased-acquire",
    "POOL602": "acquire-without-timeout",
    "POOL603": "wrong-timeout-exception",
    "POOL604": "invalid-pool-bounds",
    "POOL605": "sqlalchemy-words-in-asyncpg",
    "POOL606": "pool-not-awaited",
    "POOL607": "use-after-release",
    "POOL608": "cursor-outside-transaction",
    "POOL609": "init-with-set",
    "POOL610": "private-pool-attribute",
    "POOL611": "pgbouncer-statement-cache",
    "POOL612": "unbounded-pool-close",
    "POOL900": "unused-suppression",
    "POOL901": "invalid-suppression",
    "POOL902": "unreadable-file",
}
PREFIX = "POOL"


class UnknownSelector(ValueError):
    """A selector that names no rule; the text says so and what may have been meant."""


def resolve(selector: str) -> str:
    """Give a selector in the form that ``Settings`` takes.

    Args:
        selector: a code, a prefix that begins with ``POOL``, the name of a rule or ``ALL``; case
            and surrounding spaces do not matter.

    Returns:
        The code, the prefix or ``ALL``.

    Raises:
        UnknownSelector: if it selects no rule.
    """
    wanted = selector.strip()
    upper = wanted.upper()
    if upper == ALL:
        return ALL
    if upper.startswith(PREFIX) and any(code.startswith(upper) for code in NAMES):
        return upper
    for code, name in NAMES.items():
        if name == wanted.lower():
            return code
    raise UnknownSelector(f"no rule is called `{wanted}`{did_you_mean(wanted, _known())}")


def resolve_all(text: str) -> tuple[str, ...]:
    """Give the selectors of a list that is separated by commas.

    Args:
        text: as typed on a command line; empty entries are skipped.

    Returns:
        The selectors in the form that ``Settings`` takes.

    Raises:
        UnknownSelector: for the first one that selects no rule.
    """
    return tuple(resolve(one) for one in text.replace(",", " ").split())


def did_you_mean(wanted: str, known: list[str]) -> str:
    """Give the end of an error message that offers the nearest known word.

    Args:
        wanted: what was written.
        known: what could have been written.

    Returns:
        ``"; did you mean `x`?"``, or an empty string when nothing is near.
    """
    from difflib import get_close_matches

    spellings = {one.lower(): one for one in known}
    near = get_close_matches(wanted.lower().replace("_", "-"), list(spellings), n=1)
    return f"; did you mean `{spellings[near[0]]}`?" if near else ""


def _known() -> list[str]:
    return [ALL, PREFIX, *NAMES, *NAMES.values()]
