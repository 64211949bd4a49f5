"""From a customer's request to the exact action: a pure function of the request and the account's settings.

No quote, clock or random value goes in, so the same request always gives the same hash.
"""

from decimal import Decimal
from uuid import UUID

from plant.brokers.model import Instrument, Quote
from plant.exchange_accounts.model import Account
from plant.risk.policy import RiskPolicy
from plant.risk.sizing import NotWholeContracts, contracts_for_units
from shared.approvals.action import Action, ActionKind, OrderParams
from shared.clock import from_epoch_ms
from shared.contracts.trading import Plan, RunRequest
from shared.errors import FieldError, invalid_fields
from shared.money import canonical_decimal, ceil_to_step, floor_to_step, is_multiple

KIND_OF = {"enter": ActionKind.PLACE_ORDER, "exit": ActionKind.CLOSE_POSITION}


def build_action(
    request: RunRequest, *, account: Account, instrument: Instrument, hired_instance_id: UUID | None = None
) -> Action:
    """Raises: PlatformError 422 for a quantity or price the venue has no step for, naming the nearest ones."""
    return Action(
        kind=KIND_OF[request.action],
        provider=account.provider,
        credential_ref=account.credential_ref,
        customer_id=account.customer_id,
        hired_instance_id=hired_instance_id,
        params=OrderParams(
            product_symbol=instrument.symbol,
            side="buy" if (request.side == "long") == (request.action == "enter") else "sell",
            size=canonical_decimal(_contracts(request.units, instrument)),
            order_type="market_order" if request.market else "limit_order",
            limit_price=_limit_price(request.limit_price, instrument),
            reduce_only=request.action == "exit",
            time_in_force="ioc" if request.market else "gtc",
        ),
    )


def build_plan(
    action: Action, *, request: RunRequest, instrument: Instrument, quote: Quote, policy: RiskPolicy
) -> Plan:
    """Say in words and figures what the action would do at the prices just seen."""
    price = quote.mark_price
    assert price is not None
    contracts = Decimal(action.order.size)
    notional = contracts * instrument.contract_value * (request.limit_price or price)
    at = f"at {action.order.limit_price}" if action.order.limit_price else "at market"
    closing = ", reduce-only: closes an open position" if action.order.reduce_only else ""
    return Plan(
        summary=f"{action.order.side} {canonical_decimal(request.units)} {request.coin}"
        f" ({action.order.size} contracts of {instrument.symbol}) {at}{closing}",
        coin=request.coin,
        units=request.units,
        contracts=contracts,
        contract_value=instrument.contract_value,
        price_shown=price,
        allowed_drift_bps=policy.max_drift_bps,
        notional=notional,
        currency=instrument.quote_currency,
        priced_at=from_epoch_ms(quote.as_of_ms),
    )


def _contracts(units: Decimal, instrument: Instrument) -> Decimal:
    try:
        return contracts_for_units(units, instrument=instrument)
    except NotWholeContracts as error:
        raise invalid_fields(FieldError("units", str(error))) from error


def _limit_price(price: Decimal | None, instrument: Instrument) -> str | None:
    if price is None:
        return None
    tick = instrument.tick_size
    if not is_multiple(price, step=tick):
        below, above = floor_to_step(price, step=tick), ceil_to_step(price, step=tick)
        raise invalid_fields(
            FieldError("limit_price", f"must be a multiple of the tick {tick}; nearest: {below} or {above}")
        )
    return canonical_decimal(price)
