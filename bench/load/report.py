"""What a load run showed: a table for the reader, JSON with everything, and whether all of it held."""

import json
from collections import Counter
from pathlib import Path

from rich.box import SIMPLE
from rich.table import Table

from bench.load.run import Course, is_failure, is_shed
from bench.load.traffic import Phase
from bench.load.watch import SERVICES
from bench.measure import percentile
from bench.report import console, write_result

MAX_DRIFT = 0.05


def show(course: Course) -> bool:
    """Print the tables; return whether everything held."""
    out = console()
    out.print(_phases(course))
    out.print(_answers(course.steady))
    out.print(_memory(course))
    verdicts = _verdicts(course)
    for held, line in verdicts:
        out.print(f"  {'[green]held  [/]' if held else '[red]BROKEN[/]'} {line}")
    return all(held for held, _ in verdicts)


def keep(course: Course) -> Path:
    phases = {name: _figures(phase) for name, phase in _named(course).items()}
    memory = {service: course.watcher.drift(service, between=course.steady_between) for service in SERVICES}
    verdicts = [{"held": held, "what": line} for held, line in _verdicts(course)]
    content = {"phases": phases, "memory_mib": memory, "verdicts": verdicts}
    return write_result("load", json.loads(json.dumps(content)))


def _named(course: Course) -> dict[str, Phase]:
    return {
        "ceiling": course.ceiling,
        f"{course.plan.share:.0%} of it": course.steady,
        f"{course.plan.above:g} times it": course.above,
        "back to half": course.again,
    }


def _figures(phase: Phase) -> dict[str, float]:
    times = [answer.ms for answer in phase.answers if not is_shed(answer)] or [0.0]
    return {
        "visits per s": phase.visits_per_s,
        "requests": len(phase.answers),
        "p50 ms": percentile(times, share=0.5),
        "p99 ms": percentile(times, share=0.99),
        "shed": sum(map(is_shed, phase.answers)),
        "failures": sum(map(is_failure, phase.answers)),
    }


def _phases(course: Course) -> Table:
    table = _table("phases", "phase", "visits per s", "requests", "p50 ms", "p99 ms", "shed", "failures")
    for name, phase in _named(course).items():
        table.add_row(
            name, *(f"{value:,.1f}" if value % 1 else f"{value:,.0f}" for value in _figures(phase).values())
        )
    return table


def _answers(phase: Phase) -> Table:
    table = _table("answers below the ceiling", "request", "status", "reason", "count", "p50 ms", "p99 ms")
    for (what, status, reason), number in sorted(
        Counter((a.what, a.status, a.reason) for a in phase.answers).items()
    ):
        times = [a.ms for a in phase.answers if (a.what, a.status, a.reason) == (what, status, reason)]
        shares = (f"{percentile(times, share=share):,.0f}" for share in (0.5, 0.99))
        table.add_row(what, str(status), reason, str(number), *shares)
    return table


def _memory(course: Course) -> Table:
    table = _table("memory below the ceiling", "service", "MiB at first", "MiB at last", "drift")
    for service in SERVICES:
        before, after, drift = course.watcher.drift(service, between=course.steady_between)
        table.add_row(service, f"{before:.1f}", f"{after:.1f}", f"{drift:+.1%}")
    return table


def _verdicts(course: Course) -> list[tuple[bool, str]]:
    drifts = {name: course.watcher.drift(name, between=course.steady_between)[2] for name in SERVICES}
    worst = max(drifts, key=lambda name: drifts[name])
    failures = sum(map(is_failure, course.steady.answers))
    shed = [answer for answer in course.above.answers if is_shed(answer)]
    mute = sum(not answer.has_retry_after for answer in shed)
    broken = sum(map(is_failure, course.above.answers))
    again = _figures(course.again)
    most = max(sample.connections for sample in course.watcher.samples)
    return [
        (failures == 0, f"below the ceiling: {failures} answers that are no success and no named refusal"),
        (
            drifts[worst] <= MAX_DRIFT,
            f"memory: {worst} drifted most, {drifts[worst]:+.1%} (at most {MAX_DRIFT:.0%})",
        ),
        (
            most <= course.watcher.most_connections,
            f"database connections: {most} at most, {course.watcher.most_connections} allowed",
        ),
        (bool(shed), f"above the ceiling: {len(shed)} of {len(course.above.answers)} requests shed"),
        (mute == 0, f"of those {mute} without Retry-After"),
        (broken == 0, f"above the ceiling: {broken} answers that are no success and no named refusal"),
        (
            again["shed"] + again["failures"] == 0,
            f"afterwards: {again['shed'] + again['failures']:.0f} requests shed or failed",
        ),
        (course.open_after == 0, f"{course.open_after} executions not settled at the end"),
        (course.duplicates == 0, f"{course.duplicates} duplicate orders at the exchange"),
    ]


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE)
    for heading in headings:
        table.add_column(
            heading, justify="left" if heading in ("phase", "request", "reason", "service") else "right"
        )
    return table
