"""Deciding again from a stored record: the same inputs must give the same bytes."""

from collections.abc import Mapping

from plant.risk.decision import RiskDecision
from plant.risk.gate import decide
from plant.risk.model import RiskInputs


def inputs_record(inputs: RiskInputs) -> dict[str, object]:
    """Shape: the inputs as JSON values, what `decide_again` takes."""
    return inputs.model_dump(mode="json")


def decide_again(record: Mapping[str, object]) -> RiskDecision:
    """Raises: pydantic.ValidationError when the record is not a complete set of inputs."""
    return decide(RiskInputs.model_validate(record))
