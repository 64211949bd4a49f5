"""Wire models of notifications outside: a customer's channels, what went there, and how the portal fetches news."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, SecretStr

from shared.contracts.base import Moment, WireModel

ChannelUrl = Annotated[SecretStr, Field(min_length=8, max_length=1_000)]


class ChannelRequest(WireModel):
    """`url` is the address in Apprise's form, with its token: a secret. `channel_id` replaces one."""

    url: ChannelUrl
    channel_id: UUID | None = None


class NotificationChannel(WireModel):
    """Never the address itself."""

    channel_id: UUID
    scheme: str
    url_last4: str
    created_at: datetime
    updated_at: datetime


class NotificationChannelList(WireModel):
    items: tuple[NotificationChannel, ...]
    next_cursor: str | None = None


class DeliveryState(StrEnum):
    """`queued` waits or is tried again; `given_up` has failed too often."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class ChannelDelivery(WireModel):
    delivery_id: UUID
    notification_id: UUID
    state: DeliveryState
    attempts: int
    last_error: str | None
    created_at: datetime
    settled_at: datetime | None


class ChannelDeliveryList(WireModel):
    items: tuple[ChannelDelivery, ...]
    next_cursor: str | None = None


class ClaimRequest(WireModel):
    """Portal to Plant: what is new for the customer of the token since then, and is not claimed by another process."""

    since: Moment


class ClaimedNotification(WireModel):
    notification_id: UUID
    summary: str
    link: str


class ClaimedNotifications(WireModel):
    items: tuple[ClaimedNotification, ...]


class AcknowledgeRequest(WireModel):
    """Portal to Plant: these are kept by the portal now."""

    notification_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=500)]


class Acknowledged(WireModel):
    count: int
