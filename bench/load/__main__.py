"""`python -m bench.load`: exit code 1 when something did not hold."""

import argparse
import sys

import uvloop

from bench.load.report import keep, show
from bench.load.run import LoadPlan, run


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.load", description="Load; see docs/benchmarks.md.")
    parser.add_argument("--minutes", type=float, default=10, help="how long below the ceiling")
    parser.add_argument("--customers", type=int, default=200)
    parser.add_argument("--share", type=float, default=0.8, help="of the ceiling")
    parser.add_argument("--above", type=float, default=3, help="times the ceiling, for half a minute")
    parser.add_argument("--seed", type=int, default=2026)
    course = uvloop.run(run(LoadPlan(**vars(parser.parse_args()))))
    held = show(course)
    sys.stdout.write(f"{keep(course)}\n")
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
