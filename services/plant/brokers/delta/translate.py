"""From the exchange's words to ours. A field that is missing or odd raises BrokenAnswerError, never a guess."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from plant.brokers.delta.answers import BrokenAnswerError
from plant.brokers.model import (
    AccountSnapshot,
    Fill,
    Instrument,
    OpenOrder,
    OrderReport,
    Position,
    Quote,
    VenueOrderState,
)

Json = dict[str, Any]
_BROKEN = (KeyError, TypeError, ValueError, InvalidOperation, ValidationError, AttributeError)
_STATES = {
    "open": VenueOrderState.OPEN,
    "pending": VenueOrderState.OPEN,
    "closed": VenueOrderState.FILLED,
    "cancelled": VenueOrderState.CANCELLED,
}


def to_instrument(product: Json) -> Instrument:
    try:
        live = product["state"] == "live" and product.get("trading_status", "operational") == "operational"
        return Instrument(
            symbol=product["symbol"],
            contract_value=Decimal(str(product["contract_value"])),
            contract_unit=product["contract_unit_currency"],
            tick_size=Decimal(str(product["tick_size"])),
            min_size=Decimal(1),
            size_step=Decimal(1),
            max_size=Decimal(str(product["position_size_limit"])),
            min_notional="none",
            state="live" if live else str(product["state"]),
            quote_currency=product["quoting_asset"]["symbol"],
            order_types=("limit_order", "market_order"),
            times_in_force=("gtc", "ioc"),
        )
    except _BROKEN as error:
        raise BrokenAnswerError("a product lacks a field") from error


def to_quote(ticker: Json, *, as_of_ms: int) -> Quote:
    try:
        quotes: Json = ticker.get("quotes") or {}
        band: Json = ticker.get("price_band") or {}
        return Quote(
            symbol=ticker["symbol"],
            mark_price=_optional(ticker.get("mark_price")),
            best_bid=_optional(quotes.get("best_bid")),
            best_ask=_optional(quotes.get("best_ask")),
            price_band_lower=_optional(band.get("lower_limit")),
            price_band_upper=_optional(band.get("upper_limit")),
            as_of_ms=as_of_ms,
        )
    except _BROKEN as error:
        raise BrokenAnswerError("a ticker lacks a field") from error


def to_account(
    balances: list[Json], positions: list[Json], orders: list[Json], *, as_of_ms: int
) -> AccountSnapshot:
    try:
        return AccountSnapshot(
            as_of_ms=as_of_ms,
            balances={entry["asset_symbol"]: entry["available_balance"] for entry in balances},
            positions=tuple(to_position(entry) for entry in positions if entry["size"]),
            open_orders=tuple(to_open_order(entry) for entry in orders),
        )
    except _BROKEN as error:
        raise BrokenAnswerError("an account lacks a field") from error


def to_position(position: Json) -> Position:
    try:
        return Position(
            symbol=position["product_symbol"],
            size=Decimal(str(position["size"])),
            entry_price=Decimal(str(position["entry_price"] or 0)),
        )
    except _BROKEN as error:
        raise BrokenAnswerError("a position lacks a field") from error


def to_open_order(order: Json) -> OpenOrder:
    report = to_order_report(order)
    return OpenOrder(
        symbol=report.symbol,
        side=report.side,
        unfilled_size=report.unfilled_size,
        reduce_only=report.reduce_only,
        client_order_id=report.client_order_id or None,
    )


def to_order_report(order: Json) -> OrderReport:
    try:
        state = _STATES[order["state"]]
        size, unfilled = Decimal(str(order["size"])), Decimal(str(order["unfilled_size"]))
        if state is VenueOrderState.FILLED and unfilled > 0:
            state = VenueOrderState.CANCELLED
        return OrderReport(
            order_id=str(order["id"]),
            client_order_id=order.get("client_order_id"),
            symbol=order["product_symbol"],
            side=order["side"],
            size=size,
            unfilled_size=unfilled,
            limit_price=_optional(order.get("limit_price")),
            reduce_only=_truth(order.get("reduce_only")),
            average_price=_optional(order.get("average_fill_price")),
            commission=_optional(order.get("paid_commission")),
            state=state,
            reason=order.get("cancellation_reason"),
        )
    except _BROKEN as error:
        raise BrokenAnswerError("an order lacks a field") from error


def to_fill(fill: Json) -> Fill:
    try:
        return Fill(
            fill_id=str(fill["id"]),
            order_id=str(fill["order_id"]),
            size=Decimal(str(fill["size"])),
            price=Decimal(str(fill["price"])),
            fee=Decimal(str(fill["commission"])),
            at=to_moment(fill["created_at"]),
        )
    except _BROKEN as error:
        raise BrokenAnswerError("a fill lacks a field") from error


def to_moment(value: object) -> datetime:
    """Source: the exchange mixes ISO 8601 with microseconds since the epoch."""
    text = str(value)
    if text.isdigit():
        return datetime.fromtimestamp(int(text) / 1_000_000, UTC)
    return datetime.fromisoformat(text).astimezone(UTC)


def _optional(value: object) -> Decimal | None:
    return None if value is None or value == "" else Decimal(str(value))


def _truth(value: object) -> bool:
    return value is True or value == "true"
