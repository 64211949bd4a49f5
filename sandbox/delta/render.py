"""JSON shapes of the exchange's answers: orders, fills, positions, products and wallets."""

from decimal import Context, Decimal

from sandbox.clock import iso_time, microseconds
from sandbox.delta.book import best_ask, best_bid
from sandbox.delta.margin import (
    available_balance,
    blocked,
    order_commission,
    order_margin,
    position_margin,
)
from sandbox.delta.model import (
    ZERO,
    Account,
    Fill,
    FillType,
    Holding,
    Order,
    OrderType,
    Product,
    Side,
    Transaction,
)
from sandbox.delta.products import ASSETS, SETTLING_ASSET

Json = dict[str, object]

_STEP = Decimal("1e-12")
_WIDE = Context(prec=60)


def decimal_text(value: Decimal) -> str:
    """Plain notation, at most twelve decimals, no trailing zeros, no negative zero."""
    text = format(value.quantize(_STEP, context=_WIDE), "f").rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def optional_text(value: Decimal | None) -> str | None:
    return None if value is None else decimal_text(value)


def order_json(order: Order) -> Json:
    """Units: `created_at` and `updated_at` epoch microseconds as strings."""
    bracket = order.bracket
    return {
        "id": order.order_id,
        "user_id": order.user_id,
        "size": order.size,
        "unfilled_size": order.unfilled_size,
        "side": order.side,
        "order_type": order.order_type,
        "limit_price": optional_text(order.limit_price),
        "average_fill_price": optional_text(order.average_fill_price),
        "stop_order_type": order.stop_order_type,
        "stop_price": optional_text(order.stop_price),
        "trail_amount": optional_text(order.trail_amount),
        "stop_trigger_method": order.stop_trigger_method,
        "paid_commission": decimal_text(order.paid_commission),
        "commission": decimal_text(_commission_ahead(order)),
        "post_only": order.post_only,
        "reduce_only": order.reduce_only,
        "time_in_force": order.time_in_force,
        "client_order_id": order.client_order_id,
        "state": order.state,
        "cancellation_reason": order.cancellation_reason,
        "bracket_order": order.is_bracket_leg or None,
        "bracket_stop_loss_price": optional_text(bracket.stop_loss_price) if bracket else None,
        "bracket_stop_loss_limit_price": optional_text(bracket.stop_loss_limit_price) if bracket else None,
        "bracket_take_profit_price": optional_text(bracket.take_profit_price) if bracket else None,
        "bracket_take_profit_limit_price": optional_text(bracket.take_profit_limit_price)
        if bracket
        else None,
        "bracket_trail_amount": optional_text(bracket.trail_amount) if bracket else None,
        "mmp": order.mmp,
        "meta_data": {"source": order.origin} if order.origin else {},
        "created_at": str(microseconds(order.created_at_s)),
        "updated_at": str(microseconds(order.updated_at_s)),
        "product_id": order.product.product_id,
        "product_symbol": order.product.symbol,
    }


def fill_json(record: Fill, *, user_id: int) -> Json:
    return {
        "id": record.fill_id,
        "user_id": user_id,
        "order_id": record.order_id,
        "size": record.size,
        "fill_type": record.fill_type,
        "side": record.side,
        "price": decimal_text(record.price),
        "role": record.role,
        "commission": decimal_text(record.commission),
        "created_at": iso_time(record.created_at_s),
        "product_id": record.product.product_id,
        "product_symbol": record.product.symbol,
        "settling_asset_id": ASSETS[SETTLING_ASSET],
        "settling_asset_symbol": SETTLING_ASSET,
        "meta_data": {"client_order_id": record.client_order_id}
        if record.fill_type is FillType.NORMAL
        else {},
    }


def position_json(holding: Holding, *, user_id: int) -> Json:
    position = holding.position
    entry_price = position.entry_price
    return {
        "user_id": user_id,
        "product_id": holding.product.product_id,
        "product_symbol": holding.product.symbol,
        "size": position.size,
        "entry_price": optional_text(entry_price),
        "margin": decimal_text(position_margin(holding)),
        "liquidation_price": optional_text(
            _price_at_loss(holding, entry_price, keep=holding.product.maintenance_margin)
        ),
        "bankruptcy_price": optional_text(_price_at_loss(holding, entry_price, keep=ZERO)),
        "adl_level": 0,
        "auto_topup": position.auto_topup,
        "commission": decimal_text(position.commission),
        "realized_pnl": decimal_text(position.realized_pnl),
        "realized_funding": "0",
    }


def product_json(product: Product) -> Json:
    return {
        "id": product.product_id,
        "symbol": product.symbol,
        "description": product.description,
        "contract_type": "perpetual_futures",
        "notional_type": "vanilla",
        "state": "live",
        "trading_status": "operational",
        "contract_value": decimal_text(product.contract_value),
        "contract_unit_currency": product.underlying,
        "tick_size": decimal_text(product.tick_size),
        "initial_margin": decimal_text(product.initial_margin * 100),
        "maintenance_margin": decimal_text(product.maintenance_margin * 100),
        "default_leverage": decimal_text(product.default_leverage),
        "max_leverage_notional": "100000",
        "position_size_limit": product.position_size_limit,
        "taker_commission_rate": decimal_text(product.taker_rate),
        "maker_commission_rate": decimal_text(product.maker_rate),
        "price_band": "2.5",
        "impact_size": 10_000,
        "settlement_time": None,
        "launch_time": "2023-12-18T13:10:39Z",
        "product_specs": {"rate_exchange_interval": 28_800, "only_reduce_only_orders_allowed": False},
        "underlying_asset": asset_json(product.underlying),
        "quoting_asset": asset_json(SETTLING_ASSET),
        "settling_asset": asset_json(SETTLING_ASSET),
    }


def asset_json(symbol: str) -> Json:
    return {
        "id": ASSETS[symbol],
        "symbol": symbol,
        "name": symbol,
        "precision": 8,
        "minimum_precision": 2,
        "deposit_status": "enabled",
        "withdrawal_status": "enabled",
    }


def ticker_json(product: Product, *, mark: Decimal, now_s: float) -> Json:
    """A still market: open, high, low and close are the mark; the band is 2.5 % around it."""
    price = decimal_text(mark)
    ask, bid = best_ask(product, mark=mark), best_bid(product, mark=mark)
    return {
        "product_id": product.product_id,
        "symbol": product.symbol,
        "contract_type": "perpetual_futures",
        "underlying_asset_symbol": product.underlying,
        "open": price,
        "high": price,
        "low": price,
        "close": price,
        "mark_price": price,
        "spot_price": price,
        "funding_rate": "0.0001",
        "volume": 0,
        "turnover": "0",
        "turnover_usd": "0",
        "oi": "0",
        "oi_contracts": "0",
        "tick_size": decimal_text(product.tick_size),
        "quotes": {
            "best_ask": decimal_text(ask),
            "best_bid": decimal_text(bid),
            "ask_size": "5000",
            "bid_size": "5000",
        },
        "price_band": {
            "lower_limit": decimal_text(mark * Decimal("0.975")),
            "upper_limit": decimal_text(mark * Decimal("1.025")),
        },
        "time": iso_time(now_s),
        "timestamp": microseconds(now_s),
    }


def wallet_json(account: Account, *, asset: str) -> Json:
    """Units: the asset; only the settling asset is ever blocked."""
    is_settling = asset == SETTLING_ASSET
    holdings = list(account.holdings.values()) if is_settling else []
    balance = account.balances.get(asset, ZERO)
    return {
        "asset_id": ASSETS[asset],
        "asset_symbol": asset,
        "user_id": account.user_id,
        "balance": decimal_text(balance),
        "available_balance": decimal_text(available_balance(account) if is_settling else balance),
        "blocked_margin": decimal_text(sum((blocked(holding) for holding in holdings), ZERO)),
        "order_margin": decimal_text(sum((order_margin(holding) for holding in holdings), ZERO)),
        "position_margin": decimal_text(sum((position_margin(holding) for holding in holdings), ZERO)),
        "commission": decimal_text(sum((order_commission(holding) for holding in holdings), ZERO)),
        "cross_asset_liability": "0",
        "cross_commission": "0",
        "cross_order_margin": "0",
        "cross_position_margin": "0",
        "portfolio_margin": "0",
        "trading_fee_credit": "0",
    }


def transaction_json(transaction: Transaction, *, user_id: int) -> Json:
    return {
        "id": transaction.transaction_id,
        "user_id": user_id,
        "asset_id": ASSETS[transaction.asset],
        "asset_symbol": transaction.asset,
        "transaction_type": transaction.kind,
        "amount": decimal_text(transaction.amount),
        "balance": decimal_text(transaction.balance),
        "product_id": transaction.product_id,
        "created_at": iso_time(transaction.created_at_s),
        "meta_data": {},
    }


def _commission_ahead(order: Order) -> Decimal:
    """The commission that the unfilled part would pay as taker at its limit price."""
    if not order.is_live or order.order_type is OrderType.MARKET or order.limit_price is None:
        return ZERO
    return order.unfilled_size * order.product.contract_value * order.limit_price * order.product.taker_rate


def _price_at_loss(holding: Holding, entry_price: Decimal | None, *, keep: Decimal) -> Decimal | None:
    """The price at which the margin is lost but for `keep`, a fraction of the notional; never below zero."""
    if entry_price is None:
        return None
    position, product = holding.position, holding.product
    contracts = abs(position.size) * product.contract_value
    distance = position_margin(holding) / contracts - entry_price * keep
    side = Side.BUY if position.size > 0 else Side.SELL
    return max(ZERO, entry_price - side.sign * distance)
