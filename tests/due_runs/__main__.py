"""`python -m tests.due_runs [--runs 10000]`: kill workers under many due runs, count what came of them, print it."""

import argparse
import asyncio
import sys

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.due_runs.run import Outcome, Plan, run


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.due_runs", description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=7, help="repeats a schedule of kills")
    parser.add_argument("--kill-every", type=float, default=5.0, help="seconds between kills, on average")
    arguments = parser.parse_args()
    between = (arguments.kill_every * 0.4, arguments.kill_every * 1.6)
    plan = Plan(
        runs=arguments.runs,
        spread_s=arguments.runs / 200,
        workers=arguments.workers,
        kill_between_s=between,
        patience_s=60 + arguments.runs / 10,
        seed=arguments.seed,
    )
    outcome = asyncio.run(_run(plan))
    _show(outcome)
    sys.exit(bool(outcome.verdict.wrong))


async def _run(plan: Plan) -> Outcome:
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("runs", total=plan.runs)

        def show(ended: int, kills: int) -> None:
            progress.update(task, completed=ended, description=f"runs, {kills} kills")

        return await run(plan, watch=show)


def _show(outcome: Outcome) -> None:
    table = Table(title=f"{outcome.kills} kills in {outcome.seconds:.0f} s")
    table.add_column("counted")
    table.add_column("number", justify="right")
    table.add_column("")
    for name, number in outcome.verdict.counted.items():
        table.add_row(name.replace("_", " "), f"{number:,}", "wrong" if name in outcome.verdict.wrong else "")
    Console().print(table)


if __name__ == "__main__":
    main()
