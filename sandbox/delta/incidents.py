"""What befalls an account from outside: liquidation, someone else's order, a position that changes."""

from collections.abc import Mapping

from sandbox.delta.book import best_ask, best_bid
from sandbox.delta.engine import place
from sandbox.delta.errors import DeltaError
from sandbox.delta.fills import fill, move_position
from sandbox.delta.model import Account, FillType, Holding, OrderType, Product, Role, Side
from sandbox.delta.orders import OrderDraft, cancel, register
from sandbox.delta.render import order_json, position_json
from sandbox.delta.state import DeltaState
from sandbox.faults import FaultName
from sandbox.venue import ControlError, ImmediateFault

LIQUIDATION = "liquidation"
EXTERNAL = "external"


def cause(state: DeltaState, fault: ImmediateFault) -> Mapping[str, object]:
    """Let an immediate fault happen and tell what came of it.

    Raises: ControlError 404 for an unknown account or symbol, 409 when it cannot happen, 422 without a value.
    """
    account, product = state.accounts.get(fault.api_key), state.symbols.get(fault.symbol)
    if account is None or product is None:
        raise ControlError(404, "not_found", "expected the key of an account and a known symbol")
    if fault.name is FaultName.LIQUIDATE:
        return _liquidate(state, account, account.holdings[product.product_id])
    if fault.side not in set(Side) or fault.size is None:
        raise ControlError(
            422, "validation_failed", f"{fault.name.value} needs a side (buy, sell) and a size"
        )
    side = Side(fault.side)
    if fault.name is FaultName.EXTERNAL_ORDER:
        return _order_from_outside(state, account, product, side, fault)
    return _change_position(state, account, product, signed_size=side.sign * fault.size)


def _liquidate(state: DeltaState, account: Account, holding: Holding) -> Mapping[str, object]:
    """Close the whole position at the book's best price, after cancelling the product's live orders."""
    if holding.position.size == 0:
        raise ControlError(409, "no_position", f"the account holds no position in {holding.product.symbol}")
    for order in list(holding.live_orders.values()):
        cancel(state, order, reason=LIQUIDATION)
    side = Side.SELL if holding.position.size > 0 else Side.BUY
    mark = state.mark(holding.product)
    price = (best_bid if side is Side.SELL else best_ask)(holding.product, mark=mark)
    draft = OrderDraft(
        product=holding.product,
        side=side,
        order_type=OrderType.MARKET,
        size=abs(holding.position.size),
        reduce_only=True,
        origin=LIQUIDATION,
    )
    order = register(state, account, draft=draft)
    fill(state, order, size=order.size, price=price, role=Role.TAKER, fill_type=FillType.LIQUIDATION)
    return {"order": order_json(order)}


def _order_from_outside(
    state: DeltaState, account: Account, product: Product, side: Side, fault: ImmediateFault
) -> Mapping[str, object]:
    draft = OrderDraft(
        product=product,
        side=side,
        order_type=OrderType.MARKET if fault.limit_price is None else OrderType.LIMIT,
        size=fault.size or 1,
        limit_price=fault.limit_price,
        origin=EXTERNAL,
    )
    try:
        return {"order": order_json(place(state, account, draft=draft))}
    except DeltaError as error:
        raise ControlError(409, error.code, "the exchange refuses the order") from error


def _change_position(
    state: DeltaState, account: Account, product: Product, *, signed_size: int
) -> Mapping[str, object]:
    """Move the position at the mark without an order, a fill or money."""
    holding = account.holdings[product.product_id]
    move_position(holding.position, signed_size=signed_size, price=state.mark(product), product=product)
    return {"position": position_json(holding, user_id=account.user_id)}
