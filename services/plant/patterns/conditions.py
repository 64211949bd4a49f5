"""Whether a step runs: a condition over facts, compiled when the pattern is loaded. An error is never "no"."""

from dataclasses import dataclass
from typing import Final, Protocol, cast

import cel
from pydantic import JsonValue

from plant.patterns.condition_text import METHODS, ConditionRefused, Fact, Use, leash
from plant.patterns.references import ROOTS
from plant.patterns.values import Scope, find_value

MAX_FACT_TEXT: Final = 4_096
MAX_FACT_ITEMS: Final = 50

_INTEGERS: Final = range(-(2**63), 2**63)
_EVALUATION_ERRORS: Final = (ValueError, TypeError, RuntimeError, ArithmeticError, LookupError)

FactValue = str | int | float | bool | None | list["str | int | float | bool | None"]


class ConditionFailed(Exception):
    """A condition that could not be decided; the run ends as CONDITION_ERROR."""


class Condition(Protocol):
    @property
    def text(self) -> str: ...

    @property
    def paths(self) -> tuple[tuple[str, ...], ...]: ...

    def holds(self, scope: Scope) -> bool:
        """Raises: ConditionFailed."""
        ...


class ConditionEngine(Protocol):
    def compile(self, text: str) -> Condition:
        """Raises: ConditionRefused."""
        ...


@dataclass(frozen=True, slots=True)
class CelEngine:
    """CEL as `condition_text` allows it. `roots` are what paths may begin with, the keys of the scope."""

    roots: frozenset[str] = frozenset(ROOTS)

    def compile(self, text: str) -> Condition:
        leashed = leash(text, roots=self.roots)
        try:
            program = cel.compile(leashed.text)
        except ValueError as error:
            raise ConditionRefused(f"is not a CEL expression: {_reason(error)}") from error
        functions = {name for name in program.functions() if name.isidentifier()}
        if not set(program.variables()) <= leashed.facts.keys() or not functions <= METHODS:
            raise ConditionRefused("uses names or functions that are not allowed")
        return CelCondition(text, leashed.facts, program)


@dataclass(frozen=True, slots=True)
class CelCondition:
    text: str
    facts: dict[str, Fact]
    program: cel.Program

    @property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        return tuple(dict.fromkeys(fact.path for fact in self.facts.values()))

    def holds(self, scope: Scope) -> bool:
        values: dict[str, FactValue] = {}
        missing: list[str] = []
        for name, fact in self.facts.items():
            is_there, value = find_value(scope, fact.path)
            if fact.use is Use.PRESENCE:
                values[name] = is_there
            elif is_there:
                values[name] = _fact(value, fact)
            else:
                missing.append(".".join(fact.path))
        return self._evaluate(values, missing)

    def _evaluate(self, values: dict[str, FactValue], missing: list[str]) -> bool:
        try:
            answer = cast("object", self.program.execute(values))
        except _EVALUATION_ERRORS as error:
            because = f"there is no value at {', '.join(missing)}" if missing else str(error)[:200]
            raise ConditionFailed(f"{self.text!r} cannot be decided: {because}") from error
        if not isinstance(answer, bool):
            raise ConditionFailed(f"{self.text!r} gave {type(answer).__name__}, expected true or false")
        return answer


def _reason(error: ValueError) -> str:
    _, _, reason = str(error).partition("Syntax error: ")
    return (reason or str(error)).splitlines()[0][:200]


def _fact(value: JsonValue, fact: Fact) -> FactValue:
    name = ".".join(fact.path)
    if fact.use is Use.SIZE:
        if not isinstance(value, str | list | dict):
            raise ConditionFailed(f"{name!r} has no size: it is neither a text, a list nor an object")
        return len(value)
    if isinstance(value, list):
        if len(value) > MAX_FACT_ITEMS:
            raise ConditionFailed(
                f"{name!r} has {len(value)} items, a condition sees {MAX_FACT_ITEMS} at most"
            )
        return [_scalar(item, name) for item in value]
    return _scalar(value, name)


def _scalar(value: JsonValue, name: str) -> str | int | float | bool | None:
    match value:
        case dict() | list():
            raise ConditionFailed(f"{name!r} is no single value; name what is within it")
        case str() if len(value) > MAX_FACT_TEXT:
            raise ConditionFailed(
                f"{name!r} is longer than the {MAX_FACT_TEXT} characters that a condition sees"
            )
        case int() if value not in _INTEGERS:
            raise ConditionFailed(f"{name!r} does not fit 64 bits")
        case _:
            return value
