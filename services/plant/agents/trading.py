"""What the trading agent can do in a pattern: propose an order, propose a close, report the guardrails.

Deterministic: pure functions of their arguments; no model takes part.
"""

from collections import Counter
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, JsonValue, StringConstraints, model_validator

from plant.agents.drafts import DraftDeliverable, DraftKind
from plant.agents.proposals import Proposals, table
from plant.patterns.capabilities import Capability, RunContext, capability
from shared.contracts.base import Moment, ShortText, WireDecimal, WireModel

Coin = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,15}$")]
Units = Annotated[WireDecimal, Field(gt=0, max_digits=24, decimal_places=10)]
WallTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Side = Literal["long", "short"]


class OrderWish(WireModel):
    """Units: `units` in the coin, `limit_price` in the quote currency; a market order has no price."""

    coin: Coin
    units: Units
    side: Side
    action: Literal["enter", "exit"]
    order_type: Literal["market", "limit"] = "market"
    limit_price: Units | None = None

    @model_validator(mode="after")
    def _price_fits(self) -> Self:
        if (self.order_type == "limit") != (self.limit_price is not None):
            raise ValueError("a limit order needs a limit_price, a market order takes none")
        return self


class Position(WireModel):
    """Units: `units` in the coin, always above zero."""

    coin: str
    side: Side
    units: WireDecimal
    entry_price: WireDecimal


class AccountSnapshot(WireModel):
    as_of: Moment
    positions: tuple[Position, ...]


class FindPosition(WireModel):
    coin: Coin
    snapshot: AccountSnapshot


class FoundPosition(WireModel):
    is_open: bool
    as_of: Moment
    position: Position | None


class Window(WireModel):
    """From `start` up to, not including, `end`; one that ends before it starts goes over midnight."""

    at: Moment
    timezone: str
    start: WallTime | None = None
    end: WallTime | None = None


class InWindow(WireModel):
    is_inside: bool
    local_time: str


class ClosePosition(WireModel):
    position: Position | None
    as_of: Moment
    local_time: str


class AccountLimits(WireModel):
    """Units: `max_units_per_order` in the coin, `max_notional_inr` in rupees."""

    provider: str
    default_coin: str
    allowed_coins: tuple[str, ...]
    max_units_per_order: WireDecimal
    max_notional_inr: WireDecimal | None
    trading_hours: tuple[str, ...]
    policy: dict[str, JsonValue]


class Sent(WireModel):
    at: Moment
    kind: str
    subject: str
    state: str


class Denied(WireModel):
    at: Moment
    action: str | None
    reason: str
    risk_codes: tuple[str, ...]
    detail: str


class Attempts(WireModel):
    since: Moment
    sent: tuple[Sent, ...]
    denied: tuple[Denied, ...]


class GuardrailReport(WireModel):
    limits: AccountLimits
    attempts: Attempts
    title: ShortText = "Guardrail report"


def propose_order(wish: OrderWish, _context: RunContext) -> Proposals:
    return Proposals(deliverables=(_order(wish, reason="You asked for this order."),))


def find_position(wanted: FindPosition, _context: RunContext) -> FoundPosition:
    found = next((held for held in wanted.snapshot.positions if held.coin == wanted.coin), None)
    return FoundPosition(is_open=found is not None, as_of=wanted.snapshot.as_of, position=found)


def is_in_window(window: Window, _context: RunContext) -> InWindow:
    local = window.at.astimezone(ZoneInfo(window.timezone)).strftime("%H:%M")
    start, end = window.start or "00:00", window.end or "24:00"
    inside = start <= local < end if start < end else local >= start or local < end
    return InWindow(is_inside=inside, local_time=local)


def propose_close(wanted: ClosePosition, _context: RunContext) -> Proposals:
    """Propose to close all of the position, at market."""
    held = wanted.position
    if held is None:
        return Proposals(deliverables=())
    wish = OrderWish(coin=held.coin, units=held.units, side=held.side, action="exit")
    reason = (
        f"A {held.side} position of {held.units} {held.coin}, entered at {held.entry_price}, was open when it"
        f" was looked at ({wanted.as_of.isoformat()}; {wanted.local_time} your time)."
    )
    return Proposals(deliverables=(_order(wish, reason=reason),))


def report_guardrails(wanted: GuardrailReport, _context: RunContext) -> Proposals:
    attempts = wanted.attempts
    counted = Counter(denial.reason for denial in attempts.denied)
    summary = (
        f"Since {attempts.since.isoformat()}: {len(attempts.sent)} sent, {len(attempts.denied)} denied"
        + (
            f" ({', '.join(f'{reason}: {count}' for reason, count in counted.most_common())})"
            if counted
            else ""
        )
        + "."
    )
    body: dict[str, JsonValue] = {
        "paragraphs": [summary],
        "tables": [_limits(wanted.limits), _sent(attempts.sent), _denied(attempts.denied)],
    }
    return Proposals(deliverables=(DraftDeliverable(kind=DraftKind.REPORT, title=wanted.title, body=body),))


def _order(wish: OrderWish, *, reason: str) -> DraftDeliverable:
    request: dict[str, JsonValue] = {
        "coin": wish.coin,
        "units": format(wish.units, "f"),
        "side": wish.side,
        "action": wish.action,
    }
    if wish.limit_price is None:
        request["market"] = True
    else:
        request["limit_price"] = format(wish.limit_price, "f")
    at = "at market" if wish.limit_price is None else f"at {wish.limit_price}"
    verb = "Enter" if wish.action == "enter" else "Close"
    title = f"{verb} {wish.side} {wish.units} {wish.coin} {at}"
    return DraftDeliverable(
        kind=DraftKind.TRADE_ORDER, title=title, body={"paragraphs": [reason]}, request=request
    )


def _limits(limits: AccountLimits) -> dict[str, JsonValue]:
    rows = [
        ["Exchange", limits.provider],
        ["Allowed coins", ", ".join(limits.allowed_coins)],
        ["Default coin", limits.default_coin],
        ["Largest order", f"{_plain(limits.max_units_per_order)} units"],
        [
            "Largest value",
            "no limit of yours" if limits.max_notional_inr is None else f"INR {limits.max_notional_inr}",
        ],
        ["Enters positions", ", ".join(limits.trading_hours) or "at any time"],
    ]
    rows += [[name.replace("_", " "), str(value)] for name, value in sorted(limits.policy.items())]
    return table("Limits", ("Limit", "Value"), rows)


def _sent(sent: tuple[Sent, ...]) -> dict[str, JsonValue]:
    rows = [[_moment(one.at), one.kind, one.subject, one.state] for one in sent]
    return table("Last orders", ("When", "What", "Which", "State"), rows)


def _denied(denied: tuple[Denied, ...]) -> dict[str, JsonValue]:
    rows = [
        [_moment(one.at), one.action or "", ", ".join((one.reason, *one.risk_codes)), one.detail]
        for one in denied
    ]
    return table("Last denials", ("When", "What", "Reasons", "Detail"), rows)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _plain(value: Decimal) -> str:
    return format(value, "f")


CAPABILITIES: tuple[Capability, ...] = (
    capability(
        "trading.propose_order",
        function=propose_order,
        args=OrderWish,
        result=Proposals,
        summary="Propose an order to enter or exit, from settings alone.",
    ),
    capability(
        "trading.find_position",
        function=find_position,
        args=FindPosition,
        result=FoundPosition,
        summary="Find the open position in a coin in what was read of the account.",
    ),
    capability(
        "trading.is_in_window",
        function=is_in_window,
        args=Window,
        result=InWindow,
        summary="Say whether a moment is within a daily window in a time zone.",
    ),
    capability(
        "trading.propose_close",
        function=propose_close,
        args=ClosePosition,
        result=Proposals,
        summary="Propose to close all of a position, reduce-only, at market.",
    ),
    capability(
        "trading.report_guardrails",
        function=report_guardrails,
        args=GuardrailReport,
        result=Proposals,
        summary="Report limits, allowed coins, and the last attempts with the reasons of denials.",
    ),
)
