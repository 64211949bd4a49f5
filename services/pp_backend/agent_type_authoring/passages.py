"""Authoring agent types through this portal: viewers read, operators validate, admins write and publish."""

from pydantic import RootModel

from shared.contracts.agent_types import (
    AgentType,
    AgentTypeDefinition,
    AgentTypeList,
    DefinitionReport,
    JsonObject,
)
from shared.contracts.sign_in import Role
from shared.web.passages import Passage
from shared.web.portal import RequireOperator

_viewer = RequireOperator(Role.VIEWER)
_operator = RequireOperator(Role.OPERATOR)
_admin = RequireOperator(Role.ADMIN)


class AnyDefinition(RootModel[JsonObject]):
    """A definition as it was written, whatever is wrong with it."""


PASSAGES = (
    Passage(
        "GET",
        "/api/pp/agent-types",
        "/internal/v1/agent-types",
        AgentTypeList,
        _viewer,
        query=("limit", "cursor", "agent_type_id"),
    ),
    Passage(
        "GET",
        "/api/pp/agent-types/{agent_type_id}",
        "/api/v1/agent-types/{agent_type_id}",
        AgentType,
        _viewer,
        query=("version",),
    ),
    Passage(
        "POST",
        "/api/pp/agent-types/validate",
        "/internal/v1/agent-types/validate",
        DefinitionReport,
        _operator,
        body=AnyDefinition,
    ),
    Passage(
        "PUT",
        "/api/pp/agent-types/{agent_type_id}/draft",
        "/internal/v1/agent-types/{agent_type_id}/draft",
        AgentType,
        _admin,
        body=AgentTypeDefinition,
    ),
    Passage(
        "POST",
        "/api/pp/agent-types/{agent_type_id}/publish",
        "/internal/v1/agent-types/{agent_type_id}/publish",
        AgentType,
        _admin,
    ),
    Passage(
        "POST",
        "/api/pp/agent-types/{agent_type_id}/versions/{version}/retire",
        "/internal/v1/agent-types/{agent_type_id}/versions/{version}/retire",
        AgentType,
        _admin,
    ),
)
