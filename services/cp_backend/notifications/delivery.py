"""The loop that fetches news from Plant and sends it to channels outside.

News are fetched for customers with channels only, for each in their own matter, kept once for each channel, and
acknowledged when they are kept. A round asks for some customers, the next one for the following.
A process that dies while it sends leaves a lease behind; after that the delivery is tried again.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from pydantic import SecretStr

from cp_backend.notifications import store
from cp_backend.notifications.model import FollowedSince, HeldDelivery
from cp_backend.notifications.transport import DeliveryFailedError, Letter, Transport
from shared.contracts.notification_channels import (
    Acknowledged,
    AcknowledgeRequest,
    ClaimedNotifications,
    ClaimRequest,
)
from shared.errors import PlatformError
from shared.ids import CustomerId
from shared.logs import get_logger
from shared.plant_client import service_caller
from shared.portal import Portal
from shared.vault.envelope import EnvelopeError, unseal

POLL_S = 2.0
_FOLLOWERS_A_ROUND = 50
_FETCHES_AT_ONCE = 5
_SENDS_AT_ONCE = 10
_ACTOR = "service:notifications"
_PATH = "/internal/v1/notification-deliveries"


@asynccontextmanager
async def delivering(portal: Portal, transport: Transport) -> AsyncGenerator[None]:
    """Deliver in the background until the block ends."""
    task = asyncio.create_task(_run(portal, transport))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _run(portal: Portal, transport: Transport) -> None:
    after: CustomerId | None = None
    while True:
        try:
            after = await fetch_news(portal, after=after)
            sent = await send_due(portal, transport)
        except PlatformError as error:
            get_logger().warning("notifications.round_postponed", reason=error.reason)
            sent = 0
        except Exception:  # noqa: BLE001  an outermost loop: logged, and all that waits is still there
            get_logger().exception("notifications.round_failed")
            sent = 0
        if sent < _SENDS_AT_ONCE:
            await asyncio.sleep(POLL_S)


async def fetch_news(portal: Portal, *, after: CustomerId | None) -> CustomerId | None:
    """Return after whom the next round goes on; None: from the beginning.

    Raises: PlatformError when Plant does not answer.
    """
    async with portal.database.oversight(actor=_ACTOR) as session:
        found = await store.list_followers(session, after=after, limit=_FOLLOWERS_A_ROUND)
    for start in range(0, len(found), _FETCHES_AT_ONCE):
        some = found[start : start + _FETCHES_AT_ONCE]
        await asyncio.gather(*(_fetch_for(portal, one) for one in some))
    return found[-1].customer_id if len(found) == _FOLLOWERS_A_ROUND else None


async def send_due(portal: Portal, transport: Transport) -> int:
    """Try what is due, each once; return how many that were."""
    async with portal.database.oversight(actor=_ACTOR) as session:
        held = await store.claim(session, limit=_SENDS_AT_ONCE)
    async with asyncio.TaskGroup() as tasks:
        for one in held:
            tasks.create_task(_send(portal, transport, one))
    return len(held)


async def _fetch_for(portal: Portal, follower: FollowedSince) -> None:
    caller = service_caller(portal.config.issuer, customer_id=follower.customer_id)
    wanted = ClaimRequest(since=follower.since)
    claimed = await portal.plant.fetch(
        "POST", f"{_PATH}/claim", caller=caller, model=ClaimedNotifications, body=wanted
    )
    if not claimed.items:
        return
    async with portal.database.tenant(follower.customer_id) as session:
        await store.keep_deliveries(session, claimed.items)
    kept = AcknowledgeRequest(notification_ids=tuple(one.notification_id for one in claimed.items))
    await portal.plant.fetch("POST", f"{_PATH}/acknowledge", caller=caller, model=Acknowledged, body=kept)


async def _send(portal: Portal, transport: Transport, held: HeldDelivery) -> None:
    error: str | None = None
    try:
        address = await unseal(held.channel.envelope, context=held.channel.context, keys=portal.vault.keys)
        letter = Letter(held.summary, f"{portal.config.public_url.rstrip('/')}{held.link}")
        await transport.send(SecretStr(address.decode()), letter)
    except DeliveryFailedError as failed:
        error = str(failed)
    except EnvelopeError:
        error = "the address cannot be read; enter it again"
    async with portal.database.oversight(actor=_ACTOR) as session:
        await store.settle(session, held, error=error)
    log = get_logger().info if error is None else get_logger().warning
    log(
        "notification.delivered" if error is None else "notification.not_delivered",
        delivery_id=held.delivery_id,
        scheme=held.channel.scheme,
        attempts=held.attempts,
        error=error,
        given_up=error is not None and held.is_last_attempt,
    )
