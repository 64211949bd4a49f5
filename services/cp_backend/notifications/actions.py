"""A customer's channels outside: keep, list and delete them; and the addresses under a new key-encryption key."""

from uuid import UUID

from cp_backend.notifications import store
from cp_backend.notifications.model import MOST_CHANNELS, SealedChannel, channel_context
from cp_backend.notifications.schemes import check_address
from shared.contracts.notification_channels import (
    ChannelDeliveryList,
    ChannelRequest,
    NotificationChannel,
    NotificationChannelList,
)
from shared.db import Database, Session
from shared.errors import PlatformError, not_found
from shared.ids import CustomerId, uuid7
from shared.logs import get_logger
from shared.paging import Page, cut_page
from shared.portal import Portal
from shared.sign_in.party import Party
from shared.vault.envelope import KeyEncryption, rewrap, seal
from shared.vault.model import last4_of

_ACTOR = "service:vault-rewrap"
_BATCH = 100


async def put_channel(portal: Portal, request: ChannelRequest, *, by: Party) -> NotificationChannel:
    """Keep a new channel, or replace one's address. Raises: PlatformError 404, 409 for too many, 422."""
    url = request.url.get_secret_value()
    scheme = check_address(url, is_local=portal.config.is_local)
    customer_id = CustomerId(by.account_id)
    async with by.session(portal.database) as session:
        channel_id, version = await _place(session, request, customer_id=customer_id)
        context = channel_context(channel_id, customer_id=customer_id, version=version)
        envelope = await seal(url.encode(), context=context, keys=portal.vault.keys)
        channel = SealedChannel(channel_id, customer_id, version, scheme, last4_of(url), envelope)
        kept = await store.keep_channel(session, channel)
    get_logger().info("notification_channel.kept", channel_id=channel_id, scheme=scheme)
    return kept


async def list_channels(portal: Portal, *, page: Page, by: Party) -> NotificationChannelList:
    async with by.session(portal.database) as session:
        found = await store.list_channels(session, CustomerId(by.account_id), page=page)
    items, cursor = cut_page(found, page, id_of=lambda one: one.channel_id)
    return NotificationChannelList(items=tuple(items), next_cursor=cursor)


async def delete_channel(portal: Portal, channel_id: UUID, *, by: Party) -> None:
    """The address is forgotten, and what waits is not sent. Raises: PlatformError 404."""
    async with by.session(portal.database) as session:
        if not await store.delete(session, channel_id):
            raise not_found("notification channel")
    get_logger().info("notification_channel.deleted", channel_id=channel_id)


async def list_deliveries(portal: Portal, channel_id: UUID, *, page: Page, by: Party) -> ChannelDeliveryList:
    """Raises: PlatformError 404."""
    async with by.session(portal.database) as session:
        if await store.find(session, channel_id) is None:
            raise not_found("notification channel")
        found = await store.list_deliveries(session, channel_id, page=page)
    items, cursor = cut_page(found, page, id_of=lambda one: one.delivery_id)
    return ChannelDeliveryList(items=tuple(items), next_cursor=cursor)


async def rewrap_all(database: Database, *, keys: KeyEncryption) -> int:
    """Return how many addresses were re-wrapped. Raises: EnvelopeError when a key is missing."""
    done = 0
    while waiting := await _waiting(database, keys=keys):
        for channel in waiting:
            key = await rewrap(channel.envelope.key, context=channel.context, keys=keys)
            async with database.oversight(actor=_ACTOR) as session:
                await store.replace_wrapping(session, channel, key=key)
        done += len(waiting)
    return done


async def _place(session: Session, request: ChannelRequest, *, customer_id: CustomerId) -> tuple[UUID, int]:
    """Shape: the channel's id, and the how-manieth address this will be."""
    if request.channel_id is not None:
        held = await store.find(session, request.channel_id)
        if held is None:
            raise not_found("notification channel")
        return held.channel_id, held.version + 1
    if await store.count(session, customer_id) >= MOST_CHANNELS:
        raise PlatformError(409, "too_many_channels", f"There can be {MOST_CHANNELS}; delete one first.")
    return uuid7(), 1


async def _waiting(database: Database, *, keys: KeyEncryption) -> list[SealedChannel]:
    async with database.oversight(actor=_ACTOR) as session:
        return await store.list_wrapped_otherwise(session, key_version=keys.active_version(), limit=_BATCH)
