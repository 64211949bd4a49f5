"""Protective legs: attach them to a position, or change those of an entry order."""

from sandbox.delta.brackets import edit_entry_bracket, guard_position
from sandbox.delta.call import Call, Result, Route, Weight
from sandbox.delta.errors import bad_param
from sandbox.delta.model import Bracket
from sandbox.delta.schema import (
    EntryBracketBody,
    LegBody,
    PositionBracketBody,
    check_on_tick,
    check_one_product,
    parse_body,
)
from sandbox.delta.state import get_order, get_product

NO_LEG = LegBody()


def place_bracket(call: Call) -> Result:
    body = parse_body(PositionBracketBody, call.request.body)
    check_one_product(body)
    product = get_product(call.state, product_id=body.product_id, symbol=body.product_symbol)
    bracket = _bracket_of_legs(body)
    check_on_tick(
        product,
        stop_price=bracket.stop_loss_price,
        limit_price=bracket.stop_loss_limit_price,
        take_profit_price=bracket.take_profit_price,
        take_profit_limit_price=bracket.take_profit_limit_price,
    )
    call.charge_matching(product)
    holding = call.owner.holdings[product.product_id]
    guard_position(call.state, holding, api_key=call.owner.api_key, bracket=bracket)
    return Result()


def edit_bracket(call: Call) -> Result:
    body = parse_body(EntryBracketBody, call.request.body)
    check_one_product(body)
    product = get_product(call.state, product_id=body.product_id, symbol=body.product_symbol)
    bracket = body.bracket()
    if bracket is None:
        raise bad_param("bracket_stop_loss_price", "expected at least one leg")
    check_on_tick(
        product,
        bracket_stop_loss_price=bracket.stop_loss_price,
        bracket_stop_loss_limit_price=bracket.stop_loss_limit_price,
        bracket_take_profit_price=bracket.take_profit_price,
        bracket_take_profit_limit_price=bracket.take_profit_limit_price,
    )
    entry = get_order(call.state, call.owner, order_id=body.id)
    call.charge_matching(product)
    edit_entry_bracket(call.state, entry, bracket=bracket)
    return Result()


def _bracket_of_legs(body: PositionBracketBody) -> Bracket:
    loss, profit = body.stop_loss_order or NO_LEG, body.take_profit_order or NO_LEG
    bracket = Bracket(
        stop_loss_price=loss.stop_price,
        stop_loss_limit_price=loss.limit_price,
        take_profit_price=profit.stop_price,
        take_profit_limit_price=profit.limit_price,
        trail_amount=loss.trail_amount,
        stop_trigger_method=body.bracket_stop_trigger_method,
    )
    if not bracket.has_legs:
        raise bad_param("stop_loss_order", "expected a stop_price or trail_amount in at least one leg")
    return bracket


ROUTES = (
    Route("POST", "/v2/orders/bracket", place_bracket, Weight.ORDER),
    Route("PUT", "/v2/orders/bracket", edit_bracket, Weight.ORDER),
)
