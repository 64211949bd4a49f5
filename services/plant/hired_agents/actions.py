"""Configuring a hired agent: draft, finalize, pause, resume, upgrade. Each change is in the audit chain."""

from dataclasses import replace
from hashlib import sha256

import rfc8785

from plant.agent_types import actions as agent_types
from plant.agent_types.rules import with_defaults
from plant.evidence import actions as evidence
from plant.evidence.model import Subject
from plant.hired_agents import reading, store
from plant.hired_agents.model import HiredInstanceId, Instance, misfits, missing_in
from plant.subscriptions import actions as subscriptions
from plant.subscriptions.model import Subscription, SubscriptionId
from shared.contracts.agent_types import AgentType, Finding, JsonObject, VersionState
from shared.contracts.hired_agents import (
    DraftInstanceRequest,
    HiredAgent,
    InstanceState,
    UpgradeReport,
    UpgradeRequest,
)
from shared.db import Database, TenantSession
from shared.errors import FieldError, PlatformError, invalid_fields, wrong_state
from shared.identity import Identity
from shared.ids import CustomerId


async def put_draft(
    database: Database, request: DraftInstanceRequest, *, customer_id: CustomerId, caller: Identity
) -> HiredAgent:
    """Begin or change a configuration. A draft may be incomplete; one that is at work stays whole.

    Raises: PlatformError 404, 409 for an ended subscription or a version that is not the latest, 410, 422.
    """
    async with database.tenant(customer_id) as session:
        subscription = await subscriptions.get(session, SubscriptionId(request.subscription_id))
        subscriptions.check_live(subscription)
        stored = await store.find_by_subscription(session, subscription.subscription_id)
        if stored is None:
            instance = await _begin(session, subscription, request)
        else:
            instance = await _rewrite(session, await reading.with_definition(session, stored), request)
        await _record(session, instance, caller, kind="hired_agent.drafted")
        return await reading.show(session, instance)


async def finalize(
    database: Database,
    hired_instance_id: HiredInstanceId,
    *,
    version: int,
    customer_id: CustomerId,
    caller: Identity,
) -> HiredAgent:
    """Let the agent work. Raises: PlatformError 404, 409, 410; 422 with what to do about each field."""
    async with database.tenant(customer_id) as session:
        instance = await reading.open_live(session, hired_instance_id)
        _check_whole(await reading.find_missing(session, instance))
        start = instance.stored.state
        end = InstanceState.ACTIVE if start is InstanceState.DRAFT else start
        changed = await _change(session, instance, version=version, state=end)
        await _record(session, changed, caller, kind="hired_agent.finalized")
        return await reading.show(session, changed)


async def set_paused(
    database: Database,
    hired_instance_id: HiredInstanceId,
    *,
    paused: bool,
    customer_id: CustomerId,
    caller: Identity,
) -> HiredAgent:
    """Stop an agent's goals, or let them run again; done twice, it changes nothing. Raises: PlatformError 404, 409."""
    wanted = InstanceState.PAUSED if paused else InstanceState.ACTIVE
    async with database.tenant(customer_id) as session:
        instance = await reading.open_live(session, hired_instance_id)
        if instance.stored.state is InstanceState.DRAFT:
            raise wrong_state("The hired agent is a draft; finalize it first.")
        if instance.stored.state is not wanted:
            instance = await _change(session, instance, version=instance.stored.version, state=wanted)
            kind = "hired_agent.paused" if paused else "hired_agent.resumed"
            await _record(session, instance, caller, kind=kind)
        return await reading.show(session, instance)


async def report_upgrade(
    database: Database, hired_instance_id: HiredInstanceId, *, version: int | None, customer_id: CustomerId
) -> UpgradeReport:
    """What the newest published version, or the one named, would ask for. Raises: PlatformError 404, 409, 410."""
    async with database.tenant(customer_id) as session:
        instance = await reading.open_instance(session, hired_instance_id)
        target = await _target(session, instance, version)
        return await _report(session, instance, target, _fitted(instance, target))


async def upgrade(
    database: Database,
    hired_instance_id: HiredInstanceId,
    *,
    request: UpgradeRequest,
    customer_id: CustomerId,
    caller: Identity,
) -> HiredAgent:
    """Raises: PlatformError 404, 409, 410; 422 when the configuration or a goal would not fit."""
    async with database.tenant(customer_id) as session:
        instance = await reading.open_live(session, hired_instance_id)
        target = await _target(session, instance, request.agent_type_version)
        config = _fitted(instance, target) if request.config is None else request.config
        report = await _report(session, instance, target, config)
        of_goals = [_of_goal(goal.goal_id, one) for goal in report.goals for one in goal.problems]
        is_draft = instance.stored.state is InstanceState.DRAFT
        _check_whole((*(() if is_draft else report.missing), *of_goals))
        moved = Instance(instance.stored, target.definition)
        changed = await _change(
            session, moved, version=request.version, config=config, agent_type_version=target.version
        )
        await _record(session, changed, caller, kind="hired_agent.upgraded")
        return await reading.show(session, changed)


async def _begin(
    session: TenantSession, subscription: Subscription, request: DraftInstanceRequest
) -> Instance:
    if request.version is not None:
        raise _version_conflict()
    newest = await agent_types.get_version(session, subscription.agent_type_id, version=None)
    config = with_defaults(newest.definition.config_schema, request.config)
    inserted = await store.insert(session, store.New(subscription, newest.version, config))
    if inserted is None:
        raise _version_conflict()
    return await reading.open_instance(session, inserted)


async def _rewrite(session: TenantSession, instance: Instance, request: DraftInstanceRequest) -> Instance:
    config = with_defaults(instance.definition.config_schema, request.config)
    if instance.stored.state is not InstanceState.DRAFT:
        refs = await reading.known_refs(session, [session.customer_id])
        _check_whole(missing_in(instance.definition, config, refs=refs))
    return await _change(session, instance, version=request.version, config=config)


async def _change(
    session: TenantSession,
    instance: Instance,
    *,
    version: int | None,
    config: JsonObject | None = None,
    agent_type_version: int | None = None,
    state: InstanceState | None = None,
) -> Instance:
    """Change what is given, if the version is the latest. Raises: PlatformError 409 `version_conflict`."""
    stored = instance.stored
    wanted = replace(
        stored,
        config=stored.config if config is None else config,
        agent_type_version=agent_type_version or stored.agent_type_version,
        state=state or stored.state,
    )
    if version is None or not await store.change(session, wanted, version=version):
        raise _version_conflict()
    changed = await store.find(session, stored.hired_instance_id)
    assert changed is not None
    return Instance(changed, instance.definition)


async def _target(session: TenantSession, instance: Instance, version: int | None) -> AgentType:
    stored = instance.stored
    target = await agent_types.get_version(session, stored.agent_type_id, version=version)
    if target.state is not VersionState.PUBLISHED:
        raise wrong_state(f"Version {target.version} is {target.state}; upgrade to a published one.")
    return target


def _fitted(instance: Instance, target: AgentType) -> JsonObject:
    """The configuration without the fields that the target does not know, and with its defaults."""
    schema = target.definition.config_schema
    known = set(_names(schema))
    kept = {name: value for name, value in instance.stored.config.items() if name in known}
    return with_defaults(schema, kept)


async def _report(
    session: TenantSession, instance: Instance, target: AgentType, config: JsonObject
) -> UpgradeReport:
    refs = await reading.known_refs(session, [session.customer_id])
    missing = missing_in(target.definition, config, refs=refs)
    goals = await store.list_goals(session, instance.hired_instance_id)
    problems = tuple(found for goal in goals if (found := misfits(goal, target.definition)) is not None)
    before, after = _names(instance.definition.config_schema), _names(target.definition.config_schema)
    return UpgradeReport(
        from_version=instance.stored.agent_type_version,
        to_version=target.version,
        ready=not missing and not problems,
        missing=missing,
        added_fields=tuple(name for name in after if name not in before),
        removed_fields=tuple(name for name in before if name not in after),
        goals=problems,
    )


async def _record(session: TenantSession, instance: Instance, caller: Identity, *, kind: str) -> None:
    stored = instance.stored
    facts = {
        "hired_instance_id": str(stored.hired_instance_id),
        "subscription_id": str(stored.subscription.subscription_id),
        "agent_type_version": stored.agent_type_version,
        "version": stored.version,
        "state": stored.state,
        "config_hash": "sha256:" + sha256(rfc8785.dumps(stored.config)).hexdigest(),
    }
    subject = Subject(session.customer_id, caller.correlation_id, caller.actor, stored.agent_type_id)
    await evidence.record_event(session, subject=subject, kind=kind, facts=facts)


def _check_whole(problems: tuple[Finding, ...]) -> None:
    if problems:
        raise invalid_fields(*(FieldError(one.field, one.message) for one in problems))


def _of_goal(goal_id: object, problem: Finding) -> Finding:
    return Finding(field=f"goals[{goal_id}]{problem.field}", message=problem.message)


def _names(schema: JsonObject) -> list[str]:
    properties = schema.get("properties")
    return sorted(properties) if isinstance(properties, dict) else []


def _version_conflict() -> PlatformError:
    detail = "The hired agent was changed meanwhile, or its version was not sent; reload it and try again."
    return wrong_state(detail, reason="version_conflict")
