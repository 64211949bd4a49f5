"""The life of an order: resting, filled in parts, cancelled, rejected; what the customer sees is the venue's word."""

from decimal import Decimal

from shared.contracts.trading import DeliverableState, Execution
from shared.contracts.trading import ExecutionState as State
from tests.exchange import Exchange
from tests.stack import Stack
from tests.trades import Trader, filled, new_trader, states, timeline

FILLED = (State.FILLED, Decimal(10), True)


async def test_market_order_fills_and_shows_what_the_venue_says(stack: Stack) -> None:
    async with new_trader(stack, allowed_coins=["BTC", "XRP"], max_units_per_order="20000") as trader:
        approved = await trader.approved(coin="XRP", units="12000")
        released = await trader.release(approved)
        done = await trader.settled(released.execution_id)
        fills = await trader.exchange.fills(trader.account)

        assert filled(done) == (State.FILLED, Decimal(12_000), True)
        assert len(fills) == 2
        assert done.average_price == Decimal("0.600158333333")
        await _assert_shown_as_the_venue_says(trader, done)
        (sent,) = await trader.exchange.sends(trader.account)
        assert '"time_in_force":"ioc"' in sent["body"]
        assert '"reduce_only":"false"' in sent["body"]
        deliverable = await trader.deliverable(done.deliverable_id)
        assert deliverable.state is DeliverableState.EXECUTED
        assert deliverable.execution_id == done.execution_id
        assert [move.state.value for move in deliverable.transitions] == [
            "pending_review",
            "approved",
            "executing",
            "executed",
        ]


async def test_trade_leaves_a_complete_timeline_usage_and_a_trace_with_its_outcome(stack: Stack) -> None:
    async with new_trader(stack) as trader:
        approved = await trader.approved()
        done = await trader.settled((await trader.release(approved)).execution_id)
        released, proposed = await trader.traces()
        usage = (await trader.customer.http.get("/api/v1/usage-events")).json()["items"]
        (order,) = await trader.exchange.orders(trader.account)

        assert timeline(done).splitlines() == [
            f"released: approval {approved.approval.approval_id} used",
            "sending: attempt 1",
            f"filled: accepted by the venue as order {order['id']}",
            "filled: verified: 10 of 10 contracts filled",
        ]
        assert released.outcome == {
            "state": "filled",
            "filled_size": "10",
            "average_price": order["average_fill_price"],
            "fees": order["paid_commission"],
            "broker_order_ids": [str(order["id"])],
            "client_order_id": done.client_order_id,
            "verified": True,
            "detail": "verified: 10 of 10 contracts filled",
        }
        assert (released.verdict, proposed.verdict) == ("allow", "proposed")
        assert released.action_hash == proposed.action_hash == approved.draft.draft.action_hash
        assert [event["kind"] for event in usage] == ["execution", "draft"]
        assert usage[0]["details"] == {
            "approval_id": str(approved.approval.approval_id),
            "execution_id": str(done.execution_id),
        }
        assert usage[0]["correlation_id"] == str(released.correlation_id)


async def test_limit_order_rests_until_the_price_comes(stack: Stack, exchange: Exchange) -> None:
    async with new_trader(stack) as trader:
        released = await trader.trade(coin="ETH", units="0.1", limit_price="3490")
        resting = await trader.until(released.execution_id, State.OPEN)
        assert (resting.filled_size, resting.average_price) == (0, None)

        await exchange.set_price("ETHUSD", "3489.9")
        done = await trader.settled(released.execution_id)

        assert filled(done) == FILLED
        assert states(done) == [State.RELEASED, State.SENDING, State.OPEN, State.FILLED]
        assert done.average_price == Decimal(3490)
        await _assert_shown_as_the_venue_says(trader, done)


async def test_partial_fill_is_shown_and_completed(stack: Stack, exchange: Exchange) -> None:
    async with new_trader(stack) as trader:
        await exchange.plant("partial_fill", trader.account, size=3)
        released = await trader.trade(coin="ETH", units="0.1", limit_price="3505")
        part = await trader.until(released.execution_id, State.PARTIALLY_FILLED)
        assert (part.filled_size, part.average_price) == (3, Decimal("3500.05"))

        await exchange.set_price("ETHUSD", "3504")
        done = await trader.settled(released.execution_id)

        assert filled(done) == FILLED
        assert states(done)[-2:] == [State.PARTIALLY_FILLED, State.FILLED]
        await _assert_shown_as_the_venue_says(trader, done)


async def test_partial_fill_that_the_venue_cancels_ends_cancelled_with_what_was_filled(
    stack: Stack, exchange: Exchange
) -> None:
    async with new_trader(stack) as trader:
        await exchange.plant("partial_fill", trader.account, size=3)
        released = await trader.trade(coin="ETH", units="0.1", limit_price="3505")
        part = await trader.until(released.execution_id, State.PARTIALLY_FILLED)
        cancel = {"id": int(part.broker_order_ids[0]), "product_id": 3136}
        answer = await exchange.as_owner(trader.account).call("DELETE", "/v2/orders", body=cancel)
        answer.raise_for_status()
        done = await trader.settled(released.execution_id)

        assert filled(done) == (State.CANCELLED, Decimal(3), True)
        assert "3 of 10 contracts filled (cancelled_by_user)" in timeline(done)
        assert (await trader.deliverable(done.deliverable_id)).state is DeliverableState.EXECUTED
        await _assert_shown_as_the_venue_says(trader, done)


async def test_order_rejected_after_acceptance_ends_cancelled_with_the_reason(
    stack: Stack, exchange: Exchange
) -> None:
    async with new_trader(stack) as trader:
        await exchange.plant("late_reject", trader.account, reason="risk_limits_breached", delay_s=0.5)
        released = await trader.trade(coin="ETH", units="0.1", limit_price="3505")
        await trader.until(released.execution_id, State.OPEN)
        done = await trader.settled(released.execution_id)

        assert filled(done) == (State.CANCELLED, Decimal(0), True)
        assert "(risk_limits_breached)" in timeline(done)
        assert (await trader.deliverable(done.deliverable_id)).state is DeliverableState.FAILED


async def test_rejection_is_told_in_the_venues_words(stack: Stack) -> None:
    async with new_trader(stack, balance="10") as trader:
        done = await trader.settled((await trader.trade(units="1")).execution_id)

        assert filled(done) == (State.REJECTED, Decimal(0), True)
        assert "insufficient_margin" in timeline(done)
        assert '"available_balance": "10"' in timeline(done)
        assert (await trader.deliverable(done.deliverable_id)).state is DeliverableState.FAILED
        (news,) = (await trader.customer.http.get("/api/v1/notifications")).json()["items"]
        assert (news["kind"], news["link"]) == ("not_carried_out", f"/executions/{done.execution_id}")
        assert (await trader.send_statuses(), await trader.order_count()) == ([400], 0)
        (released,) = [trace for trace in await trader.traces() if trace.verdict == "allow"]
        assert released.outcome["state"] == "rejected"


async def test_fills_that_the_venue_reports_twice_are_counted_once(stack: Stack, exchange: Exchange) -> None:
    async with new_trader(stack) as trader:
        await exchange.plant("duplicate_fill", trader.account)
        done = await trader.settled((await trader.trade()).execution_id)

        assert len(await exchange.fills(trader.account)) == 2
        assert filled(done) == FILLED
        (order,) = await exchange.orders(trader.account)
        assert done.fees == Decimal(order["paid_commission"])


async def _assert_shown_as_the_venue_says(trader: Trader, done: Execution) -> None:
    """Size, average price and fees, to the digit; by the order and by the sum of its fills."""
    (order,) = await trader.exchange.orders(trader.account)
    fills = await trader.exchange.fills(trader.account)
    size = sum((Decimal(fill["size"]) for fill in fills), Decimal(0))
    value = sum((Decimal(fill["size"]) * Decimal(fill["price"]) for fill in fills), Decimal(0))
    assert (order["client_order_id"], done.broker_order_ids) == (done.client_order_id, (str(order["id"]),))
    assert done.filled_size == order["size"] - order["unfilled_size"] == size
    assert done.average_price is not None
    assert done.average_price == Decimal(order["average_fill_price"])
    assert abs(done.average_price - value / size) < Decimal("1e-9")
    assert done.fees == Decimal(order["paid_commission"])
    assert done.fees == sum(Decimal(fill["commission"]) for fill in fills)
