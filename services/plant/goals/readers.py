"""What is looked up for a goal before its pattern runs, by name: `reads` of a template names readers of this table."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from plant.brokers.model import Instrument, Position
from plant.evidence import reading as evidence
from plant.evidence.model import EvidenceFilter
from plant.execution import actions as executions
from plant.goals.work import Bench, Work
from plant.reference_agents.drafting import read_instrument
from plant.risk.account_policy import policy_of
from plant.snapshots import actions as snapshots
from shared.clock import from_epoch_ms
from shared.contracts.evidence import PolicyDenial
from shared.contracts.trading import Execution
from shared.money import canonical_decimal
from shared.paging import Page

Reader = Callable[[Bench, Work], Awaitable[JsonValue]]

_LOOKS_BACK = timedelta(days=7)
_MOST_ATTEMPTS = 20
_CALENDAR_DAYS = 31
_SHOWN_LIMITS = (
    "max_notional_per_order",
    "max_position_notional",
    "max_orders_per_minute",
    "max_orders_per_day",
    "max_daily_notional",
    "price_collar_bps",
    "market_protection_bps",
    "max_drift_bps",
)


async def read_facts(bench: Bench, work: Work) -> dict[str, JsonValue]:
    """Raises: PlatformError as the readers do; KeyError for a reader that no published definition can name."""
    return {name: await READERS[name](bench, work) for name in work.template.reads}


async def read_account_snapshot(bench: Bench, work: Work) -> JsonValue:
    """Read the account now: open positions in the allowed coins.

    Shape: as_of; positions of {coin, side, units, entry_price}. Raises: PlatformError as snapshots.read_now.
    """
    account, desk = work.trading_account, bench.desk
    coins = {desk.adapter(account.provider).symbol_for(coin): coin for coin in account.allowed_coins}
    symbol = desk.adapter(account.provider).symbol_for(account.default_coin)
    view = await snapshots.read_now(desk.market, account, symbol=symbol, subject=work.subject)
    assert view.account is not None
    positions: list[JsonValue] = []
    for held in view.account.positions:
        coin = coins.get(held.symbol)
        if coin is not None and held.size != 0:
            instrument = await read_instrument(desk, account, coin=coin, subject=work.subject)
            positions.append(_position(held, coin, instrument))
    return {"as_of": from_epoch_ms(view.account.as_of_ms).isoformat(), "positions": positions}


async def read_account_limits(_bench: Bench, work: Work) -> JsonValue:
    """The limits that hold for this agent's orders: the platform's, the account's and its own, the tightest of each."""
    account = work.trading_account
    policy = policy_of(account).model_dump(mode="json")
    return {
        "provider": account.provider,
        "default_coin": account.default_coin,
        "allowed_coins": [*account.allowed_coins],
        "max_units_per_order": canonical_decimal(account.max_units_per_order),
        "max_notional_inr": _decimal(account.max_notional_inr),
        "trading_hours": [str(hours) for hours in account.trading_hours],
        "policy": {name: policy[name] for name in _SHOWN_LIMITS},
    }


async def read_recent_attempts(bench: Bench, work: Work) -> JsonValue:
    """What was sent, and what was denied and why, of the last seven days; the newest of each."""
    since = work.started_at - _LOOKS_BACK
    page = Page(limit=_MOST_ATTEMPTS)
    sent = await executions.list_own(bench.desk.database, work.held.customer_id, page=page)
    wanted = EvidenceFilter(customer_id=work.held.customer_id, agent_id=work.agent_id, start=since, page=page)
    async with bench.desk.database.tenant(work.held.customer_id) as session:
        denied = await evidence.list_denials(session, wanted)
    return {
        "since": since.isoformat(),
        "sent": [_sent(one) for one in sent.items if one.created_at >= since],
        "denied": [_denied(one) for one in denied.items],
    }


async def read_calendar(_bench: Bench, work: Work) -> JsonValue:
    """The days from today on, where the agent is at home."""
    zone = ZoneInfo(work.instance.timezone)
    today = work.started_at.astimezone(zone).date()
    days = [today + timedelta(days=number) for number in range(_CALENDAR_DAYS)]
    return {
        "timezone": work.instance.timezone,
        "today": today.isoformat(),
        "days": [{"date": day.isoformat(), "weekday": day.weekday()} for day in days],
    }


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "account_snapshot": read_account_snapshot,
        "account_limits": read_account_limits,
        "recent_attempts": read_recent_attempts,
        "calendar": read_calendar,
    }
)


def _position(held: Position, coin: str, instrument: Instrument) -> JsonValue:
    return {
        "coin": coin,
        "side": "long" if held.size > 0 else "short",
        "units": canonical_decimal(abs(held.size) * instrument.contract_value),
        "entry_price": canonical_decimal(held.entry_price),
    }


def _sent(execution: Execution) -> JsonValue:
    return {
        "at": execution.created_at.isoformat(),
        "kind": execution.kind,
        "subject": execution.client_order_id,
        "state": execution.state.value,
    }


def _denied(denial: PolicyDenial) -> JsonValue:
    return {
        "at": denial.at.isoformat(),
        "action": denial.action_kind,
        "reason": denial.reason,
        "risk_codes": [*denial.risk_codes],
        "detail": str(denial.details.get("detail", "")),
    }


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else canonical_decimal(value)
