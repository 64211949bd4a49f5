"""Everything that must be right before an agent type can be published, and what is wrong, field by field."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from pydantic import JsonValue, ValidationError

from plant.agent_types.rules import ROOT, compile_rule
from plant.agent_types.schemas import credential_hint, find_field, problems_of_schema, problems_of_value
from plant.agent_types.skills import Skills
from plant.patterns.condition_text import ConditionRefused
from plant.patterns.errors import PatternInvalid
from plant.patterns.loaded import LoadedPattern
from shared.contracts.agent_types import (
    AgentTypeDefinition,
    DefinitionReport,
    Finding,
    Frequency,
    GoalTemplate,
    JsonSchema,
    Role,
    Rule,
)

_MOST_PROBLEMS = 200
_TEXTS = (
    Role.TITLE,
    Role.LANGUAGE,
    Role.MAX_UNITS_PER_ORDER,
    Role.MAX_NOTIONAL_INR,
    Role.ACTIVE_FROM,
    Role.ACTIVE_UNTIL,
)


def report_on(body: Mapping[str, JsonValue], *, skills: Skills) -> DefinitionReport:
    """Look at a definition as it was written; nothing is stored."""
    try:
        definition = AgentTypeDefinition.model_validate(body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        causes = [one for one in found if not any(_is_within(other["loc"], one["loc"]) for other in found)]
        problems = [Finding(field=_path(one["loc"]), message=one["msg"]) for one in causes]
    else:
        problems = problems_of(definition, skills=skills)
    return DefinitionReport(valid=not problems, problems=tuple(problems[:_MOST_PROBLEMS]))


def problems_of(definition: AgentTypeDefinition, *, skills: Skills) -> list[Finding]:
    """Say what keeps the definition from being published."""
    found = problems_of_schema(definition.config_schema, at="config_schema")
    found += _roles(definition)
    for index, rule in enumerate(definition.rules):
        found += _rule(rule, definition.config_schema, at=f"rules[{index}]")
    found += _repeated(template.template_id for template in definition.goal_templates)
    for index, pattern in enumerate(definition.patterns):
        found += _pattern(pattern, skills, at=f"patterns[{index}]")
    for index, template in enumerate(definition.goal_templates):
        found += _template(definition, template, skills, at=f"goal_templates[{index}]")
    return found


def _roles(definition: AgentTypeDefinition) -> Iterator[Finding]:
    if Role.TITLE not in definition.roles:
        yield Finding(field="roles.title", message="is missing: say which field names the hired agent")
    scheduled = any(set(known.frequencies) - {Frequency.ON_DEMAND} for known in definition.goal_templates)
    timed = scheduled or definition.roles.keys() & {Role.ACTIVE_FROM, Role.ACTIVE_UNTIL}
    if timed and Role.TIMEZONE not in definition.roles:
        yield Finding(
            field="roles.timezone", message="is missing: scheduled goals and active hours need a time zone"
        )
    for role, pointer in definition.roles.items():
        field = find_field(definition.config_schema, pointer)
        if field is None:
            yield Finding(field=f"roles.{role}", message=f"{pointer} is no field of config_schema")
        elif (wrong := _misfit(role, field)) is not None:
            yield Finding(field=f"roles.{role}", message=f"{pointer} {wrong}")


def _misfit(role: Role, field: JsonSchema) -> str | None:
    match role:
        case Role.TIMEZONE if field.get("format") != "timezone":
            return 'must have "format": "timezone"'
        case Role.EXCHANGE_ACCOUNT if (credential_hint(field) or ("", ""))[0] != "exchange":
            return 'must have an "x-credential" of kind "exchange"'
        case Role.PLATFORM_ACCOUNTS if not _all_platform_refs(field):
            return 'must be an object whose fields have an "x-credential" of kind "platform"'
        case Role.ALLOWED_COINS if field.get("type") != "array":
            return 'must have "type": "array"'
        case _ if role in _TEXTS and field.get("type") != "string":
            return 'must have "type": "string"'
        case _:
            return None


def _all_platform_refs(field: JsonSchema) -> bool:
    properties = field.get("properties")
    if not isinstance(properties, dict) or not properties:
        return False
    hints = [credential_hint(one) if isinstance(one, dict) else None for one in properties.values()]
    return all(hint is not None and hint[0] == "platform" for hint in hints)


def _rule(rule: Rule, schema: JsonSchema, *, at: str) -> Iterator[Finding]:
    if find_field(schema, rule.field) is None:
        yield Finding(field=f"{at}.field", message=f"{rule.field} is no field of config_schema")
    try:
        condition = compile_rule(rule.condition)
    except ConditionRefused as error:
        yield Finding(field=f"{at}.condition", message=str(error))
        return
    for path in condition.paths:
        pointer = "".join(f"/{name}" for name in path[len(ROOT) :])
        if path[: len(ROOT)] != ROOT or find_field(schema, pointer) is None:
            yield Finding(field=f"{at}.condition", message=f"{'.'.join(path)!r} is no field of inputs.config")


def _repeated(template_ids: Iterable[str]) -> Iterator[Finding]:
    for name, count in Counter(template_ids).items():
        if count > 1:
            yield Finding(field="goal_templates", message=f"template_id {name!r} is used {count} times")


def _pattern(pattern: Mapping[str, JsonValue], skills: Skills, *, at: str) -> Iterator[Finding]:
    try:
        loaded = skills.load(dict(pattern))
    except PatternInvalid as error:
        yield from (
            Finding(field=f"{at}.{one.path}".rstrip("."), message=one.message) for one in error.problems
        )
        return
    if loaded.pattern_id in skills.library:
        yield Finding(field=f"{at}.pattern_id", message="is taken by a pattern of the library")


def _template(
    definition: AgentTypeDefinition, template: GoalTemplate, skills: Skills, *, at: str
) -> Iterator[Finding]:
    found = problems_of_schema(template.settings_schema, at=f"{at}.settings_schema")
    yield from found
    if not found:
        for one in problems_of_value(template.settings_schema, template.defaults, is_complete=False):
            yield Finding(field=f"{at}.defaults{one.field.replace('/', '.')}", message=one.message)
    for name in template.reads:
        if name not in skills.readers:
            known = ", ".join(sorted(skills.readers))
            yield Finding(field=f"{at}.reads", message=f"there is no reader {name!r}; there are {known}")
    if len(set(template.frequencies)) < len(template.frequencies):
        yield Finding(field=f"{at}.frequencies", message="must not repeat one")
    yield from _binding(definition, template, skills, at=f"{at}.skill_binding")


def _binding(
    definition: AgentTypeDefinition, template: GoalTemplate, skills: Skills, *, at: str
) -> Iterator[Finding]:
    try:
        pattern = skills.find(definition, template.skill_binding)
    except PatternInvalid:
        return
    if pattern is None:
        yield Finding(field=at, message=f"there is no pattern {template.skill_binding!r}")
    elif definition.enforcement.deterministic:
        yield from _models(pattern, skills, at=at)


def _models(pattern: LoadedPattern, skills: Skills, *, at: str) -> Iterator[Finding]:
    for name in sorted(skills.models_asked_by(pattern)):
        yield Finding(field=at, message=f"the type is deterministic, and the pattern asks a model: {name!r}")


def _is_within(inner: tuple[int | str, ...], outer: tuple[int | str, ...]) -> bool:
    """Of a part that is wrong and the whole that is wrong because of it, only the part is told."""
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def _path(location: tuple[int | str, ...]) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return path.removeprefix(".")
