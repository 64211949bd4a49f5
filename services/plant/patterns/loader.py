"""Loading a pattern: everything that can be known to be wrong is found now, named by step and path, not in a run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pydantic import JsonValue, ValidationError

from plant.patterns.capabilities import CapabilityRegistry, Kind
from plant.patterns.condition_text import ConditionRefused
from plant.patterns.conditions import CelEngine, Condition, ConditionEngine
from plant.patterns.errors import PatternInvalid, Problem
from plant.patterns.flow_checks import check_flow
from plant.patterns.input_schema import check_schema
from plant.patterns.loaded import Call, LoadedPattern, LoadedStep
from plant.patterns.references import BadReference, Template, parse_template
from plant.patterns.schema import Compensation, PatternDefinition, StepDefinition
from plant.patterns.type_checks import check_types
from plant.patterns.values import digest, encode

_NO_TEMPLATE = Template(None, (), lambda _scope: None)


def load_pattern(
    definition: Mapping[str, JsonValue],
    *,
    registry: CapabilityRegistry,
    conditions: ConditionEngine | None = None,
) -> LoadedPattern:
    """Raises: PatternInvalid, with every problem that was found."""
    parsed = _parse(definition)
    work = _Loading(registry, conditions or CelEngine())
    steps = [work.step(step, position) for position, step in enumerate(parsed.steps)]
    outputs = work.template(parsed.outputs, None, "outputs")
    work.problems.extend(_check_inputs(parsed))
    loaded_steps = [step for step in steps if step is not None]
    work.problems.extend(check_flow(parsed, loaded_steps, outputs))
    work.problems.extend(check_types(parsed, loaded_steps, outputs))
    if work.problems:
        raise PatternInvalid(parsed.pattern_id, work.problems)
    content = parsed.model_dump(mode="json", by_alias=True)
    return LoadedPattern(parsed, digest(encode(content)), _linked(loaded_steps), outputs)


def _parse(definition: Mapping[str, JsonValue]) -> PatternDefinition:
    try:
        return PatternDefinition.model_validate_json(encode(dict(definition)))
    except ValidationError as error:
        problems = [
            Problem(_step_at(definition, one["loc"]), _dotted(one["loc"]), one["msg"])
            for one in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise PatternInvalid(str(definition.get("pattern_id"))[:100], problems) from error
    except (TypeError, ValueError, RecursionError) as error:
        problem = Problem(None, "", f"is not JSON: {error}")
        raise PatternInvalid(str(definition.get("pattern_id"))[:100], [problem]) from error


def _check_inputs(parsed: PatternDefinition) -> Iterator[Problem]:
    if parsed.inputs.get("type") != "object":
        yield Problem(None, "inputs.type", "must be 'object'")
    yield from (Problem(None, f"inputs.{path}", message) for path, message in check_schema(parsed.inputs))


@dataclass(slots=True)
class _Loading:
    registry: CapabilityRegistry
    conditions: ConditionEngine
    problems: list[Problem] = field(default_factory=list[Problem])

    def step(self, step: StepDefinition, position: int) -> LoadedStep | None:
        where = f"steps.{position}"
        call = self.call(step.id, step.use, step.with_, where)
        condition = self.condition(step, f"{where}.when")
        compensation = self.compensation(step.id, step.compensate, f"{where}.compensate")
        if call is None:
            return None
        if step.retry and call.capability.kind is not Kind.READ:
            self.add(step.id, f"{where}.retry", f"{call.capability.name!r} computes: only reads are retried")
        loaded = LoadedStep(step, position, call, condition, compensation, ())
        used = {reference.step_id for _, reference in loaded.references() if reference.step_id}
        return replace(loaded, waits_for=tuple(sorted(used)))

    def call(self, step_id: str, use: str, arguments: Mapping[str, JsonValue], where: str) -> Call | None:
        template = self.template(arguments, step_id, f"{where}.with")
        capability = self.registry.find(use)
        if capability is None:
            self.add(step_id, f"{where}.use", f"there is no capability {use!r}")
            return None
        return Call(capability, template)

    def condition(self, step: StepDefinition, where: str) -> Condition | None:
        if step.when is None:
            return None
        try:
            return self.conditions.compile(step.when)
        except ConditionRefused as error:
            self.add(step.id, where, f"the condition {error}")
            return None

    def compensation(self, step_id: str, compensation: Compensation | None, where: str) -> Call | None:
        if compensation is None:
            return None
        return self.call(step_id, compensation.use, compensation.with_, where)

    def template(self, value: Mapping[str, JsonValue], step_id: str | None, where: str) -> Template:
        try:
            return parse_template(dict(value))
        except BadReference as error:
            self.add(step_id, f"{where}.{error.path}".rstrip("."), error.message)
            return _NO_TEMPLATE

    def add(self, step_id: str | None, path: str, message: str) -> None:
        self.problems.append(Problem(step_id, path, message))


def _linked(steps: Sequence[LoadedStep]) -> tuple[LoadedStep, ...]:
    return tuple(
        replace(step, releases=tuple(one.position for one in steps if step.step_id in one.waits_for))
        for step in steps
    )


def _step_at(definition: Mapping[str, JsonValue], location: tuple[int | str, ...]) -> str | None:
    steps = definition.get("steps")
    match location:
        case ("steps", int(position), *_) if isinstance(steps, list) and position < len(steps):
            step = steps[position]
            step_id = step.get("id") if isinstance(step, dict) else None
            return step_id[:50] if isinstance(step_id, str) else None
        case _:
            return None


def _dotted(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)
