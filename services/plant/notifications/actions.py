"""Telling a customer that something waits for them or failed, and what they have seen of it."""

from uuid import UUID

from plant.notifications import store
from plant.notifications.model import NewNotification
from shared.contracts.notifications import Notification, NotificationList
from shared.db import Database, TenantSession
from shared.errors import not_found
from shared.ids import CustomerId
from shared.paging import Page, cut_page


async def notify(session: TenantSession, new: NewNotification) -> None:
    """Requires: the transaction of what the notification is about."""
    await store.insert(session, new)


async def list_own(
    database: Database, customer_id: CustomerId, *, page: Page, unread_only: bool
) -> NotificationList:
    async with database.tenant(customer_id) as session:
        found = await store.list_newest(session, page=page, unread_only=unread_only)
    items, cursor = cut_page(found, page, id_of=lambda one: one.notification_id)
    return NotificationList(items=tuple(items), next_cursor=cursor)


async def mark_read(database: Database, customer_id: CustomerId, notification_id: UUID) -> Notification:
    """Raises: PlatformError 404."""
    async with database.tenant(customer_id) as session:
        found = await store.mark_read(session, notification_id)
    if found is None:
        raise not_found("notification")
    return found
