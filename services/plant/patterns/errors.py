"""What can be wrong with a pattern when it is loaded, and what can go wrong when it runs: each names its step."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` says where in the pattern's JSON: dots and positions, such as `steps.2.with.title`."""

    step_id: str | None
    path: str
    message: str

    def __str__(self) -> str:
        step = f"step {self.step_id!r}, " if self.step_id else ""
        return f"{step}{self.path}: {self.message}"


class PatternInvalid(Exception):
    """A pattern that cannot be loaded, with every problem that was found."""

    def __init__(self, pattern_id: str, problems: Sequence[Problem]) -> None:
        super().__init__(f"pattern {pattern_id!r}: " + "; ".join(str(problem) for problem in problems))
        self.pattern_id = pattern_id
        self.problems = tuple(problems)


class RunErrorCode(StrEnum):
    INPUTS_INVALID = "INPUTS_INVALID"
    MISSING_VALUE = "MISSING_VALUE"
    MISSING_RESOURCE = "MISSING_RESOURCE"
    CONDITION_ERROR = "CONDITION_ERROR"
    ARGUMENTS_INVALID = "ARGUMENTS_INVALID"
    VALUE_TOO_LARGE = "VALUE_TOO_LARGE"
    AGENT_UNAVAILABLE = "AGENT_UNAVAILABLE"
    CAPABILITY_REFUSED = "CAPABILITY_REFUSED"
    CAPABILITY_FAILED = "CAPABILITY_FAILED"
    RESULT_INVALID = "RESULT_INVALID"
    STEP_TIMEOUT = "STEP_TIMEOUT"
    DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED"


class CapabilityRefused(Exception):
    """Raised by a capability that cannot answer for these arguments; `detail` is shown, so it names no secret."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
