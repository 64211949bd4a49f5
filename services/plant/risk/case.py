"""One decision's inputs, read once: parsed numbers, matching instrument and quote, exposure there."""

from collections.abc import Iterable
from decimal import Decimal, DecimalException
from hashlib import sha256
from typing import Final, NamedTuple

from plant.brokers.model import AccountSnapshot, Instrument, OpenOrder, Quote, Side
from plant.risk.model import Counters, InFlightOrder, RiskInputs
from plant.risk.policy import RiskPolicy
from shared.approvals.action import Action, ActionKind, OrderParams

ZERO: Final = Decimal(0)
_NOT_IN_SNAPSHOT: Final = {"action", "policy"}


class Exposure(NamedTuple):
    """On the action's instrument. Units: contracts, `position` signed, the sums of the action's side."""

    position: Decimal
    same_side: Decimal
    same_side_reducing: Decimal


class Case(NamedTuple):
    """`instrument` and `quote` are None also when they are of another symbol; a price that is not above
    zero is None. `order_price` is the limit price, or the far side of the book for a market order;
    `low_price` and `high_price` are the lower and the higher of it and the mark price.
    `snapshot_hash` is None when the inputs cannot be written as JSON, which denies.
    """

    inputs: RiskInputs
    params: OrderParams
    policy: RiskPolicy
    instrument: Instrument | None
    quote: Quote | None
    counters: Counters | None
    size: Decimal
    limit_price: Decimal | None
    is_exit: bool
    mark: Decimal | None
    far_side: Decimal | None
    order_price: Decimal | None
    high_price: Decimal | None
    low_price: Decimal | None
    exposure: Exposure | None
    snapshot_hash: str | None


def read_case(inputs: RiskInputs) -> Case:
    """Raises: decimal.InvalidOperation when a number of the action is none."""
    params = inputs.action.order
    symbol = params.product_symbol
    limit_price = None if params.limit_price is None else Decimal(params.limit_price)
    quote = inputs.quote if inputs.quote is not None and inputs.quote.symbol == symbol else None
    instrument = inputs.instrument
    mark, far_side = _reference_prices(quote, side=params.side)
    order_price = far_side if params.order_type == "market_order" else limit_price
    low_price, high_price = _price_bounds(mark, positive(order_price))
    return Case(
        inputs=inputs,
        params=params,
        policy=inputs.policy,
        instrument=instrument if instrument is not None and instrument.symbol == symbol else None,
        quote=quote,
        counters=inputs.counters,
        size=Decimal(params.size),
        limit_price=limit_price,
        is_exit=is_exit(inputs.action),
        mark=mark,
        far_side=far_side,
        order_price=positive(order_price),
        high_price=high_price,
        low_price=low_price,
        exposure=_exposure(inputs.account, inputs.counters, symbol=symbol, side=params.side),
        snapshot_hash=_snapshot_hash(inputs),
    )


def is_exit(action: Action) -> bool:
    return action.order.reduce_only or action.kind is ActionKind.CLOSE_POSITION


def positive(price: Decimal | None) -> Decimal | None:
    return price if price is not None and price > 0 else None


def _reference_prices(quote: Quote | None, *, side: Side) -> tuple[Decimal | None, Decimal | None]:
    if quote is None:
        return None, None
    return positive(quote.mark_price), positive(quote.best_ask if side == "buy" else quote.best_bid)


def _exposure(
    account: AccountSnapshot | None, counters: Counters | None, *, symbol: str, side: Side
) -> Exposure | None:
    if account is None or counters is None:
        return None
    pending = [
        *(
            (order.unfilled_size, order.reduce_only)
            for order in account.open_orders
            if _is_on(order, symbol, side)
        ),
        *((order.size, order.reduce_only) for order in counters.in_flight if _is_on(order, symbol, side)),
    ]
    return Exposure(
        position=_total(position.size for position in account.positions if position.symbol == symbol),
        same_side=_total(size for size, _ in pending),
        same_side_reducing=_total(size for size, reduce_only in pending if reduce_only),
    )


def _price_bounds(mark: Decimal | None, order_price: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    if mark is None or order_price is None:
        return None, None
    return min(mark, order_price), max(mark, order_price)


def _is_on(order: OpenOrder | InFlightOrder, symbol: str, side: Side) -> bool:
    return order.symbol == symbol and order.side == side


def _total(sizes: Iterable[Decimal]) -> Decimal:
    return sum(sizes, ZERO)


def _snapshot_hash(inputs: RiskInputs) -> str | None:
    try:
        written = inputs.model_dump_json(exclude=_NOT_IN_SNAPSHOT).encode()
    except (DecimalException, ValueError):
        return None
    return "sha256:" + sha256(written).hexdigest()
