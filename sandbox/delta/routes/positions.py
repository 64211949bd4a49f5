"""Positions and leverage: read them, close them, change their margin."""

from sandbox.delta.call import Call, Result, Route, Weight, whole_number
from sandbox.delta.engine import place
from sandbox.delta.errors import DeltaError, bad_param, insufficient_margin
from sandbox.delta.margin import available_balance, check_leverage, order_margin
from sandbox.delta.model import Holding, OrderType, ProductId, Side
from sandbox.delta.orders import OrderDraft
from sandbox.delta.paging import csv_values, product_ids
from sandbox.delta.render import decimal_text, optional_text, position_json
from sandbox.delta.schema import AutoTopupBody, ChangeMarginBody, CloseAllBody, LeverageBody, parse_body


def position(call: Call) -> Result:
    """Size and entry price only; a flat position has size 0 and no entry price."""
    query = call.query()
    product_id, underlying = query.get("product_id"), query.get("underlying_asset_symbol")
    if product_id is not None:
        holding = _holding(call, whole_number("product_id", product_id))
        return Result(_short_json(holding))
    if underlying is None:
        raise bad_param("product_id", "expected product_id or underlying_asset_symbol")
    for holding in call.owner.holdings.values():
        if holding.product.underlying == underlying:
            return Result(_short_json(holding))
    raise DeltaError(400, "invalid_contract", {"underlying_asset_symbol": underlying})


def margined_positions(call: Call) -> Result:
    query = call.query()
    products, types = product_ids(query), csv_values(query, "contract_types")
    is_wanted_type = not types or "perpetual_futures" in types
    return Result(
        [
            position_json(holding, user_id=call.owner.user_id)
            for holding in call.owner.holdings.values()
            if holding.position.size
            and is_wanted_type
            and (not products or holding.product.product_id in products)
        ]
    )


def close_all(call: Call) -> Result:
    """Close by market orders; with all flags false nothing is closed."""
    body = parse_body(CloseAllBody, call.request.body)
    if not (body.close_all_portfolio or body.close_all_isolated or body.close_all_cross):
        return Result()
    for holding in call.owner.holdings.values():
        is_named = body.product_ids is None or holding.product.product_id in body.product_ids
        if holding.position.size and is_named:
            call.charge_matching(holding.product)
            place(call.state, call.owner, draft=_closing(holding))
    return Result()


def change_margin(call: Call) -> Result:
    body = parse_body(ChangeMarginBody, call.request.body)
    holding = _held(call, body.product_id)
    available = available_balance(call.owner)
    if body.delta_margin > available:
        raise insufficient_margin(available=available, required=body.delta_margin)
    added = holding.position.added_margin + body.delta_margin
    if added < 0:
        removable = decimal_text(holding.position.added_margin)
        raise bad_param("delta_margin", f"expected at most {removable} to be taken away")
    holding.position.added_margin = added
    return Result(position_json(holding, user_id=call.owner.user_id))


def auto_topup(call: Call) -> Result:
    body = parse_body(AutoTopupBody, call.request.body)
    holding = _held(call, body.product_id)
    holding.position.auto_topup = body.auto_topup
    return Result(position_json(holding, user_id=call.owner.user_id))


def get_leverage(call: Call) -> Result:
    return Result(_leverage_json(_holding(call, call.param_int("product_id"))))


def set_leverage(call: Call) -> Result:
    """Counts for the position too: what it blocks is its notional over the leverage."""
    body = parse_body(LeverageBody, call.request.body)
    holding = _holding(call, call.param_int("product_id"))
    most = holding.product.max_leverage
    if body.leverage > most:
        raise bad_param("leverage", f"expected at most {decimal_text(most)}")
    check_leverage(call.owner, holding, leverage=body.leverage)
    holding.leverage = body.leverage
    return Result(_leverage_json(holding))


def _holding(call: Call, product_id: int) -> Holding:
    holding = call.owner.holdings.get(ProductId(product_id))
    if holding is None:
        raise DeltaError(400, "invalid_contract", {"product_id": product_id})
    return holding


def _held(call: Call, product_id: int) -> Holding:
    holding = _holding(call, product_id)
    if holding.position.size == 0:
        raise DeltaError(400, "no_open_position")
    return holding


def _closing(holding: Holding) -> OrderDraft:
    return OrderDraft(
        product=holding.product,
        side=Side.SELL if holding.position.size > 0 else Side.BUY,
        order_type=OrderType.MARKET,
        size=abs(holding.position.size),
        reduce_only=True,
        origin="close_all",
    )


def _short_json(holding: Holding) -> dict[str, object]:
    return {"size": holding.position.size, "entry_price": optional_text(holding.position.entry_price)}


def _leverage_json(holding: Holding) -> dict[str, object]:
    return {
        "leverage": decimal_text(holding.leverage),
        "order_margin": decimal_text(order_margin(holding)),
        "product_id": holding.product.product_id,
    }


ROUTES = (
    Route("GET", "/v2/positions", position, Weight.READ),
    Route("GET", "/v2/positions/margined", margined_positions, Weight.READ),
    Route("POST", "/v2/positions/close_all", close_all),
    Route("POST", "/v2/positions/change_margin", change_margin, Weight.ORDER),
    Route("PUT", "/v2/positions/auto_topup", auto_topup),
    Route("GET", "/v2/products/{product_id}/orders/leverage", get_leverage),
    Route("POST", "/v2/products/{product_id}/orders/leverage", set_leverage),
)
