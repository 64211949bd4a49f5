"""A configuration against its definition: the schema, then the rules that a schema cannot say."""

from functools import lru_cache

from pydantic import JsonValue

from plant.agent_types.schemas import problems_of_value
from plant.patterns.conditions import CelEngine, Condition, ConditionFailed
from plant.patterns.values import find_value
from shared.contracts.agent_types import AgentTypeDefinition, Finding, JsonObject, JsonSchema, Rule

ROOT = ("inputs", "config")
"""Where rules find the configuration: where patterns find it too."""


def problems_of_config(definition: AgentTypeDefinition, config: JsonObject) -> list[Finding]:
    """Say what is missing or wrong, field by field."""
    found = problems_of_value(definition.config_schema, config)
    named = {problem.field for problem in found}
    broken = (_problem(rule, config) for rule in definition.rules)
    return found + [problem for problem in broken if problem is not None and problem.field not in named]


def with_defaults(schema: JsonSchema, value: JsonObject) -> JsonObject:
    """Fill in what the schema has a default for, within objects too."""
    filled: JsonObject = dict(value)
    properties = schema.get("properties")
    for name, field in properties.items() if isinstance(properties, dict) else ():
        if not isinstance(field, dict):
            continue
        if name not in filled and "default" in field:
            filled[name] = field["default"]
        present = filled.get(name)
        if isinstance(present, dict):
            filled[name] = with_defaults(field, present)
    return filled


@lru_cache(maxsize=1_000)
def compile_rule(condition: str) -> Condition:
    """Raises: ConditionRefused."""
    return CelEngine().compile(condition)


def _problem(rule: Rule, config: JsonObject) -> Finding | None:
    condition = compile_rule(rule.condition)
    scope: dict[str, JsonValue] = {"inputs": {"config": config}}
    try:
        return None if condition.holds(scope) else Finding(field=rule.field, message=rule.message)
    except ConditionFailed as error:
        is_whole = all(find_value(scope, path)[0] for path in condition.paths)
        return Finding(field=rule.field, message=f"cannot be checked: {error}"[:200]) if is_whole else None
