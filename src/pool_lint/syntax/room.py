"""Room for recursion: work that goes deep is done on a stack of its own.

A function may be nested a hundred blocks deep, an expression have thousands of operands, and a call
lead through thousands of functions, while Python gives up after a thousand calls.  Whoever goes
down looks now and then how far down he is, and goes on in a thread with a stack for many more.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Result = TypeVar("_Result")

# What a system may be asked for; it takes what is used of it, and no more.
_STACKS = (512 << 20, 256 << 20, 64 << 20)
# No call of Python by Python takes as much.
_CALL = 2048
_DEEP = threading.local()


def is_scarce() -> bool:
    """Whether half of the stack is used up."""
    if getattr(_DEEP, "is_here", False):
        return False
    try:
        sys._getframe(sys.getrecursionlimit() // 2)
    except ValueError:
        return False
    return True


def with_room(work: Callable[[], _Result]) -> _Result:
    """Do something that may go deep.

    Args:
        work: what is to be done.

    Returns:
        What it returns.

    Raises:
        RecursionError: there is no stack to be had that is large enough.
        BaseException: whatever ``work`` raises.
    """
    return _on_new_stack(work) if is_scarce() else work()


def somehow(work: Callable[[], _Result]) -> _Result:
    """Do something that nearly never goes deep, and can be begun anew if it does.

    Args:
        work: what is to be done.

    Returns:
        What it returns.

    Raises:
        RecursionError: there is no stack to be had that is large enough.
        BaseException: whatever ``work`` raises.
    """
    try:
        return work()
    except RecursionError:
        if getattr(_DEEP, "is_here", False):
            raise
    return _on_new_stack(work)


def _on_new_stack(work: Callable[[], _Result]) -> _Result:
    results: list[_Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        _DEEP.is_here = True
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - it is raised where it belongs
            errors.append(error)

    limit, size = sys.getrecursionlimit(), threading.stack_size()
    thread = threading.Thread(target=run, daemon=True)
    try:
        for stack in _STACKS:
            try:
                threading.stack_size(stack)
                sys.setrecursionlimit(max(limit, stack // _CALL))
                thread.start()
                break
            except (RuntimeError, ValueError):
                continue
        else:
            raise RecursionError("there is no room for a deeper stack")
        thread.join()
    finally:
        threading.stack_size(size)
        sys.setrecursionlimit(limit)
    if errors:
        raise errors[0]
    return results[0]
