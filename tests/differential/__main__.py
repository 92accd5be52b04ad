"""``python tests/differential --programs 1000 --seed 1``: as many programs as are asked for."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from differential.campaign import EVERY, main

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=int, default=1000, help="how many, in each world")
    parser.add_argument("--seed", type=int, default=1, help="of the first; the others follow")
    parser.add_argument("--stop", type=int, default=10, help="after so many that disagree")
    parser.add_argument("--world", action="append", choices=EVERY, help="default: both sqlites")
    arguments = parser.parse_args()
    worlds = arguments.world or ["sqlite", "aiosqlite"]
    sys.exit(main(worlds, arguments.programs, arguments.seed, arguments.stop))
