"""What a function writes to a database, and what becomes of it: committed, undone or lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sql
from pool_lint.knowledge.words import WRITING_PIECES
from pool_lint.model import statement_kinds
from pool_lint.model.added import is_new
from pool_lint.model.callees import argument
from pool_lint.model.durability import POSTGRES, SQLITE, database_of
from pool_lint.model.fates import (
    COMMITTED,
    LOST,
    PENDING,
    UNDONE,
    Followed,
)  # fmt: skip
from pool_lint.model.ledger import Ledger
from pool_lint.model.values import (
    CONNECTION,
    ENGINE,
    QUERY,
    SESSION,
    Function,
    Manager,
    Method,
    Resource,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pool_lint.model.flow import Flow
    from pool_lint.model.states import Condition
    from pool_lint.model.values import Foreign, Value

_TRACKED = (SESSION, CONNECTION)
_RUNNING = frozenset(
    ("execute", "exec", "scalar", "scalars", "stream", "stream_scalars", "exec_driver_sql")
)
_BULK = frozenset(("bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"))
_OUT_OF_SIGHT = frozenset(
    ("get_raw_connection", "detach", "get_transaction", "get_nested_transaction", "prepare")
)
_UNDOING = frozenset(("undo savepoint", "undo block savepoint", "leave savepoint raised"))
_CLOSING = frozenset(("close", "aclose", "reset"))
_LEFT = frozenset(("", "return", "break", "continue"))


class Writes(Ledger):
    """Follows the writes of one function.

    Args:
        flow: the function.
    """

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        # Connections that commit when their block ends.
        self._blocks: set[int] = set()
        self._ended_by_helper: dict[int, str] = {}

    # -- what is written -----------------------------------------------------------------------

    def method(self, subject: Resource, name: str, node: cst.CSTNode, result: Value) -> None:
        if subject.kind == ENGINE and name == "begin" and isinstance(result, Resource):
            self._blocks.add(id(result.site))
        if subject.kind not in _TRACKED or not isinstance(node, cst.Call):
            return
        subject = self.root(subject)
        if name in _RUNNING:
            self._run(subject, self._kind_of(node, name), node)
        elif name in ("add", "add_all"):
            self.write(subject, node, is_new(self.flow, node))
        elif name in _BULK or name == "delete":
            self.write(subject, node, True)
        elif name == "merge":
            self.write(subject, node, all(arg.keyword is None for arg in node.args))
        elif name == "run_sync":
            self._run_sync(subject, node)
        elif name in ("expunge", "expunge_all"):
            self.undo_in_part(subject, True)
        elif name in _OUT_OF_SIGHT or (name in ("execution_options", "connection") and node.args):
            self.escape(subject)

    def called(self, callee: Value, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        if isinstance(callee, Method):
            subject = callee.subject
            writes = subject.kind == QUERY and callee.name in ("delete", "update")
            if writes and subject.owner is not None:
                self.write(subject.owner, node, True)
        if not self._defines(node, values):
            super().called(callee, node, values, result)

    def _kind_of(self, node: cst.Call, name: str) -> str:
        given = statement_kinds.argument(node)
        if given is None:
            return sql.UNCLEAR
        value = self.flow.given(given)
        kind = statement_kinds.of_value(value)
        if name != "exec_driver_sql" and statement_kinds.is_bare(value):
            # SQLAlchemy 2 refuses it, and SQLAlchemy 1 commits it.
            return sql.SPECIAL
        return statement_kinds.by_shape(given, self.flow.scope) if kind == sql.UNCLEAR else kind

    def _run(self, subject: Resource, kind: str, node: cst.CSTNode) -> None:
        if kind == sql.WRITE:
            self.write(subject, node, True)
        elif kind == sql.UNCLEAR:
            self.write(subject, node, False)
        elif kind == sql.DEFINE:
            self._define(subject, node)
        elif kind == sql.COMMIT:
            self.commit(subject)
        elif kind == sql.ROLLBACK:
            self.undo(subject)
        elif kind == sql.SPECIAL:
            self.escape(subject)

    def _define(self, subject: Resource, node: cst.CSTNode) -> None:
        database = database_of(subject, self.flow.lookup)
        if database == POSTGRES:
            self.write(subject, node, True)
        elif database != SQLITE:
            # Many a server commits what came before.
            self.commit(subject)

    def _run_sync(self, subject: Resource, node: cst.Call) -> None:
        given = node.args[0].value if node.args else None
        if isinstance(given, cst.Attribute) and given.attr.value in sql.DEFINING:
            self._define(subject, node)
        else:
            self.escape(subject)

    def _defines(self, node: cst.Call, values: Sequence[Value]) -> bool:
        """``metadata.create_all(conn)``."""
        if not (isinstance(node.func, cst.Attribute) and node.func.attr.value in sql.DEFINING):
            return False
        given = [v for v in values if isinstance(v, Resource) and v.kind in _TRACKED]
        for subject in given:
            self._define(self.root(subject), node)
        return bool(given)

    # -- what becomes of it --------------------------------------------------------------------

    def happened(
        self, subject: Resource, effect: str, node: cst.CSTNode, before: Condition, after: Condition
    ) -> None:
        if subject.kind not in _TRACKED:
            return
        self.know(subject)
        if effect == "commit":
            self.commit(subject)
        elif effect == "rollback":
            self.undo(subject)
        elif effect in ("leave block", "leave block raised"):
            self._leave_block(subject)
        elif effect == "close":
            self._close(subject, before, node)
        elif effect in _UNDOING:
            self.undo_in_part(subject, effect != "leave savepoint raised")

    def _leave_block(self, subject: Resource) -> None:
        if self.flow.leaving in _LEFT:
            self.commit(subject)
        else:
            self.undo(subject)

    def _close(self, subject: Resource, before: Condition, node: cst.CSTNode) -> None:
        flow, site = self.flow, id(subject.site)
        helper = self._ended_by_helper.get(site)
        if flow.leaving not in _LEFT or flow.unwinding:
            self.undo(subject)
        elif _is_called(node):
            # Whatever block is around it has nothing left to commit.
            self.lose(subject, node)
        elif (
            helper == COMMITTED
            or site in self._blocks
            or before.may_be_within
            or before.may_be_over
        ):
            self.commit(subject)
        else:
            self.lose(subject, node)

    # -- helpers -------------------------------------------------------------------------------

    def ran(self, function: Function, node: cst.Call) -> None:
        followed = self.flow.summary(function.info).events.noted(Followed)
        if not followed:
            self.escape_arguments(node)
            return
        self.escape_objects(node)
        for fate in followed[0].fates:
            given = argument(self.flow, function, fate.subject, node)
            if not isinstance(given, Resource) or given.kind not in _TRACKED:
                continue
            given = self.root(given)
            if fate.escapes:
                self.escape(given)
            if LOST in fate.words:
                self.escape(given)
            self.commit(given, fate.words)
            if fate.writes is not None:
                self.write(given, node, fate.writes)

    def unread(self, function: Foreign, node: cst.Call) -> None:
        if function.module.hearsay.keeps_session(function.part):
            given = [self.root(one) for one in self.given_to(node)]
            if any(map(self.is_own, given)) and function.part.says(WRITING_PIECES):
                known = self.flow.lookup.known(function)
                if isinstance(known, Function):
                    self.ran(known, node)
                    return
            for one in given:
                self.write(one, node, False)
        else:
            self.escape_arguments(node)

    def entered(self, value: Value, node: cst.BaseExpression, block: cst.With) -> None:
        if not isinstance(value, Manager) or value.function is None:
            return
        given = value.entered
        if not isinstance(given, Resource) or given.kind not in _TRACKED:
            return
        if not isinstance(value.function, Function):
            self.escape(given)
            return
        followed = self.flow.summary(value.function.info).events.noted(Followed)
        words = (followed[0].yielded if followed else frozenset()) - {UNDONE}
        if words == {COMMITTED}:
            self._ended_by_helper[id(given.site)] = COMMITTED
        elif words and words <= {LOST, PENDING}:
            self.make(given)
        else:
            self.escape(given)

    def left(self, value: Value, node: cst.BaseExpression, block: cst.With, kind: str) -> None:
        given = value.entered if isinstance(value, Manager) else None
        if isinstance(given, Resource) and id(given.site) in self._ended_by_helper:
            if kind in _LEFT:
                self.commit(given)
            else:
                self.undo(given)
        if kind not in _LEFT and not _lets_errors_on(value):
            self.fail()

    def caught(self, handler: cst.ExceptHandler | cst.ExceptStarHandler) -> None:
        self.fail()

    def yielded(self, value: Value, node: cst.Yield) -> None:
        if isinstance(value, Resource) and value.kind in _TRACKED and self.is_own(value):
            self.hand_out(value)
        super().yielded(value, node)


def _lets_errors_on(value: Value) -> bool:
    """Whether a block surely swallows nothing: those of the libraries do not."""
    if isinstance(value, Manager):
        return value.function is None
    return isinstance(value, Resource)


def _is_called(node: cst.CSTNode) -> bool:
    """Whether a session is closed by a call, and not by the end of a block."""
    func = node.func if isinstance(node, cst.Call) else None
    return isinstance(func, cst.Attribute) and func.attr.value in _CLOSING
