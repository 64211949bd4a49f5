"""A pattern as its author writes it: steps over capabilities, with references, conditions and outputs.

`PatternDefinition.model_json_schema()` is the JSON Schema of the format.
"""

from typing import Annotated, Final

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from shared.contracts.base import Text, WireModel

MAX_STEPS: Final = 50

PatternId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$", max_length=100)]
StepId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
CapabilityUse = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*(@[1-9][0-9]{0,5})?$", max_length=120)
]
ConditionText = Annotated[str, StringConstraints(min_length=1, max_length=512)]


class Retry(WireModel):
    """For steps of `read` capabilities only. `attempts` counts the first one."""

    attempts: int = Field(ge=2, le=5)
    wait_ms: int = Field(default=100, ge=0, le=60_000)


class Compensation(WireModel):
    """What runs when a later step fails, the latest step first; it may refer to its step and what that used."""

    model_config = ConfigDict(validate_by_name=True)

    use: CapabilityUse
    with_: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue], alias="with")


class StepDefinition(WireModel):
    model_config = ConfigDict(validate_by_name=True)

    id: StepId
    use: CapabilityUse
    with_: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue], alias="with")
    when: ConditionText | None = None
    optional_inputs: tuple[StepId, ...] = ()
    timeout_ms: int = Field(default=10_000, ge=1, le=120_000)
    retry: Retry | None = None
    compensate: Compensation | None = None


class PatternDefinition(WireModel):
    pattern_id: PatternId
    version: int = Field(ge=1)
    summary: Text
    inputs: dict[str, JsonValue] = Field(default_factory=lambda: {"type": "object"})
    steps: tuple[StepDefinition, ...] = Field(min_length=1, max_length=MAX_STEPS)
    outputs: dict[str, JsonValue] = Field(min_length=1)
    deadline_ms: int = Field(default=30_000, ge=1, le=300_000)
    max_parallel: int = Field(default=8, ge=1, le=16)
