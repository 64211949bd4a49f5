"""Matching: takes orders in, fills them from the synthetic book, and moves them when the price moves.

The rules, where the exchange leaves a choice:
- a resting limit order fills as maker at its own price when a price move reaches or passes that price;
- an ioc or market order that finds nothing is refused with `order_size_exceed_available`, an ioc that finds
  part is cancelled for the rest;
- a reduce-only order is capped at the position and refused with `no_position_for_reduce_only` without one,
  a reduce-only stop is capped when it triggers;
- a stop whose price is already reached triggers at once; nobody is liquidated by a price move.
"""

import heapq
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import assert_never

from sandbox.delta.book import Level, accepts, take
from sandbox.delta.brackets import guard_entry
from sandbox.delta.errors import DeltaError
from sandbox.delta.fills import fill
from sandbox.delta.margin import check_margin, check_position_limit
from sandbox.delta.model import (
    Account,
    Holding,
    Order,
    OrderState,
    OrderType,
    Product,
    Role,
    Side,
    TimeInForce,
)
from sandbox.delta.orders import OrderDraft, cancel, holding_of, register, start_resting, stop_resting
from sandbox.delta.state import DeltaState, EventKind
from sandbox.delta.stops import is_triggered, trail
from sandbox.faults import Fault, FaultName

IOC_REMAINDER = "ioc_remainder"
NOTHING_TO_REDUCE = "no_position_for_reduce_only"


def place(
    state: DeltaState,
    account: Account,
    *,
    draft: OrderDraft,
    take_fault: Callable[[], Fault | None] = lambda: None,
) -> Order:
    """Take an order that passes the exchange's checks, and match it; only such an order uses up a fault.

    Raises: DeltaError 400 with the exchange's code; nothing has changed then.
    """
    holding = account.holdings[draft.product.product_id]
    draft = _capped_to_position(holding, draft)
    if draft.stop_order_type is not None:
        if not draft.reduce_only:
            check_position_limit(holding, side=draft.side, size=draft.size)
        order = register(state, account, draft=draft)
        _trigger_if_reached(state, order)
        return order
    _check_acceptable(state, account, holding=holding, draft=draft)
    order = register(state, account, draft=draft)
    fault = take_fault()
    if fault is not None and _plan_fate(state, order, fault):
        start_resting(state, order)
        return order
    _match(state, order)
    return order


def rematch(state: DeltaState, order: Order) -> None:
    """Match an open order against the book again, after an edit or when it is let go."""
    stop_resting(state, order)
    _match(state, order)


def move_price(state: DeltaState, product: Product, *, price: Decimal) -> None:
    """Set the mark and let the product's live orders react, oldest first."""
    state.prices.marks[product.symbol] = price
    for order in list(state.live_orders[product.product_id].values()):
        if order.is_held or not order.is_live:
            continue
        if order.state is OrderState.PENDING:
            trail(order, mark=price)
            _trigger_if_reached(state, order)
        elif order.order_type is OrderType.MARKET:
            rematch(state, order)
        elif order.limit_price is not None and accepts(
            order.side, limit_price=order.limit_price, price=price
        ):
            _fill_capped(state, order, Level(order.limit_price, order.unfilled_size), role=Role.MAKER)


def settle(state: DeltaState, *, now_s: float) -> None:
    """Bring the exchange to this moment: due events, the price walk, missed heartbeats."""
    state.now_s = now_s
    while state.events and state.events[0].due_s <= now_s:
        event = heapq.heappop(state.events)
        _apply_event(state, state.orders[event.order_id], event.kind, event.reason)
    for step in state.prices.steps_due(now_s):
        for product in state.products.values():
            move_price(state, product, price=state.prices.walked(product, step=step))
    for heartbeat in state.heartbeats.values():
        if heartbeat.due_s is not None and heartbeat.due_s <= now_s:
            heartbeat.due_s = None
            _cancel_for_heartbeat(state, heartbeat.api_key, heartbeat.symbols)


def _capped_to_position(holding: Holding, draft: OrderDraft) -> OrderDraft:
    if not draft.reduce_only or draft.stop_order_type is not None:
        return draft
    reducible = _reducible(holding, draft.side)
    if reducible == 0:
        raise DeltaError(400, NOTHING_TO_REDUCE)
    return replace(draft, size=min(draft.size, reducible))


def _check_acceptable(state: DeltaState, account: Account, *, holding: Holding, draft: OrderDraft) -> None:
    taken = take(
        draft.product,
        mark=state.mark(draft.product),
        side=draft.side,
        size=draft.size,
        limit_price=draft.limit_price,
    )
    got = sum(level.size for level in taken)
    if draft.post_only and taken:
        raise DeltaError(400, "immediate_execution_post_only")
    if _finds_too_little(draft, got=got):
        raise DeltaError(400, "order_size_exceed_available", {"available_size": got, "size": draft.size})
    if draft.reduce_only:
        return
    check_position_limit(holding, side=draft.side, size=draft.size)
    check_margin(account, holding, side=draft.side, parts=_parts(draft, taken=taken, got=got))


def _finds_too_little(draft: OrderDraft, *, got: int) -> bool:
    if draft.time_in_force is TimeInForce.IOC:
        return got == 0
    return draft.order_type is OrderType.MARKET and got < draft.size


def _parts(draft: OrderDraft, *, taken: list[Level], got: int) -> list[Level]:
    if draft.limit_price is None or got == draft.size or draft.time_in_force is TimeInForce.IOC:
        return taken
    return [*taken, Level(draft.limit_price, draft.size - got)]


def _plan_fate(state: DeltaState, order: Order, fault: Fault) -> bool:
    """Note what a planted fault wants of this order; True when it must not be matched now."""
    params = fault.params
    match fault.name:
        case FaultName.LATE_REJECT:
            order.is_held = True
            state.defer(EventKind.REJECT, order=order, delay_s=params.delay_s, reason=params.reason)
            return True
        case FaultName.LATE_FILL:
            order.is_held = True
            state.defer(EventKind.RELEASE, order=order, delay_s=params.delay_s)
            return True
        case FaultName.PARTIAL_FILL:
            order.next_fill_cap = params.size
            return False
        case _:
            order.reports_fills_twice = True
            return False


def _match(state: DeltaState, order: Order) -> None:
    """Fill an open order from the book; what is left rests, or is cancelled for ioc."""
    for level in take(
        order.product,
        mark=state.mark(order.product),
        side=order.side,
        size=order.unfilled_size,
        limit_price=order.limit_price,
    ):
        was_capped = _fill_capped(state, order, level, role=Role.TAKER)
        if was_capped or not order.is_live:
            break
    if not order.is_live:
        return
    if order.time_in_force is TimeInForce.IOC:
        cancel(state, order, reason=IOC_REMAINDER)
    else:
        start_resting(state, order)


def _fill_capped(state: DeltaState, order: Order, level: Level, *, role: Role) -> bool:
    """Fill as far as a planted cap and the reduce-only rule allow; True when the planted cap was used up."""
    size = level.size
    has_cap = order.next_fill_cap is not None
    if order.next_fill_cap is not None:
        size = min(size, order.next_fill_cap)
        order.next_fill_cap = None
    if order.reduce_only:
        size = min(size, _reducible(holding_of(state, order), order.side))
    if size:
        fill(state, order, size=size, price=level.price, role=role)
        guard_entry(state, order)
    if order.is_live and order.reduce_only and not _reducible(holding_of(state, order), order.side):
        cancel(state, order, reason=NOTHING_TO_REDUCE)
    return has_cap


def _reducible(holding: Holding, side: Side) -> int:
    return max(0, -side.sign * holding.position.size)


def _trigger_if_reached(state: DeltaState, order: Order) -> None:
    if not is_triggered(order, mark=state.mark(order.product)):
        return
    order.state = OrderState.OPEN
    order.updated_at_s = state.now_s
    holding = holding_of(state, order)
    if not order.reduce_only:
        try:
            account = state.accounts[order.api_key]
            price = order.limit_price or state.mark(order.product)
            check_margin(account, holding, side=order.side, parts=[Level(price, order.unfilled_size)])
        except DeltaError as error:
            cancel(state, order, reason=error.code)
            return
    _match(state, order)


def _apply_event(state: DeltaState, order: Order, kind: EventKind, reason: str) -> None:
    if not order.is_live:
        return
    order.is_held = False
    match kind:
        case EventKind.REJECT:
            cancel(state, order, reason=reason)
        case EventKind.RELEASE:
            rematch(state, order)
        case _:
            assert_never(kind)


def _cancel_for_heartbeat(state: DeltaState, api_key: str, symbols: tuple[str, ...]) -> None:
    for holding in state.accounts[api_key].holdings.values():
        if not symbols or holding.product.symbol in symbols:
            for order in list(holding.live_orders.values()):
                cancel(state, order, reason="heartbeat_missed")
