"""What is handed on to the driver: ``connect_args``, and the settings of the server among it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Edit, Fix
from pool_lint.knowledge import accepted
from pool_lint.model import rewriting
from pool_lint.model.creations import constant
from pool_lint.model.engine_calls import literal_mapping
from pool_lint.model.evaluate import Evaluator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.findings import Applicability
    from pool_lint.model.creations import Creation
    from pool_lint.model.engine_calls import EngineCall
    from pool_lint.model.names import Scope
    from pool_lint.syntax.tree import Tree

# No other driver knows these.
_ASYNCPG_ONLY = frozenset(("server_settings", "statement_cache_size", "command_timeout",
                           "prepared_statement_cache_size", "prepared_statement_name_func",
                           "max_cached_statement_lifetime"))  # fmt: skip
# Parameters of the server that are often taken for those of the driver.
SERVER_SETTINGS = frozenset(("application_name", "statement_timeout", "lock_timeout", "search_path",
                             "idle_in_transaction_session_timeout", "timezone", "TimeZone", "jit",
                             "default_transaction_isolation", "work_mem"))  # fmt: skip
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
# What they are called by the other drivers, where the value stays as it is.
_ASYNCPG_NAMES = {"connect_timeout": "timeout", "sslmode": "ssl"}
_LIBPQ_NAMES = {"timeout": "connect_timeout", "ssl": "sslmode"}
_MEANINGLESS = frozenset(("check_same_thread",))
_OPTION = re.compile(r"\s*-c\s*(\w+)=([^\s\\]+)")


class Entry:
    """One entry of a mapping that is written in the code."""

    __slots__ = ("element", "index", "name", "value")

    def __init__(self, index: int, name: str, element: cst.DictElement, value: object) -> None:
        self.index = index
        self.name = name
        self.element = element
        self.value = value


def mapping_of(node: cst.CSTNode | None, scope: Scope) -> cst.Dict | None:
    """The dict literal that an argument certainly is."""
    found = literal_mapping(node, scope) if node is not None else None
    return found if isinstance(found, cst.Dict) else None


def entries(mapping: cst.Dict, scope: Scope) -> list[Entry]:
    """The entries of a literal whose keys are known, each with the constant that it is."""
    evaluator = Evaluator(scope.owner.lookup, scope)
    found = []
    for index, element in enumerate(mapping.elements):
        if isinstance(element, cst.DictElement):
            key = constant(evaluator.value(element.key))
            if isinstance(key, str):
                value = constant(evaluator.value(element.value))
                found.append(Entry(index, key, element, value))
    return found


def driver_of(engine: EngineCall, names: set[str]) -> str | None:
    """The PostgreSQL driver that an engine has, by its URL or by what it alone is given."""
    if engine.scheme is not None:
        return accepted.driver_of(engine.scheme, engine.release)
    return "asyncpg" if engine.is_async and names & _ASYNCPG_ONLY else None


def taken_by(driver: str, release: str) -> frozenset[str] | None:
    """What a driver takes; None for one that is not known."""
    return accepted.connect_keywords(f"postgresql+{driver}", release)


def server_settings(creation: Creation, node: cst.CSTNode | None) -> Iterator[Entry]:
    """The entries of ``server_settings`` that are no text; ``node`` is the mapping around them."""
    mapping = mapping_of(node, creation.scope)
    for entry in entries(mapping, creation.scope) if mapping is not None else ():
        if isinstance(entry.value, (int, float)) or entry.value is None:
            yield entry


def as_text(value: object) -> str | None:
    """How the server writes a value; None for one that it does not have."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, (int, float, str)):
        return str(value)
    return None


def quoted(text: str) -> str | None:
    """A literal for a text that needs no escapes."""
    return None if re.search(r"[\"\\\x00-\x1f]", text) else f'"{text}"'


class Mending:
    """How the arguments of a driver become those of the one that is there.

    Args:
        mapping: the literal.
        known: its entries.
        driver: ``asyncpg``, ``psycopg`` or ``psycopg2``.
    """

    def __init__(self, mapping: cst.Dict, known: list[Entry], driver: str) -> None:
        self._mapping = mapping
        self._names = {entry.name for entry in known}
        self._is_asyncpg = driver == "asyncpg"
        self._changed: dict[int, str] = {}
        self._dropped: set[int] = set()
        self._settings: list[tuple[str, str]] = []
        self._first: int | None = None

    def fix(self, wrong: list[Entry], applicability: Applicability) -> rewriting.Fixing | None:
        """The fix for all entries that are refused; None where a person has to decide on one."""
        if not all(self._mend(entry) for entry in wrong) or not self._add_settings():
            return None
        return rewriting.change_entries(
            self._mapping, self._changed, self._dropped,
            f"Say it in {'asyncpg' if self._is_asyncpg else 'libpq'}'s words", applicability,
        )  # fmt: skip

    def _mend(self, entry: Entry) -> bool:
        new = (_ASYNCPG_NAMES if self._is_asyncpg else _LIBPQ_NAMES).get(entry.name)
        if new is not None:
            return self._rename(entry, new)
        settings = self._settings_in(entry)
        if settings is not None:
            self._settings += settings
            if self._first is None:
                self._first = entry.index
            else:
                self._dropped.add(entry.index)
            return True
        if entry.name in _MEANINGLESS:
            self._dropped.add(entry.index)
            return True
        return False

    def _rename(self, entry: Entry, new: str) -> bool:
        is_mode = isinstance(entry.value, str) and entry.value in SSL_MODES
        fits = is_mode if "ssl" in new else isinstance(entry.value, (int, float))
        # asyncpg counts in parts of a second, libpq in whole ones.
        if new == "connect_timeout" and not isinstance(entry.value, int):
            fits = False
        if not fits or isinstance(entry.value, bool) or new in self._names:
            return False
        self._names.add(new)
        value = cst.Module(body=()).code_for_node(entry.element.value)
        self._changed[entry.index] = f'"{new}": {value}'
        return True

    def _settings_in(self, entry: Entry) -> list[tuple[str, str]] | None:
        """The settings of the server that an entry stands for."""
        if entry.name in SERVER_SETTINGS:
            text = as_text(entry.value) if _is_literal(entry) else None
            return None if text is None else [(entry.name, text)]
        if entry.name == "options" and isinstance(entry.value, str) and _is_literal(entry):
            found = _OPTION.findall(entry.value)
            return found if found and not _OPTION.sub("", entry.value).strip() else None
        if entry.name == "server_settings" and isinstance(entry.element.value, cst.Dict):
            return _literal_settings(entry.element.value)
        return None

    def _add_settings(self) -> bool:
        if self._first is None:
            return True
        name = "server_settings" if self._is_asyncpg else "options"
        if name in self._names - {"options" if self._is_asyncpg else "server_settings"}:
            return False
        if self._is_asyncpg:
            pairs = [(quoted(key), quoted(text)) for key, text in self._settings]
            if any(key is None or text is None for key, text in pairs):
                return False
            text = ", ".join(f"{key}: {value}" for key, value in pairs)
            self._changed[self._first] = f'"{name}": {{{text}}}'
            return True
        if any(re.search(r"[\s\\\"]", text) for _, text in self._settings):
            return False
        text = " ".join(f"-c {key}={value}" for key, value in self._settings)
        self._changed[self._first] = f'"{name}": "{text}"'
        return True


def _literal_settings(mapping: cst.Dict) -> list[tuple[str, str]] | None:
    found: list[tuple[str, str]] = []
    for element in mapping.elements:
        if not isinstance(element, cst.DictElement):
            return None
        if not isinstance(element.key, cst.SimpleString):
            return None
        if not isinstance(element.value, (cst.SimpleString, cst.Integer)):
            return None
        found.append((str(element.key.evaluated_value), str(element.value.evaluated_value)))
    return found or None


def drop_whole(engine: EngineCall, wrong: list[Entry], mapping: cst.Dict) -> bool:
    """Whether nothing would be left of ``connect_args``."""
    written = engine.written("connect_args")
    return (
        written is not None
        and written.value is mapping
        and len(wrong) == len(mapping.elements)
        and all(entry.name in _MEANINGLESS for entry in wrong)
    )


def quote_values(wrong: list[Entry], applicability: Applicability) -> rewriting.Fixing | None:
    """Write values as the texts that the server takes; None where one of them is no value."""
    if any(as_text(entry.value) is None for entry in wrong):
        return None
    if any(isinstance(entry.value, bool) and not _is_literal(entry) for entry in wrong):
        return None

    def fix(tree: Tree) -> Fix | None:
        edits = []
        for entry in wrong:
            node = entry.element.value
            plain = f'"{as_text(entry.value)}"'
            text = plain if _is_literal(entry) else f"str({tree.text_of(node)})"
            edits.append(Edit(tree.range_of(node), text))
        return Fix(applicability, "Write text", tuple(edits))

    return fix


def _is_literal(entry: Entry) -> bool:
    return rewriting.is_literal(entry.element.value)
