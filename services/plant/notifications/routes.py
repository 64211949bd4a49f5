"""HTTP for notifications: a customer lists their own and marks them as read."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from plant.notifications import actions
from shared.contracts.notifications import Notification, NotificationList
from shared.web.identity import CallerCustomer
from shared.web.paging import ThePage
from shared.web.params import PathId

router = APIRouter(prefix="/api/v1/notifications", tags=["notifications"])


@router.get("")
async def list_notifications(
    request: Request,
    customer_id: CallerCustomer,
    page: ThePage,
    unread: Annotated[bool, Query()] = False,
) -> NotificationList:
    database = request.app.state.wiring.database
    return await actions.list_own(database, customer_id, page=page, unread_only=unread)


@router.post("/{notification_id}/read")
async def mark_notification_read(
    request: Request, notification_id: PathId, customer_id: CallerCustomer
) -> Notification:
    return await actions.mark_read(request.app.state.wiring.database, customer_id, notification_id)
