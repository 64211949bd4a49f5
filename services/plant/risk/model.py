"""The values the risk gate decides over, all stored with the decision, so that it can be repeated.

An input that could not be read is None and denies; nothing here has a default, so nothing is left out unseen.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, NonNegativeInt

from plant.brokers.model import (
    AccountSnapshot,
    Instrument,
    NonNegativeDecimal,
    Quote,
    Side,
    VenueDecimal,
)
from plant.risk.policy import RiskPolicy
from shared.approvals.action import Action
from shared.contracts.base import Name, WireModel


class InFlightOrder(WireModel):
    """Released by us and not yet seen at the venue. Units: contracts."""

    symbol: Name
    side: Side
    size: NonNegativeDecimal
    reduce_only: bool


class Counters(WireModel):
    """What this account has done lately, without the order being decided.

    Units: `notional_today` in the policy's notional currency; `same_intent_recent` counts releases of the
    same action hash inside the policy's duplicate window; `unknown_outcome_same_side` counts orders of
    unknown outcome on the same instrument and side.
    """

    orders_last_second: NonNegativeInt
    orders_last_minute: NonNegativeInt
    orders_today: NonNegativeInt
    notional_today: NonNegativeDecimal
    same_intent_recent: NonNegativeInt
    unknown_outcome_same_side: NonNegativeInt
    in_flight: tuple[InFlightOrder, ...]


class Preconditions(WireModel):
    """What the approver saw and accepted."""

    price_shown: VenueDecimal
    allowed_drift_bps: NonNegativeInt


def _order_balances(account: AccountSnapshot) -> AccountSnapshot:
    """The snapshot is hashed as it is written, so its only mapping is written in one order."""
    assets = sorted(account.balances)
    if assets == list(account.balances):
        return account
    return account.model_copy(update={"balances": {asset: account.balances[asset] for asset in assets}})


class RiskInputs(WireModel):
    """Everything a decision depends on. `now_ms` is UTC and given by the caller: the gate reads no clock.

    The snapshot's hash is that of these fields as they are written here, but for action and policy.
    """

    action: Action
    policy: RiskPolicy
    instrument: Instrument | None
    quote: Quote | None
    account: Annotated[AccountSnapshot, AfterValidator(_order_balances)] | None
    counters: Counters | None
    preconditions: Preconditions | None
    kill_switch_engaged: bool | None
    now_ms: NonNegativeInt
    stage: Literal["proposal", "release"]
    engine_ready: bool | None
