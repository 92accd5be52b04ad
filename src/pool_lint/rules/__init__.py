"""The catalog: every rule by its code."""

from __future__ import annotations

from pool_lint.rules.asyncpg import (
    cursor_outside_transaction,
    pool_not_awaited,
    sqlalchemy_words_in_asyncpg,
    unreleased_acquire,
    use_after_release,
)
from pool_lint.rules.concurrency import (
    awaited_sync_call,
    sync_session_in_async,
    unawaited_session_call,
)
from pool_lint.rules.engine import (
    aggressive_pool_recycle,
    missing_pool_pre_ping,
    missing_pool_recycle,
    recycle_exceeds_idle_timeout,
)
from pool_lint.rules.lifecycle import (
    cached_async_factory,
    dispose_per_request,
    engine_not_disposed,
    engine_per_request,
    lifespan_and_on_event,
    session_factory_per_call,
    unawaited_dispose,
)
from pool_lint.rules.linter import unreadable_file
from pool_lint.rules.rule import Rule
from pool_lint.rules.sessions import (
    async_expire_on_commit,
    connection_not_closed,
    dependency_returns_session,
    dependency_yield_without_close,
    generator_dependency_with_return,
    invalid_sessionmaker_argument,
    misbound_session_factory,
    misused_dependency,
    next_on_generator_dependency,
    session_not_closed,
    shared_session,
    use_after_close,
    wrong_with_on_session,
)
from pool_lint.rules.transactions import (
    begin_after_autobegin,
    blocking_call_while_connection_held,
    external_call_before_first_statement,
    external_call_in_transaction,
)

RULES: dict[str, Rule] = {
    "POOL101": missing_pool_recycle.RULE,
    "POOL102": missing_pool_pre_ping.RULE,
    "POOL119": aggressive_pool_recycle.RULE,
    "POOL120": recycle_exceeds_idle_timeout.RULE,
    "POOL201": engine_per_request.RULE,
    "POOL202": unawaited_dispose.RULE,
    "POOL203": engine_not_disposed.RULE,
    "POOL204": dispose_per_request.RULE,
    "POOL207": lifespan_and_on_event.RULE,
    "POOL208": cached_async_factory.RULE,
    "POOL211": session_factory_per_call.RULE,
    "POOL301": async_expire_on_commit.RULE,
    "POOL302": session_not_closed.RULE,
    "POOL303": connection_not_closed.RULE,
    "POOL304": shared_session.RULE,
    "POOL305": dependency_returns_session.RULE,
    "POOL306": dependency_yield_without_close.RULE,
    "POOL307": next_on_generator_dependency.RULE,
    "POOL308": generator_dependency_with_return.RULE,
    "POOL309": misused_dependency.RULE,
    "POOL311": misbound_session_factory.RULE,
    "POOL312": wrong_with_on_session.RULE,
    "POOL314": use_after_close.RULE,
    "POOL316": invalid_sessionmaker_argument.RULE,
    "POOL401": external_call_in_transaction.RULE,
    "POOL402": external_call_before_first_statement.RULE,
    "POOL403": blocking_call_while_connection_held.RULE,
    "POOL404": begin_after_autobegin.RULE,
    "POOL501": unawaited_session_call.RULE,
    "POOL502": awaited_sync_call.RULE,
    "POOL505": sync_session_in_async.RULE,
    "POOL601": unreleased_acquire.RULE,
    "POOL605": sqlalchemy_words_in_asyncpg.RULE,
    "POOL606": pool_not_awaited.RULE,
    "POOL607": use_after_release.RULE,
    "POOL608": cursor_outside_transaction.RULE,
    "POOL902": unreadable_file.RULE,
}
