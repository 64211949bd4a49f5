"""Checks at load of how steps hang together: names, cycles, steps that nobody uses, values that may be missing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from plant.patterns.errors import Problem
from plant.patterns.loaded import LoadedStep
from plant.patterns.references import Reference, Template
from plant.patterns.schema import PatternDefinition


def check_flow(
    parsed: PatternDefinition, steps: Sequence[LoadedStep], outputs: Template
) -> Iterator[Problem]:
    """`steps` may lack those whose capability is unknown; what would follow from that alone is not reported."""
    declared = [step.id for step in parsed.steps]
    yield from _check_names(declared)
    yield from _check_steps_exist(set(declared), steps, outputs)
    yield from _check_optional_inputs(steps)
    cycle = _find_cycle(steps)
    if cycle:
        yield Problem(cycle[0], "steps", f"the steps wait for each other: {' -> '.join(cycle)}")
    elif len(steps) == len(set(declared)):
        yield from _check_skips(steps, outputs)
        yield from _check_compensations(steps)
        yield from _check_all_used(steps, outputs)


def _check_names(declared: Sequence[str]) -> Iterator[Problem]:
    for position, name in enumerate(declared):
        if name in declared[:position]:
            yield Problem(name, f"steps.{position}.id", "is used twice")


def _check_steps_exist(
    declared: set[str], steps: Sequence[LoadedStep], outputs: Template
) -> Iterator[Problem]:
    for step_id, path, reference in _all_references(steps, outputs):
        if reference.step_id is not None and reference.step_id not in declared:
            yield Problem(step_id, path, f"{reference.name!r} names a step that does not exist")


def _check_optional_inputs(steps: Sequence[LoadedStep]) -> Iterator[Problem]:
    for step in steps:
        for name in step.definition.optional_inputs:
            if name not in step.waits_for:
                path = f"steps.{step.position}.optional_inputs"
                yield Problem(step.step_id, path, f"{name!r} is no step that this one refers to")


def _find_cycle(steps: Sequence[LoadedStep]) -> list[str]:
    try:
        TopologicalSorter({step.step_id: step.waits_for for step in steps}).prepare()
    except CycleError as error:
        return [str(name) for name in reversed(error.args[1])]
    return []


def _check_skips(steps: Sequence[LoadedStep], outputs: Template) -> Iterator[Problem]:
    """Whoever refers to a step that may be skipped, and goes on without it, says what stands in its place."""
    may_skip = _steps_that_may_skip(steps)
    for reference in outputs.references:
        if reference.step_id in may_skip and not reference.has_default:
            yield Problem(None, "outputs", _default_wanted(reference))
    for step in steps:
        for reference in step.call.arguments.references:
            if reference.step_id in step.definition.optional_inputs and not reference.has_default:
                yield Problem(step.step_id, f"steps.{step.position}.with", _default_wanted(reference))


def _steps_that_may_skip(steps: Sequence[LoadedStep]) -> set[str]:
    by_id = {step.step_id: step for step in steps}
    order = TopologicalSorter({step.step_id: step.waits_for for step in steps}).static_order()
    may_skip: set[str] = set()
    for step in (by_id[step_id] for step_id in order if step_id in by_id):
        needed = set(step.waits_for) - set(step.definition.optional_inputs)
        if step.condition is not None or needed & may_skip:
            may_skip.add(step.step_id)
    return may_skip


def _default_wanted(reference: Reference) -> str:
    return f"{reference.name!r} may be missing because its step may be skipped; write `?? default`"


def _check_compensations(steps: Sequence[LoadedStep]) -> Iterator[Problem]:
    """It runs after later steps failed: it can rely on its own step and on what that waited for."""
    waits_for = {step.step_id: step.waits_for for step in steps}
    for step in steps:
        if step.compensation is None:
            continue
        reachable = {step.step_id, *_upstream(step.step_id, waits_for)}
        for reference in step.compensation.arguments.references:
            if reference.step_id is not None and reference.step_id not in reachable:
                path = f"steps.{step.position}.compensate.with"
                yield Problem(step.step_id, path, f"{reference.name!r} may not have run by then")


def _upstream(step_id: str, waits_for: Mapping[str, Sequence[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(waits_for.get(step_id, ()))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(waits_for.get(name, ()))
    return found


def _check_all_used(steps: Sequence[LoadedStep], outputs: Template) -> Iterator[Problem]:
    used = Counter(name for step in steps for name in step.waits_for)
    used.update(reference.step_id for reference in outputs.references if reference.step_id)
    for step in steps:
        if not used[step.step_id]:
            yield Problem(step.step_id, f"steps.{step.position}", "no step and no output uses what it gives")


def _all_references(
    steps: Sequence[LoadedStep], outputs: Template
) -> Iterator[tuple[str | None, str, Reference]]:
    for step in steps:
        for part, reference in step.references():
            yield step.step_id, f"steps.{step.position}.{part}", reference
        if step.compensation is not None:
            for reference in step.compensation.arguments.references:
                yield step.step_id, f"steps.{step.position}.compensate.with", reference
    yield from ((None, "outputs", reference) for reference in outputs.references)
