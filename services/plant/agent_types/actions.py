"""Authoring agent types, publishing and retiring their versions, and finding definitions."""

import json
from collections.abc import Collection, Mapping
from contextlib import AbstractAsyncContextManager
from hashlib import sha256
from pathlib import Path

import rfc8785
from pydantic import JsonValue

from plant.agent_types import store
from plant.agent_types.skills import Skills
from plant.agent_types.validate import problems_of, report_on
from plant.evidence import actions as evidence
from shared.contracts.agent_types import (
    AgentType,
    AgentTypeDefinition,
    AgentTypeList,
    DefinitionReport,
    VersionState,
)
from shared.db import Database, Session
from shared.errors import FieldError, PlatformError, invalid_fields, not_found, wrong_state
from shared.identity import Identity

SEEDS = Path(__file__).parent / "definitions"


async def seed(database: Database) -> None:
    """Publish the definitions that come with this version of the code, where they are new. Safe to repeat."""
    async with database.oversight(actor="service:seed") as session:
        for path in sorted(SEEDS.glob("*.json")):
            definition = AgentTypeDefinition.model_validate_json(path.read_bytes())
            await store.seed(
                session,
                definition.agent_type_id,
                definition=_stored(definition),
                content_hash=content_hash(definition),
            )


async def list_published(
    database: Database, *, caller: Identity, after: str | None, limit: int
) -> AgentTypeList:
    """The newest published version of each type."""
    async with _reading(database, caller) as session:
        found = await store.list_published(session, after=after, limit=limit + 1)
    cursor = found[limit - 1].agent_type_id if len(found) > limit else None
    return AgentTypeList(items=tuple(found[:limit]), next_cursor=cursor)


async def get(database: Database, agent_type_id: str, *, version: int | None, caller: Identity) -> AgentType:
    """Raises: PlatformError 404."""
    async with _reading(database, caller) as session:
        return await get_version(session, agent_type_id, version=version)


async def get_version(session: Session, agent_type_id: str, *, version: int | None) -> AgentType:
    """A published or retired version; without one named, the newest published. Raises: PlatformError 404."""
    found = await store.find(session, agent_type_id, version=version)
    if found is None:
        raise not_found("agent type")
    return found


async def find_definitions(
    session: Session, wanted: Collection[tuple[str, int]]
) -> dict[tuple[str, int], AgentTypeDefinition]:
    """Shape: definitions by type and version."""
    return await store.find_definitions(session, wanted) if wanted else {}


async def list_versions(
    database: Database,
    *,
    agent_type_id: str | None,
    cursor: str | None,
    limit: int,
    caller: Identity,
    purpose: str,
) -> AgentTypeList:
    """All versions in all states. Raises: PlatformError 422 for a cursor that no answer has given."""
    after = _after(cursor)
    async with evidence.oversee(database, caller=caller, purpose=purpose) as session:
        found = await store.list_versions(session, agent_type_id=agent_type_id, after=after, limit=limit + 1)
    items = found[:limit]
    more = f"{items[-1].agent_type_id}:{items[-1].version}" if len(found) > limit else None
    return AgentTypeList(items=tuple(items), next_cursor=more)


async def put_draft(
    database: Database, agent_type_id: str, *, definition: AgentTypeDefinition, caller: Identity, purpose: str
) -> AgentType:
    """Keep a draft of the next version. Raises: PlatformError 422 for a definition of another type."""
    if definition.agent_type_id != agent_type_id:
        raise invalid_fields(FieldError("agent_type_id", "must be the one in the path"))
    async with evidence.oversee(database, caller=caller, purpose=purpose) as session:
        return await store.put_draft(
            session, agent_type_id, definition=_stored(definition), content_hash=content_hash(definition)
        )


def validate(body: Mapping[str, JsonValue], *, skills: Skills) -> DefinitionReport:
    return report_on(body, skills=skills)


async def publish(
    database: Database, agent_type_id: str, *, skills: Skills, caller: Identity, purpose: str
) -> AgentType:
    """Raises: PlatformError 404 without a draft, 422 with everything that is wrong with it."""
    async with evidence.oversee(database, caller=caller, purpose=purpose) as session:
        draft = await store.hold_draft(session, agent_type_id)
        if draft is None:
            raise not_found("draft of this agent type")
        _check_publishable(draft.definition, skills=skills)
        published = await store.move(
            session,
            agent_type_id,
            version=draft.version,
            start=VersionState.DRAFT,
            end=VersionState.PUBLISHED,
        )
    assert published is not None
    return published


async def retire(
    database: Database, agent_type_id: str, *, version: int, caller: Identity, purpose: str
) -> AgentType:
    """No new hire gets a retired version; who has it keeps it. Raises: PlatformError 404, 409."""
    async with evidence.oversee(database, caller=caller, purpose=purpose) as session:
        retired = await store.move(
            session,
            agent_type_id,
            version=version,
            start=VersionState.PUBLISHED,
            end=VersionState.RETIRED,
        )
        if retired is None:
            known = await get_version(session, agent_type_id, version=version)
            raise wrong_state(f"Version {version} is {known.state}; only a published one can be retired.")
    return retired


def content_hash(definition: AgentTypeDefinition) -> str:
    return "sha256:" + sha256(rfc8785.dumps(_stored(definition))).hexdigest()


def _check_publishable(definition: AgentTypeDefinition, *, skills: Skills) -> None:
    problems = problems_of(definition, skills=skills)
    if problems:
        errors = [FieldError(problem.field, problem.message) for problem in problems]
        raise PlatformError(
            422, "definition_invalid", "The definition cannot be published; see errors.", errors=errors
        )


def _reading(database: Database, caller: Identity) -> AbstractAsyncContextManager[Session]:
    """Agent types are nobody's data: a customer reads them in their own session, an operator in one over all."""
    if caller.customer_id is not None:
        return database.tenant(caller.customer_id)
    return database.oversight(actor=caller.actor)


def _stored(definition: AgentTypeDefinition) -> dict[str, JsonValue]:
    return json.loads(definition.model_dump_json())


def _after(cursor: str | None) -> tuple[str, int] | None:
    if cursor is None:
        return None
    name, _, version = cursor.rpartition(":")
    if not name or not version.isdecimal() or len(version) > 9:
        raise invalid_fields(FieldError("cursor", "must be one that an answer has given"))
    return name, int(version)
