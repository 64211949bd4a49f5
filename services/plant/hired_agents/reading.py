"""Finding hired agents and saying what they lack; goals and their runs open an instance here too."""

from collections.abc import Sequence
from decimal import Decimal

from plant.agent_types import actions as agent_types
from plant.exchange_accounts import actions as exchange_accounts
from plant.hired_agents import store
from plant.hired_agents.model import HiredInstanceId, Instance, InstanceFilter, KnownRefs, Stored, missing_in
from plant.platform_accounts import actions as platform_accounts
from plant.subscriptions import actions as subscriptions
from plant.subscriptions.model import Life, SubscriptionId
from shared.clock import utc_now
from shared.contracts.agent_types import Finding
from shared.contracts.hired_agents import (
    HiredAgent,
    HiredAgentList,
    HiredAgentSummary,
    HiredAgentSummaryList,
)
from shared.db import Database, OversightSession, Session, TenantSession, look_up
from shared.errors import not_found
from shared.ids import CustomerId
from shared.paging import MAX_LIMIT, Page, cut_page


async def open_instance(session: TenantSession, hired_instance_id: HiredInstanceId) -> Instance:
    """Find an instance to look at. Raises: PlatformError 404, 410 `subscription_gone`."""
    stored = await store.find(session, hired_instance_id)
    if stored is None:
        raise not_found("hired agent")
    subscriptions.check_readable(stored.subscription)
    return await with_definition(session, stored)


async def open_live(session: TenantSession, hired_instance_id: HiredInstanceId) -> Instance:
    """Find an instance to change or to let work. Raises: PlatformError 404, 409 `subscription_ended`, 410."""
    instance = await open_instance(session, hired_instance_id)
    subscriptions.check_live(instance.stored.subscription)
    return instance


async def find_missing(session: TenantSession, instance: Instance) -> tuple[Finding, ...]:
    """What keeps the instance from working; empty: it is configured."""
    refs = await known_refs(session, [session.customer_id])
    return missing_in(instance.definition, instance.stored.config, refs=refs)


async def get(
    database: Database, hired_instance_id: HiredInstanceId, *, customer_id: CustomerId
) -> HiredAgent:
    """Raises: PlatformError 404, 410."""
    async with database.tenant(customer_id) as session:
        return await show(session, await open_instance(session, hired_instance_id))


async def get_by_subscription(
    database: Database, subscription_id: SubscriptionId, *, customer_id: CustomerId
) -> HiredAgent:
    """Raises: PlatformError 404, 410."""
    async with database.tenant(customer_id) as session:
        stored = await store.find_by_subscription(session, subscription_id)
        if stored is None:
            raise not_found("hired agent")
        subscriptions.check_readable(stored.subscription)
        return await show(session, await with_definition(session, stored))


async def list_own(database: Database, customer_id: CustomerId, *, page: Page) -> HiredAgentList:
    async with database.tenant(customer_id) as session:
        return await _list(session, InstanceFilter(customer_id), page=page)


async def list_all(session: OversightSession, wanted: InstanceFilter, *, page: Page) -> HiredAgentList:
    return await _list(session, wanted, page=page)


async def summarize(database: Database, customer_id: CustomerId) -> HiredAgentSummaryList:
    """All that the hub shows, of the newest instances."""
    async with database.tenant(customer_id) as session:
        stored = await store.list_newest(session, InstanceFilter(customer_id), page=Page(limit=MAX_LIMIT))
        instances = await _with_definitions(session, stored)
        refs = await known_refs(session, [customer_id])
        work = await store.load_work(session, [one.hired_instance_id for one in instances])
    return HiredAgentSummaryList(
        items=tuple(
            HiredAgentSummary(
                hired_instance_id=one.hired_instance_id,
                subscription_id=one.stored.subscription.subscription_id,
                agent_type_id=one.stored.agent_type_id,
                agent_type_version=one.stored.agent_type_version,
                nickname=one.title,
                state=one.stored.state,
                configured=not missing_in(one.definition, one.stored.config, refs=refs),
                goals_completed=work[one.hired_instance_id]["done"],
                drafts_waiting=work[one.hired_instance_id]["waiting"],
                tasks_used=work[one.hired_instance_id]["tasks"] or 0,
                budget_used=work[one.hired_instance_id]["cost"] or Decimal(0),
            )
            for one in instances
        )
    )


async def show(session: TenantSession, instance: Instance) -> HiredAgent:
    return _to_wire(instance, await find_missing(session, instance))


async def with_definition(session: Session, stored: Stored) -> Instance:
    (instance,) = await _with_definitions(session, [stored])
    return instance


async def known_refs(session: Session, customer_ids: list[CustomerId]) -> KnownRefs:
    exchange = exchange_accounts.providers_by_ref(customer_ids)
    platform = platform_accounts.platforms_by_ref(customer_ids)
    found = await look_up(session, exchange, platform)
    return KnownRefs(found[exchange], found[platform])


async def _list(session: Session, wanted: InstanceFilter, *, page: Page) -> HiredAgentList:
    found = await store.list_newest(session, wanted, page=page)
    kept, cursor = cut_page(found, page, id_of=lambda stored: stored.hired_instance_id)
    instances = await _with_definitions(session, kept)
    refs = await known_refs(session, list({stored.customer_id for stored in kept}))
    items = [_to_wire(one, missing_in(one.definition, one.stored.config, refs=refs)) for one in instances]
    return HiredAgentList(items=tuple(items), next_cursor=cursor)


async def _with_definitions(session: Session, stored: Sequence[Stored]) -> list[Instance]:
    wanted = {(one.agent_type_id, one.agent_type_version) for one in stored}
    found = await agent_types.find_definitions(session, wanted)
    return [Instance(one, found[one.agent_type_id, one.agent_type_version]) for one in stored]


def _to_wire(instance: Instance, missing: tuple[Finding, ...]) -> HiredAgent:
    stored = instance.stored
    return HiredAgent(
        hired_instance_id=stored.hired_instance_id,
        customer_id=stored.customer_id,
        subscription_id=stored.subscription.subscription_id,
        agent_type_id=stored.agent_type_id,
        agent_type_version=stored.agent_type_version,
        nickname=instance.title,
        state=stored.state,
        config=stored.config,
        configured=not missing,
        missing=missing,
        read_only=stored.subscription.life(utc_now()) is not Life.LIVE,
        version=stored.version,
        created_at=stored.created_at,
        updated_at=stored.updated_at,
    )
