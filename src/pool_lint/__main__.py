"""``python -m pool_lint``."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    # Python puts the current folder first, and with it the code under lint, of which no module
    # may ever be imported.
    if sys.path and sys.path[0] in {"", os.getcwd()}:
        del sys.path[0]
    from pool_lint.surfaces.cli import program

    program()
