"""`python -m tests.chaos`: run the whole thing, print the table, exit 1 when something is not as it must be."""

import argparse
import asyncio
import random
import sys

from tests.chaos.plan import Size, full_size, make_plan, short_size
from tests.chaos.report import report
from tests.chaos.run import run_chaos
from tests.stack import running_test_stack


def main() -> int:
    wanted = _arguments()
    seed = wanted.seed if wanted.seed is not None else random.randrange(1_000_000)
    plan = make_plan(seed, _size(wanted))
    _tell(f"chaos with seed {seed}")
    with running_test_stack() as stack:
        result = asyncio.run(run_chaos(stack, plan, tell=_tell))
    _tell(report(result))
    return 0 if result.is_green else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, help="repeat the schedule of a run that printed this seed")
    parser.add_argument("--orders", type=int, default=300)
    parser.add_argument("--plants", type=int, default=3)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--short", action="store_true", help="the form that `make test` runs")
    return parser.parse_args()


def _size(wanted: argparse.Namespace) -> Size:
    if wanted.short:
        return short_size()
    return full_size(orders=wanted.orders, plants=wanted.plants, workers=wanted.workers)


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
