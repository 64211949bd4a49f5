"""`python -m bench [--quick] [name ...]`: measures ours and the peers', shows a table, keeps the rounds as JSON."""

import argparse
import sys
from collections.abc import Awaitable, Callable

import uvloop

from bench import cycle, gateway, growth, patterns, releases, risk_decisions, scheduler, whole_path
from bench.measure import Figure, Plan
from bench.report import keep, show

Benchmark = Callable[[Plan], Awaitable[list[Figure]]]
BENCHMARKS: dict[str, Benchmark] = {
    "risk_decisions": risk_decisions.run,
    "releases": releases.run,
    "growth": growth.run,
    "cycle": cycle.run,
    "gateway": gateway.run,
    "patterns": patterns.run,
    "scheduler": scheduler.run,
    "whole_path": whole_path.run,
}
_QUICK = Plan(rounds=2, scale=0.05)
_ROUNDS = 5


def main() -> None:
    arguments = _parse()
    plan = _QUICK if arguments.quick else Plan(rounds=arguments.rounds, scale=1)
    for name in arguments.names or BENCHMARKS:
        figures = uvloop.run(_run(BENCHMARKS[name], plan))
        show(name, figures)
        sys.stdout.write(f"{keep(name, figures, plan=plan)}\n")


async def _run(benchmark: Benchmark, plan: Plan) -> list[Figure]:
    return await benchmark(plan)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Benchmarks; see docs/benchmarks.md.")
    parser.add_argument(
        "names", nargs="*", metavar="name", help=f"of {', '.join(BENCHMARKS)}; all if none is given"
    )
    parser.add_argument(
        "--quick", action="store_true", help="see that everything runs; the figures mean little"
    )
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="how often each side is measured")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    return arguments


if __name__ == "__main__":
    main()
