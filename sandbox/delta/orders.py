"""The life of an order on the exchange's books: registered, resting, closed or cancelled."""

from dataclasses import dataclass
from decimal import Decimal

from sandbox.delta.model import (
    Account,
    Bracket,
    Holding,
    Order,
    OrderId,
    OrderState,
    OrderType,
    Product,
    Side,
    StopOrderType,
    TimeInForce,
)
from sandbox.delta.state import DeltaState


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """What someone asks for, checked for form but not yet against the account."""

    product: Product
    side: Side
    order_type: OrderType
    size: int
    limit_price: Decimal | None = None
    time_in_force: TimeInForce = TimeInForce.GTC
    post_only: bool = False
    reduce_only: bool = False
    client_order_id: str | None = None
    stop_order_type: StopOrderType | None = None
    stop_price: Decimal | None = None
    trail_amount: Decimal | None = None
    stop_trigger_method: str | None = None
    bracket: Bracket | None = None
    bracket_parent: OrderId | None = None
    is_bracket_leg: bool = False
    mmp: str = "disabled"
    origin: str | None = None


def register(state: DeltaState, account: Account, *, draft: OrderDraft) -> Order:
    """Make the order and put it among the live ones: pending with a stop, else open."""
    order = Order(
        order_id=OrderId(next(state.order_ids)),
        user_id=account.user_id,
        api_key=account.api_key,
        product=draft.product,
        side=draft.side,
        order_type=draft.order_type,
        size=draft.size,
        unfilled_size=draft.size,
        limit_price=draft.limit_price,
        time_in_force=draft.time_in_force,
        post_only=draft.post_only,
        reduce_only=draft.reduce_only,
        client_order_id=draft.client_order_id,
        state=OrderState.PENDING if draft.stop_order_type else OrderState.OPEN,
        created_at_s=state.now_s,
        updated_at_s=state.now_s,
        stop_order_type=draft.stop_order_type,
        stop_price=draft.stop_price,
        trail_amount=draft.trail_amount,
        stop_trigger_method=draft.stop_trigger_method,
        bracket=draft.bracket,
        bracket_parent=draft.bracket_parent,
        is_bracket_leg=draft.is_bracket_leg,
        mmp=draft.mmp,
        origin=draft.origin,
    )
    _enter(state, account, order)
    return order


def holding_of(state: DeltaState, order: Order) -> Holding:
    return state.accounts[order.api_key].holdings[order.product.product_id]


def start_resting(state: DeltaState, order: Order) -> None:
    """Count the rest of an open order in the sums that block margin; reduce-only orders block none."""
    if order.reduce_only or order.resting_price is not None:
        return
    price = order.limit_price if order.order_type is OrderType.LIMIT else None
    order.resting_price = state.mark(order.product) if price is None else price
    _count(state, order, contracts=order.unfilled_size)


def stop_resting(state: DeltaState, order: Order) -> None:
    if order.resting_price is not None:
        _count(state, order, contracts=-order.unfilled_size)
        order.resting_price = None


def take_from_order(state: DeltaState, order: Order, *, size: int, price: Decimal) -> None:
    """Book filled contracts on the order, and close it with the last one."""
    if order.resting_price is not None:
        _count(state, order, contracts=-size)
    order.unfilled_size -= size
    order.filled_cost += price * size
    order.updated_at_s = state.now_s
    if order.unfilled_size == 0:
        _leave(state, order, OrderState.CLOSED)


def cancel(state: DeltaState, order: Order, *, reason: str) -> None:
    """Cancel what is left of a live order."""
    order.cancellation_reason = reason
    _leave(state, order, OrderState.CANCELLED)


def _enter(state: DeltaState, account: Account, order: Order) -> None:
    product_id = order.product.product_id
    state.orders[order.order_id] = order
    state.live_orders[product_id][order.order_id] = order
    account.holdings[product_id].live_orders[order.order_id] = order
    account.orders.append(order)
    if order.client_order_id is not None:
        account.orders_by_client_id[order.client_order_id] = order


def _leave(state: DeltaState, order: Order, final: OrderState) -> None:
    stop_resting(state, order)
    order.state = final
    order.updated_at_s = state.now_s
    state.live_orders[order.product.product_id].pop(order.order_id, None)
    holding_of(state, order).live_orders.pop(order.order_id, None)


def _count(state: DeltaState, order: Order, *, contracts: int) -> None:
    assert order.resting_price is not None
    side = holding_of(state, order).resting[order.side]
    side.size += contracts
    side.cost += contracts * order.resting_price
