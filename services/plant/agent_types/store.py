"""Table agent_types: the versions of every definition. Platform data, seen by all customers."""

from collections.abc import Collection
from typing import Any

from shared.contracts.agent_types import AgentType, AgentTypeDefinition, VersionState
from shared.db import OversightSession, Row, Session

_COLUMNS = "agent_type_id, version, state, content_hash, definition, created_at, published_at"
_NEWEST_PUBLISHED = f"""
SELECT DISTINCT ON (agent_type_id) {_COLUMNS} FROM agent_types
WHERE state = 'published' AND ($1::text IS NULL OR agent_type_id > $1)
ORDER BY agent_type_id, version DESC LIMIT $2
"""  # noqa: S608  constants
_VERSIONS = f"""
SELECT {_COLUMNS} FROM agent_types
WHERE ($1::text IS NULL OR agent_type_id = $1)
  AND ($2::text IS NULL OR agent_type_id > $2 OR (agent_type_id = $2 AND version < $3))
ORDER BY agent_type_id, version DESC LIMIT $4
"""  # noqa: S608  constants
_FIND = f"""
SELECT {_COLUMNS} FROM agent_types WHERE agent_type_id = $1
  AND CASE WHEN $2::int IS NULL THEN state = 'published' ELSE version = $2 AND state <> 'draft' END
ORDER BY version DESC LIMIT 1
"""  # noqa: S608  constants
_FIND_MANY = """
SELECT t.agent_type_id, t.version, t.definition FROM agent_types t
JOIN unnest($1::text[], $2::int[]) AS wanted (agent_type_id, version) USING (agent_type_id, version)
"""
_HOLD_DRAFT = f"""
SELECT {_COLUMNS} FROM agent_types WHERE agent_type_id = $1 AND state = 'draft' FOR UPDATE
"""  # noqa: S608  constants
_PUT_DRAFT = f"""
INSERT INTO agent_types (agent_type_id, version, state, definition, content_hash, changed_by)
SELECT $1, coalesce(max(version), 0) + 1, 'draft', $2, $3, $4 FROM agent_types WHERE agent_type_id = $1
ON CONFLICT (agent_type_id) WHERE state = 'draft'
DO UPDATE SET definition = excluded.definition, content_hash = excluded.content_hash,
    changed_by = excluded.changed_by, created_at = now()
RETURNING {_COLUMNS}
"""  # noqa: S608  constants
_MOVE = f"""
UPDATE agent_types SET state = $3, changed_by = $4,
    published_at = CASE WHEN $3 = 'published' THEN now() ELSE published_at END
WHERE agent_type_id = $1 AND version = $2 AND state = $5
RETURNING {_COLUMNS}
"""  # noqa: S608  constants
_SEED = """
INSERT INTO agent_types (agent_type_id, version, state, definition, content_hash, changed_by, published_at)
SELECT $1, coalesce(max(version), 0) + 1, 'published', $2, $3, 'service:seed', now()
FROM agent_types WHERE agent_type_id = $1
HAVING NOT coalesce(bool_or(content_hash = $3 OR changed_by <> 'service:seed'), false)
ON CONFLICT DO NOTHING
"""


async def list_published(session: Session, *, after: str | None, limit: int) -> list[AgentType]:
    """Newest published version of each type, by id."""
    return [_to_type(row) for row in await session.connection.fetch(_NEWEST_PUBLISHED, after, limit)]


async def list_versions(
    session: OversightSession, *, agent_type_id: str | None, after: tuple[str, int] | None, limit: int
) -> list[AgentType]:
    """All versions in all states, by id, newest first."""
    name, version = after or (None, None)
    rows = await session.connection.fetch(_VERSIONS, agent_type_id, name, version, limit)
    return [_to_type(row) for row in rows]


async def find(session: Session, agent_type_id: str, *, version: int | None) -> AgentType | None:
    """A published or retired version; without one named, the newest published."""
    row = await session.connection.fetchrow(_FIND, agent_type_id, version)
    return _to_type(row) if row else None


async def find_definitions(
    session: Session, wanted: Collection[tuple[str, int]]
) -> dict[tuple[str, int], AgentTypeDefinition]:
    """Definitions by type and version."""
    names, versions = [name for name, _ in wanted], [version for _, version in wanted]
    rows = await session.connection.fetch(_FIND_MANY, names, versions)
    return {
        (row["agent_type_id"], row["version"]): AgentTypeDefinition.model_validate(row["definition"])
        for row in rows
    }


async def hold_draft(session: OversightSession, agent_type_id: str) -> AgentType | None:
    """Find the draft and hold it until the transaction ends."""
    row = await session.connection.fetchrow(_HOLD_DRAFT, agent_type_id)
    return _to_type(row) if row else None


async def put_draft(
    session: OversightSession, agent_type_id: str, *, definition: dict[str, Any], content_hash: str
) -> AgentType:
    row = await session.connection.fetchrow(
        _PUT_DRAFT, agent_type_id, definition, content_hash, session.actor
    )
    assert row is not None
    return _to_type(row)


async def move(
    session: OversightSession, agent_type_id: str, *, version: int, start: VersionState, end: VersionState
) -> AgentType | None:
    """Return None when the version is not in the state to start from."""
    row = await session.connection.fetchrow(_MOVE, agent_type_id, version, end, session.actor, start)
    return _to_type(row) if row else None


async def seed(
    session: OversightSession, agent_type_id: str, *, definition: dict[str, Any], content_hash: str
) -> None:
    """Publish a definition that comes with this version of the code, unless an operator has taken it over."""
    await session.connection.execute(_SEED, agent_type_id, definition, content_hash)


def _to_type(row: Row) -> AgentType:
    return AgentType.model_validate(dict(row))
