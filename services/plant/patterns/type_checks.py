"""Checks at load of what flows between steps: paths that no schema knows, arguments that cannot fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

from plant.patterns.argument_types import NoSuchPath, Schema, check_arguments, types_at
from plant.patterns.capabilities import Capability
from plant.patterns.errors import Problem
from plant.patterns.loaded import Call, LoadedStep
from plant.patterns.references import Reference, Template
from plant.patterns.schema import PatternDefinition


def check_types(
    parsed: PatternDefinition, steps: Sequence[LoadedStep], outputs: Template
) -> Iterator[Problem]:
    sources = _Sources(parsed.inputs, {step.step_id: step.call.capability for step in steps})
    for step in steps:
        where = f"steps.{step.position}"
        yield from _check_call(step, step.call, f"{where}.with", sources)
        if step.compensation is not None:
            yield from _check_call(step, step.compensation, f"{where}.compensate.with", sources)
        for part, reference in step.references():
            yield from _check_path(reference, step.step_id, f"{where}.{part}", sources)
    for reference in outputs.references:
        yield from _check_path(reference, None, "outputs", sources)


@dataclass(slots=True)
class _Sources:
    """The schemas that references look into: the pattern's inputs and the results of its steps."""

    inputs: Schema
    capabilities: dict[str, Capability]
    _results: dict[str, Schema] = field(default_factory=dict[str, Schema])

    def find(self, reference: Reference) -> tuple[Schema, tuple[str, ...]] | None:
        if reference.step_id is None:
            return self.inputs, reference.path[1:]
        schema = self._result(reference.step_id)
        return None if schema is None else (schema, reference.path[2:])

    def _result(self, step_id: str) -> Schema | None:
        capability = self.capabilities.get(step_id)
        if capability is None:
            return None
        if capability.reference not in self._results:
            made = capability.result.model_json_schema(mode="serialization", by_alias=True)
            self._results[capability.reference] = cast("Schema", made)  # pydantic: a dictionary of Any
        return self._results[capability.reference]


def _check_call(step: LoadedStep, call: Call, where: str, sources: _Sources) -> Iterator[Problem]:
    given = call.arguments.value
    if not isinstance(given, dict):
        return
    for path, message in check_arguments(given, args=call.capability.args, find_schema=sources.find):
        yield Problem(step.step_id, f"{where}.{path}", f"{message} ({call.capability.reference})")


def _check_path(
    reference: Reference, step_id: str | None, where: str, sources: _Sources
) -> Iterator[Problem]:
    source = sources.find(reference)
    if source is None:
        return
    try:
        types_at(*source)
    except NoSuchPath:
        yield Problem(step_id, where, f"there can be no value at {reference.name!r}")
