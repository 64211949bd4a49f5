"""Listing customers for operators."""

from plant.customers import store
from shared.contracts.customers import CustomerOverviewList
from shared.db import OversightSession
from shared.paging import Page, cut_page


async def list_all(session: OversightSession, *, page: Page) -> CustomerOverviewList:
    found = await store.list_newest(session, page=page)
    items, cursor = cut_page(found, page, id_of=lambda customer: customer.customer_id)
    return CustomerOverviewList(items=tuple(items), next_cursor=cursor)
