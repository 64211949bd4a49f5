"""A pattern that is ready to run: its steps with their capabilities, compiled references and conditions."""

from collections.abc import Iterator
from dataclasses import dataclass

from plant.patterns.capabilities import Capability
from plant.patterns.conditions import Condition
from plant.patterns.references import Reference, Template
from plant.patterns.schema import PatternDefinition, StepDefinition


@dataclass(frozen=True, slots=True)
class Call:
    capability: Capability
    arguments: Template


@dataclass(frozen=True, slots=True)
class LoadedStep:
    """`waits_for` are the steps whose values it needs; `releases` the positions of those that wait for it."""

    definition: StepDefinition
    position: int
    call: Call
    condition: Condition | None
    compensation: Call | None
    waits_for: tuple[str, ...]
    releases: tuple[int, ...] = ()

    @property
    def step_id(self) -> str:
        return self.definition.id

    def references(self) -> Iterator[tuple[str, Reference]]:
        """All that it refers to before it runs, with the part of the step that does."""
        yield from (("with", reference) for reference in self.call.arguments.references)
        if self.condition is not None:
            yield from (("when", Reference(path)) for path in self.condition.paths)


@dataclass(frozen=True, slots=True)
class LoadedPattern:
    """`steps` are in the order of the pattern; which runs when follows from `waits_for`."""

    definition: PatternDefinition
    pattern_hash: str
    steps: tuple[LoadedStep, ...]
    outputs: Template

    @property
    def pattern_id(self) -> str:
        return self.definition.pattern_id
