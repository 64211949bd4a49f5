"""Table notifications."""

from uuid import UUID

from plant.notifications.model import NewNotification
from shared.contracts.notifications import Notification
from shared.db import TenantSession
from shared.ids import uuid7
from shared.paging import Page

_COLUMNS = "notification_id, hired_instance_id, kind, subject_id, summary, link, created_at, read_at"
_INSERT = """
INSERT INTO notifications (notification_id, customer_id, hired_instance_id, kind, subject_id, summary, link)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (kind, subject_id) DO NOTHING
"""
_LIST = f"""
SELECT {_COLUMNS} FROM notifications
WHERE customer_id = $1 AND ($2::uuid IS NULL OR notification_id < $2) AND NOT ($3 AND read_at IS NOT NULL)
ORDER BY notification_id DESC LIMIT $4
"""  # noqa: S608  our own column names
_MARK_READ = f"""
UPDATE notifications SET read_at = coalesce(read_at, clock_timestamp())
WHERE notification_id = $1 AND customer_id = $2 RETURNING {_COLUMNS}
"""  # noqa: S608  our own column names


async def insert(session: TenantSession, new: NewNotification) -> None:
    await session.connection.execute(
        _INSERT,
        uuid7(),
        session.customer_id,
        new.hired_instance_id,
        new.kind,
        new.subject_id,
        new.summary,
        new.link,
    )


async def list_newest(session: TenantSession, *, page: Page, unread_only: bool) -> list[Notification]:
    rows = await session.connection.fetch(
        _LIST, session.customer_id, page.before, unread_only, page.fetch_limit
    )
    return [Notification.model_validate(dict(row)) for row in rows]


async def mark_read(session: TenantSession, notification_id: UUID) -> Notification | None:
    row = await session.connection.fetchrow(_MARK_READ, notification_id, session.customer_id)
    return Notification.model_validate(dict(row)) if row else None
