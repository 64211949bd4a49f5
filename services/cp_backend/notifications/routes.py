"""HTTP for a customer's notification channels. An address goes in and is never shown again."""

from uuid import UUID

from fastapi import APIRouter

from cp_backend.notifications import actions
from shared.contracts.notification_channels import (
    ChannelDeliveryList,
    ChannelRequest,
    NotificationChannel,
    NotificationChannelList,
)
from shared.web.paging import ThePage
from shared.web.portal import Customer, ThePortal

router = APIRouter(prefix="/api/cp/notification-channels", tags=["notification channels"])


@router.put("")
async def put_channel(body: ChannelRequest, customer: Customer, portal: ThePortal) -> NotificationChannel:
    return await actions.put_channel(portal, body, by=customer)


@router.get("")
async def list_channels(customer: Customer, portal: ThePortal, page: ThePage) -> NotificationChannelList:
    return await actions.list_channels(portal, page=page, by=customer)


@router.delete("/{channel_id}", status_code=204)
async def delete_channel(channel_id: UUID, customer: Customer, portal: ThePortal) -> None:
    await actions.delete_channel(portal, channel_id, by=customer)


@router.get("/{channel_id}/deliveries")
async def list_deliveries(
    channel_id: UUID, customer: Customer, portal: ThePortal, page: ThePage
) -> ChannelDeliveryList:
    return await actions.list_deliveries(portal, channel_id, page=page, by=customer)
