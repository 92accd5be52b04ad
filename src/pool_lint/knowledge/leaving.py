"""Calls that never return, and blocks that keep exceptions from going on."""

from __future__ import annotations

# These end the process on the spot; no ``finally`` runs.
ABRUPT = frozenset(("os._exit", "os.abort", "os.execv", "os.execve", "os.execvp", "os.execvpe",
                    "os.execl", "os.execle", "os.execlp", "os.execlpe"))  # fmt: skip
# These raise, whatever happens.
RAISING = frozenset(
    ("sys.exit", "typing.assert_never", "typing_extensions.assert_never", "pytest.fail",
     "pytest.skip", "pytest.exit", "pytest.xfail", "flask.abort", "werkzeug.exceptions.abort",
     "quart.abort", "bottle.abort", "argparse.ArgumentParser().error",
     "argparse.ArgumentParser().exit")
)  # fmt: skip
# The same by their bare names, which nobody has to import.
RAISING_BUILTINS = frozenset(("exit", "quit"))
# Blocks that catch some exceptions, and go on behind their end.
SUPPRESSING = frozenset(("contextlib.suppress", "anyio.move_on_after", "trio.move_on_after",
                         "anyio.move_on_at", "trio.move_on_at", "anyio.CancelScope",
                         "trio.CancelScope"))  # fmt: skip
# Blocks that fail if nothing is raised in them.
WANTING = frozenset(("pytest.raises", "pytest.deprecated_call"))
WANTING_METHODS = frozenset(("assertRaises", "assertRaisesRegex"))
STACKS = frozenset(("contextlib.ExitStack()", "contextlib.AsyncExitStack()"))
# Handlers of these catch whatever a program can foresee.
EVERYTHING = frozenset(("Exception", "BaseException"))
