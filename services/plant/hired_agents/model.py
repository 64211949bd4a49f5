"""A hired agent: a customer's configuration of an agent type, tied to a subscription, and what it still lacks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NewType
from uuid import UUID

from pydantic import JsonValue

from plant.agent_types.rules import problems_of_config
from plant.agent_types.schemas import CredentialField, credential_fields, find_value, problems_of_value
from plant.subscriptions.model import Subscription
from shared.contracts.agent_types import AgentTypeDefinition, Finding, JsonObject, Role
from shared.contracts.hired_agents import GoalProblem, InstanceState
from shared.ids import CredentialRef, CustomerId

HiredInstanceId = NewType("HiredInstanceId", UUID)


@dataclass(frozen=True, slots=True)
class KnownRefs:
    """The credentials that a customer has. Shape: of what each is, by its reference; deleted ones are not there."""

    exchange: Mapping[UUID, str]
    platform: Mapping[UUID, str]

    def provider_of(self, field: CredentialField) -> str | None:
        known = self.exchange if field.kind == "exchange" else self.platform
        ref = _uuid(field.ref)
        return None if ref is None else known.get(ref)


@dataclass(frozen=True, slots=True)
class Stored:
    """The row of a hired agent, with its subscription."""

    hired_instance_id: HiredInstanceId
    customer_id: CustomerId
    subscription: Subscription
    agent_type_id: str
    agent_type_version: int
    config: JsonObject
    state: InstanceState
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Instance:
    """A hired agent with the definition that it is pinned to. What the platform needs of it is found by role."""

    stored: Stored
    definition: AgentTypeDefinition

    @property
    def hired_instance_id(self) -> HiredInstanceId:
        return self.stored.hired_instance_id

    @property
    def title(self) -> str | None:
        return self.text(Role.TITLE)

    @property
    def timezone(self) -> str:
        """UTC for a type that has no scheduled goals and asks for none."""
        return self.text(Role.TIMEZONE) or "UTC"

    @property
    def language(self) -> str | None:
        return self.text(Role.LANGUAGE)

    @property
    def exchange_account(self) -> CredentialRef | None:
        ref = _uuid(self.value(Role.EXCHANGE_ACCOUNT))
        return CredentialRef(ref) if ref else None

    @property
    def platform_accounts(self) -> Mapping[str, CredentialRef]:
        """Shape: the credential ref of each platform that has one."""
        pointer = self.definition.roles.get(Role.PLATFORM_ACCOUNTS)
        found = credential_fields(self.definition.config_schema, self.stored.config)
        refs = (
            (field, _uuid(field.ref)) for field in found if pointer and field.field.startswith(f"{pointer}/")
        )
        return {field.provider: CredentialRef(ref) for field, ref in refs if ref}

    def value(self, role: Role) -> JsonValue:
        pointer = self.definition.roles.get(role)
        return None if pointer is None else find_value(self.stored.config, pointer)

    def text(self, role: Role) -> str | None:
        found = self.value(role)
        return found if isinstance(found, str) else None


@dataclass(frozen=True, slots=True)
class InstanceFilter:
    """Which instances are listed; None: any."""

    customer_id: CustomerId | None
    agent_type_id: str | None = None
    state: InstanceState | None = None


@dataclass(frozen=True, slots=True)
class SetGoal:
    """What an upgrade asks of a goal: whether its template and its settings still fit."""

    goal_id: UUID
    template_id: str
    settings: JsonObject


def missing_in(
    definition: AgentTypeDefinition, config: JsonObject, *, refs: KnownRefs
) -> tuple[Finding, ...]:
    """What keeps this configuration from working: schema, rules, and references to credentials."""
    return (*problems_of_config(definition, config), *_unknown_refs(definition, config, refs))


def misfits(goal: SetGoal, definition: AgentTypeDefinition) -> GoalProblem | None:
    """What of a goal would not fit a definition."""
    template = definition.template(goal.template_id)
    if template is None:
        problem = Finding(field="template_id", message="is no template of this version: delete the goal")
        return GoalProblem(goal_id=goal.goal_id, template_id=goal.template_id, problems=(problem,))
    problems = tuple(problems_of_value(template.settings_schema, goal.settings))
    return (
        GoalProblem(goal_id=goal.goal_id, template_id=goal.template_id, problems=problems)
        if problems
        else None
    )


def _unknown_refs(definition: AgentTypeDefinition, config: JsonObject, refs: KnownRefs) -> Iterator[Finding]:
    for field in credential_fields(definition.config_schema, config):
        provider = refs.provider_of(field)
        if provider is None:
            yield Finding(
                field=field.field, message="is no connected account of yours: connect one, or choose another"
            )
        elif provider != field.provider:
            message = f"is an account at {provider}: choose one at {field.provider}"
            yield Finding(field=field.field, message=message)


def _uuid(value: JsonValue) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
