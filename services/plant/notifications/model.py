"""A notification before it is stored. It says that there is something to see, and where: never an action's content."""

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.notifications import NotificationKind


@dataclass(frozen=True, slots=True)
class NewNotification:
    """One of a kind about a subject is stored once, so that a repeat says nothing twice."""

    kind: NotificationKind
    subject_id: UUID
    summary: str
    link: str
    hired_instance_id: UUID | None = None
