"""HTTP for subscriptions: hire, list, cancel at the end of the period."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Request

from cp_backend.subscriptions import actions
from cp_backend.subscriptions.model import SubscriptionId
from shared.contracts.hired_agents import HireRequest, Subscription, SubscriptionList
from shared.paging import cut_page
from shared.web.paging import ThePage
from shared.web.portal import Customer, ThePortal

router = APIRouter(prefix="/api/cp/subscriptions", tags=["subscriptions"])


@router.post("", status_code=201)
async def hire(body: HireRequest, customer: Customer, portal: ThePortal) -> Subscription:
    return await actions.hire(portal, body, by=customer)


@router.get("")
async def list_subscriptions(customer: Customer, portal: ThePortal, page: ThePage) -> SubscriptionList:
    found = await actions.list_own(portal, page=page, by=customer)
    items, cursor = cut_page(found, page, id_of=lambda one: one.subscription_id)
    return SubscriptionList(items=tuple(map(actions.show, items)), next_cursor=cursor)


@router.post("/{subscription_id}/cancel")
async def cancel(
    request: Request, subscription_id: UUID, customer: Customer, portal: ThePortal
) -> Subscription:
    retention: timedelta = request.app.state.subscription_retention
    return await actions.cancel(portal, SubscriptionId(subscription_id), retention=retention, by=customer)
