"""``URL.create(...)``: a URL that is put together of its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pool_lint.model.creations import Keywords, constant
from pool_lint.model.values import UNKNOWN, Record, Text, Value

if TYPE_CHECKING:
    import libcst as cst

    from pool_lint.model.evaluate import Evaluator

_PARTS = ("drivername", "username", "password", "host", "port", "database", "query")


def created_url(node: cst.Call, evaluator: Evaluator) -> Value:
    """What is known of the URL's text: its scheme, and the options that it has."""
    given = Keywords.of(node, _PARTS, evaluator)
    driver = constant(given.get("drivername"))
    if not isinstance(driver, str):
        return UNKNOWN
    query = given.get("query")
    options = ""
    if isinstance(query, Record) and query.entries:
        pairs = ((name, constant(value)) for name, value in query.entries.items())
        options = "&".join(f"{name}={value}" for name, value in pairs if isinstance(value, str))
    # What a database in memory is cannot be told from the parts that are left out.
    return Text((f"{driver}://", None, f"?{options}" if options else ""))
