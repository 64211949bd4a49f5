"""One approval, one order: whoever presents it, however often, over whichever way, at the same time."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import httpx

from shared.contracts.trading import DeliverableState
from shared.identity import ActorType
from tests.forgery import at_gateway
from tests.processes import another_plant
from tests.stack import Stack
from tests.trades import RUN, Approved, Trader, new_trader

AT_ONCE = 200

Attempt = Callable[[], Awaitable[httpx.Response]]


async def test_f07_200_attempts_at_once_over_two_plants_place_one_order(stack: Stack) -> None:
    with another_plant(stack) as second_gateway:
        async with new_trader(stack) as trader, _second_way(stack, trader, second_gateway) as second:
            approved = await trader.approved()
            ways = (
                lambda: trader.execute(approved),
                lambda: trader.customer.http.post(RUN, json=approved.intent),
                lambda: second.post(_execute_path(approved), json=_named(approved)),
                lambda: second.post(RUN, json=approved.intent),
            )
            answers = await asyncio.gather(*(ways[number % 4]() for number in range(AT_ONCE)))
            (execution,) = await trader.executions()
            done = await trader.settled(execution["execution_id"])

            assert Counter(answer.status_code // 100 for answer in answers) == {2: AT_ONCE}
            assert Counter(answer.json()["replayed"] for answer in answers) == {
                False: 1,
                True: AT_ONCE - 1,
            }
            assert {answer.json()["execution"]["execution_id"] for answer in answers} == {
                str(done.execution_id)
            }
            (order,) = await trader.exchange.orders(trader.account)
            assert order["client_order_id"] == done.client_order_id
            assert await trader.send_statuses() == [200]
            assert (await trader.deliverable(done.deliverable_id)).state is DeliverableState.EXECUTED
            assert [trace.verdict for trace in await trader.traces()] == ["allow", "proposed"]
            usage = (await trader.customer.http.get("/api/v1/usage-events")).json()["items"]
            assert [event["kind"] for event in usage] == ["execution", "draft"]


async def test_f09_approval_used_for_two_deliverables_at_once_serves_its_own_only(stack: Stack) -> None:
    async with new_trader(stack) as trader:
        approved, twin = await trader.approved(), await trader.draft()
        stranger = Approved(approved.body, twin, approved.approval)
        answers = await asyncio.gather(
            *(trader.execute(one) for one in (approved, stranger) for _ in range(5))
        )
        (execution,) = await trader.executions()
        await trader.settled(execution["execution_id"])

        reasons = [answer.json().get("reason") for answer in answers[5:]]
        assert [answer.status_code // 100 for answer in answers[:5]] == [2] * 5
        assert reasons == ["approval_action_mismatch"] * 5
        assert await trader.order_count() == 1
        assert (await trader.deliverable(twin.deliverable_id)).state is DeliverableState.PENDING_REVIEW


def _second_way(stack: Stack, trader: Trader, gateway_url: str) -> httpx.AsyncClient:
    """The customer by way of the other gateway and Plant, as the portal calls them."""
    client = at_gateway(stack, customer_id=trader.customer.customer_id, actor_type=ActorType.CUSTOMER)
    client.base_url = gateway_url
    return client


def _execute_path(approved: Approved) -> str:
    return f"/api/v1/deliverables/{approved.draft.deliverable_id}/execute"


def _named(approved: Approved) -> dict[str, str]:
    return {"approval_id": str(approved.approval.approval_id)}
