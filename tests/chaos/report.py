"""The table that a run prints, and in which line of it a red run is red."""

from collections import Counter
from collections.abc import Iterator, Mapping
from statistics import median

from tests.chaos.plan import Blow, short_size
from tests.chaos.run import Result
from tests.chaos.trouble import FAULTS, Play, Point
from tests.chaos.verdict import Kind

_WIDTH = 46


def report(result: Result) -> str:
    return "\n".join(_lines(result))


def _lines(result: Result) -> Iterator[str]:
    size = result.plan.size
    yield f"seed {result.plan.seed}: {size.plants} Plants, {size.workers} workers, {result.plan.lanes} customers"
    yield _row("orders approved", len(result.evidence.placed))
    yield _row("executions", len(result.evidence.tables["executions"]))
    yield _row("orders at the exchange", len(result.evidence.orders))
    yield from _counts("ended as", Counter(row["state"] for row in result.evidence.tables["executions"]))
    yield from _counts("denied, approval not used", Counter(_denials(result)))
    yield from _met(result, "killed at", [point.value for point in Point])
    yield from _met(result, "struck", [blow.value for blow in Blow])
    yield from _met(
        result, "befell an order", [*(play.value for play in Play), *(fault.title for fault in FAULTS)]
    )
    yield from _counts("clients repeated after", result.retries)
    yield from _takeovers(result)
    yield ""
    yield _row("duplicate orders", result.count(Kind.DUPLICATE))
    yield _row("lost", result.count(Kind.LOST))
    yield _row("stuck after recovery", result.count(Kind.STUCK))
    yield _row("orphan effects", result.count(Kind.ORPHAN))
    yield _row("evidence not whole", result.count(Kind.EVIDENCE))
    yield _row("other problems", len(result.problems) + len(result.unmet_points))
    yield _row("chaos lasted", f"{result.played_s:.0f} s, all settled {result.healed_s:.1f} s later")
    yield from (f"  {finding.kind}: {finding.what}" for finding in result.findings)
    yield from (f"  problem: {problem}" for problem in result.problems)
    yield from (f"  point never reached: {point}" for point in result.unmet_points)
    yield f"{'GREEN' if result.is_green else 'RED'}   again: {_again(result)}"


def _denials(result: Result) -> Iterator[str]:
    for placed in result.evidence.placed:
        if placed.verdict.execution_id is None:
            yield " ".join((placed.verdict.reason or "", *placed.verdict.risk_codes))


def _met(result: Result, heading: str, names: list[str]) -> Iterator[str]:
    found = {name: result.met.get(name, 0) for name in names if name in result.met or name in result.missed}
    yield from _counts(heading, found)
    missed = {name: result.missed[name] for name in names if result.missed.get(name)}
    if missed:
        yield from _counts(f"{heading} (missed)", missed)


def _takeovers(result: Result) -> Iterator[str]:
    """The longest of each cause, counted from the kill until another worker wrote the next step."""
    if not result.takeovers:
        return
    longest: dict[str, float] = {}
    for takeover in result.takeovers:
        longest[takeover.cause] = max(longest.get(takeover.cause, 0.0), takeover.seconds)
    yield ""
    yield _row("executions taken over", len(result.takeovers))
    yield _row("takeover, median", f"{median(takeover.seconds for takeover in result.takeovers):.1f} s")
    limit_s = result.plan.size.takeover_limit_s
    yield _row(f"takeover, longest (limit {limit_s:.0f} s)", f"{result.longest_takeover_s:.1f} s")
    for cause, seconds in sorted(longest.items(), key=lambda item: -item[1]):
        yield _row(f"  after {cause}", f"{seconds:.1f} s")


def _counts(heading: str, counts: Mapping[str, int]) -> Iterator[str]:
    if counts:
        yield ""
        yield heading
    yield from (_row(f"  {name}", count) for name, count in counts.items())


def _row(name: str, value: object) -> str:
    return f"{name:<{_WIDTH}} {value}"


def _again(result: Result) -> str:
    size = result.plan.size
    size_of_it = f"--orders {size.orders} --plants {size.plants} --workers {size.workers}"
    if size == short_size():
        size_of_it = "--short"
    return f"make chaos SEED={result.plan.seed} ARGS='{size_of_it}'"
