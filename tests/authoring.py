"""An agent type that is made up at run time and authored over the platform portal's API alone."""

import copy
from secrets import token_hex
from typing import Any

import httpx

_DEFINITION: dict[str, Any] = {
    "display_name": "Reminder",
    "summary": "Reminds you of what you ask it to.",
    "agent_kind": "office",
    "config_schema": {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "zone"],
        "properties": {
            "name": {"type": "string", "title": "Name", "minLength": 1},
            "zone": {"type": "string", "title": "Time zone", "format": "timezone"},
            "quiet": {"type": "boolean", "title": "Quiet", "default": False},
        },
    },
    "roles": {"title": "/name", "timezone": "/zone"},
    "rules": [
        {"condition": "inputs.config.name != 'nobody'", "field": "/name", "message": "must be somebody"}
    ],
    "goal_templates": [
        {
            "template_id": "remind",
            "display_name": "Remind",
            "summary": "A note on a subject.",
            "frequencies": ["daily", "on_demand"],
            "settings_schema": {
                "type": "object",
                "additionalProperties": False,
                "required": ["subject"],
                "properties": {"subject": {"type": "string", "title": "Subject", "minLength": 1}},
            },
            "defaults": {"subject": "Tea"},
            "skill_binding": "office.note.v1",
        }
    ],
    "patterns": [
        {
            "pattern_id": "office.note.v1",
            "version": 1,
            "summary": "A note.",
            "inputs": {
                "type": "object",
                "required": ["settings"],
                "properties": {
                    "settings": {
                        "type": "object",
                        "required": ["subject"],
                        "properties": {"subject": {"type": "string", "maxLength": 100}},
                    }
                },
            },
            "steps": [
                {
                    "id": "note",
                    "use": "general.note",
                    "with": {"title": "{{inputs.settings.subject}}", "paragraphs": ["Do not forget."]},
                }
            ],
            "outputs": {"deliverables": ["{{steps.note}}"]},
        }
    ],
    "enforcement": {
        "approval": "per_post",
        "deterministic": True,
        "plans": {"trial": {"trial_days": 7, "task_limit": 10, "budget_limit": "1"}},
    },
}


def made_up(**changes: Any) -> dict[str, Any]:
    """A third type, with a pattern of its own over general capabilities; each has a name of its own."""
    named = {"agent_type_id": f"office.reminder_{token_hex(4)}.v1"}
    return copy.deepcopy(_DEFINITION) | named | changes


async def put_draft(http: httpx.AsyncClient, definition: dict[str, Any]) -> httpx.Response:
    return await http.put(f"/api/pp/agent-types/{definition['agent_type_id']}/draft", json=definition)


async def published(http: httpx.AsyncClient, definition: dict[str, Any]) -> dict[str, Any]:
    answer = await put_draft(http, definition)
    assert answer.status_code == 200, answer.text
    answer = await http.post(f"/api/pp/agent-types/{definition['agent_type_id']}/publish")
    assert answer.status_code == 200, answer.text
    return answer.json()


def broken(path: str, value: Any) -> dict[str, Any]:
    """The made-up type with one value put elsewhere. Shape: `path` in dots."""
    definition = made_up()
    at: Any = definition
    *parents, last = path.split(".")
    for name in parents:
        at = at[int(name)] if name.isdecimal() else at[name]
    at[int(last) if last.isdecimal() else last] = value
    return definition
