"""Standard output and standard error, which may refuse a character or close at any time."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import NoReturn


def be_printable() -> None:
    """Let no character of a file name or a source line end the run in an encoding error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def leave(code: int) -> NoReturn:
    """End the process at once, with what was printed.

    Python would first take apart, object by object, the trees of all that was read: a tenth of the
    cost of a run, for memory that the system takes back anyway.

    Args:
        code: the exit code.
    """
    with ReaderMayLeave():
        pass
    try:
        sys.stderr.flush()
    except OSError:
        code = code or 1
    os._exit(code)


class ReaderMayLeave:
    """A block that prints, and that just ends when nobody reads any more.

    The exit code stays what it would have been: ``| head`` changes nothing about the findings.
    """

    def __enter__(self) -> None:
        """Begin to print."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Print what is buffered, and forget the rest if the reader has left."""
        try:
            if error is None:
                sys.stdout.flush()
        except BrokenPipeError as left:
            error = left
        if not isinstance(error, BrokenPipeError):
            return False
        # Python flushes once more at exit, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return True
