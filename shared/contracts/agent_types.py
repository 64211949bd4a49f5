"""Wire models of agent types: the definition that an operator writes, its versions, what is wrong with it."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

import rfc8785
from pydantic import AfterValidator, Field, JsonValue, StringConstraints

from shared.contracts.base import ShortText, Text, WireDecimal, WireModel


def _check_storable(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Raises: ValueError for what has no canonical form, or what the database cannot hold."""
    try:
        encoded = rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError):
        raise ValueError("must be JSON of a usual depth, with text in UTF-8 and numbers up to 2^53") from None
    if b"\\u0000" in encoded:
        raise ValueError("must not contain a NUL character")
    return value


JsonObject = Annotated[dict[str, JsonValue], AfterValidator(_check_storable)]

AgentTypeId = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,3}\.v[0-9]{1,3}$", max_length=100)
]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
PatternId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+){0,4}$")]
Pointer = Annotated[str, StringConstraints(pattern=r"^(/[A-Za-z0-9_]{1,60}){1,6}$")]
JsonSchema = JsonObject


class Frequency(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    ON_DEMAND = "on_demand"


class Role(StrEnum):
    """What the platform itself needs to find in a configuration, whatever the type calls it."""

    TITLE = "title"
    TIMEZONE = "timezone"
    LANGUAGE = "language"
    EXCHANGE_ACCOUNT = "exchange_account"
    PLATFORM_ACCOUNTS = "platform_accounts"
    ALLOWED_COINS = "allowed_coins"
    MAX_UNITS_PER_ORDER = "max_units_per_order"
    MAX_NOTIONAL_INR = "max_notional_inr"
    ACTIVE_FROM = "active_from"
    ACTIVE_UNTIL = "active_until"


class Rule(WireModel):
    """What a schema cannot say: a condition (CEL) over `inputs.config`, and the field to mend when it is false.

    A condition about a field that is not there does not apply; `has(...)` asks whether it is.
    """

    condition: ShortText
    field: Pointer
    message: ShortText


class GoalTemplate(WireModel):
    """`skill_binding` names the pattern that does the work; `reads` what is looked up for it beforehand."""

    template_id: Identifier
    display_name: ShortText
    summary: Text
    frequencies: Annotated[tuple[Frequency, ...], Field(min_length=1)]
    settings_schema: JsonSchema
    defaults: JsonObject = Field(default_factory=dict[str, JsonValue])
    skill_binding: PatternId
    reads: tuple[Identifier, ...] = ()


class HirePlan(WireModel):
    """Units: `task_limit` in tasks a month, `budget_limit` in USD a month; null: no limit or no end."""

    trial_days: Annotated[int, Field(ge=1, le=365)] | None = None
    task_limit: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    budget_limit: Annotated[WireDecimal, Field(ge=Decimal(0), max_digits=12, decimal_places=4)] | None = None


class Enforcement(WireModel):
    """`deterministic`: no language model takes part in any of the type's goal runs."""

    approval: Literal["per_trade_action", "per_post"]
    deterministic: bool
    plans: Annotated[dict[Identifier, HirePlan], Field(min_length=1, max_length=10)]


class AgentTypeDefinition(WireModel):
    """Everything the platform knows of an agent type. Schemas are JSON Schema 2020-12 plus `x-ui` hints.

    A field that holds a credential ref carries `x-credential`: {"kind": "exchange" | "platform", "provider"}.
    """

    agent_type_id: AgentTypeId
    display_name: ShortText
    summary: Text
    agent_kind: Identifier
    config_schema: JsonSchema
    roles: dict[Role, Pointer]
    rules: Annotated[tuple[Rule, ...], Field(max_length=50)] = ()
    goal_templates: Annotated[tuple[GoalTemplate, ...], Field(min_length=1, max_length=50)]
    patterns: Annotated[tuple[JsonObject, ...], Field(max_length=50)] = ()
    enforcement: Enforcement

    def template(self, template_id: str) -> GoalTemplate | None:
        return next((known for known in self.goal_templates if known.template_id == template_id), None)


class VersionState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class AgentType(WireModel):
    agent_type_id: str
    version: int
    state: VersionState
    content_hash: str
    definition: AgentTypeDefinition
    created_at: datetime
    published_at: datetime | None


class AgentTypeList(WireModel):
    items: tuple[AgentType, ...]
    next_cursor: str | None = None


class Finding(WireModel):
    """What to mend and why. Shape: `field` is a path into a definition, like `goal_templates[1].defaults`, or a
    JSON pointer into a configuration, like `/allowed_coins/0`.
    """

    field: str
    message: str


class DefinitionReport(WireModel):
    valid: bool
    problems: tuple[Finding, ...]
