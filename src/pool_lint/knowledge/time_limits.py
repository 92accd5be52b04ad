"""What limits the time that something may wait."""

from __future__ import annotations

# Functions that wait for what they are given.
WAITERS = frozenset(("asyncio.wait_for", "asyncio.wait"))
# Blocks that raise TimeoutError, and those that are left without a word.
BLOCKS = frozenset(
    ("asyncio.timeout", "asyncio.timeout_at", "async_timeout.timeout", "async_timeout.timeout_at",
     "anyio.fail_after", "trio.fail_after")
)  # fmt: skip
QUIET_BLOCKS = frozenset(("anyio.move_on_after", "anyio.move_on_at", "anyio.CancelScope"))
