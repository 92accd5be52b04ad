"""``python -m pool_lint``."""

from __future__ import annotations

import sys

from pool_lint.surfaces.cli import main

if __name__ == "__main__":
    sys.exit(main())
