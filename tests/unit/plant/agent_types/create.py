"""Builds a small agent type that can be published, of which a test changes what it is about."""

import copy
from functools import cache
from typing import Any

from plant.agent_types.skills import Skills, open_skills
from plant.agents.registered import all_capabilities
from shared.contracts.agent_types import AgentTypeDefinition

EXCHANGE = {"kind": "exchange", "provider": "delta_exchange_india"}
_DEFINITION: dict[str, Any] = {
    "agent_type_id": "office.reminder.v1",
    "display_name": "Reminder",
    "summary": "Reminds you.",
    "agent_kind": "office",
    "config_schema": {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "zone"],
        "properties": {
            "name": {"type": "string", "minLength": 1},
            "zone": {"type": "string", "format": "timezone"},
            "coins": {"type": "array", "maxItems": 200, "items": {"type": "string"}},
            "favourite": {"type": "string"},
            "from": {"type": "string"},
            "until": {"type": "string"},
            "account": {"type": "string", "format": "uuid", "x-credential": EXCHANGE},
            "accounts": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "mastodon": {
                        "type": "string",
                        "x-credential": {"kind": "platform", "provider": "mastodon"},
                    }
                },
            },
        },
    },
    "roles": {
        "title": "/name",
        "timezone": "/zone",
        "exchange_account": "/account",
        "platform_accounts": "/accounts",
        "active_from": "/from",
        "active_until": "/until",
    },
    "rules": [
        {
            "condition": "inputs.config.favourite in inputs.config.coins",
            "field": "/favourite",
            "message": "must be one of the coins",
        }
    ],
    "goal_templates": [
        {
            "template_id": "remind",
            "display_name": "Remind",
            "summary": "A note.",
            "frequencies": ["daily"],
            "settings_schema": {
                "type": "object",
                "additionalProperties": False,
                "required": ["subject"],
                "properties": {"subject": {"type": "string"}},
            },
            "defaults": {"subject": "Tea"},
            "skill_binding": "general.reminder.v1",
        }
    ],
    "enforcement": {"approval": "per_post", "deterministic": True, "plans": {"trial": {"trial_days": 7}}},
}


def create_body(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(_DEFINITION) | changes


def create_definition(**changes: Any) -> AgentTypeDefinition:
    return AgentTypeDefinition.model_validate(create_body(**changes))


@cache
def skills() -> Skills:
    return open_skills(all_capabilities())
