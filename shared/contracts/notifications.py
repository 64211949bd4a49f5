"""Wire models of notifications: that something waits for a customer or failed, and where it is to be seen."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.base import WireModel


class NotificationKind(StrEnum):
    DRAFT_WAITS = "draft_waits"
    RUN_FAILED = "run_failed"
    NOT_CARRIED_OUT = "not_carried_out"


class Notification(WireModel):
    """`link` is a path in the customer portal; `summary` says what it is about, never what the action is."""

    notification_id: UUID
    hired_instance_id: UUID | None
    kind: NotificationKind
    subject_id: UUID
    summary: str
    link: str
    created_at: datetime
    read_at: datetime | None


class NotificationList(WireModel):
    items: tuple[Notification, ...]
    next_cursor: str | None = None
