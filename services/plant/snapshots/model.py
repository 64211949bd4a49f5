"""What was last read of a market and an account, as the risk gate takes it."""

from dataclasses import dataclass
from datetime import datetime

from plant.brokers.model import AccountSnapshot, Instrument, Quote


@dataclass(frozen=True, slots=True)
class MarketView:
    """A part that was never read is None."""

    account: AccountSnapshot | None
    quote: Quote | None
    instrument: Instrument | None
    instrument_as_of: datetime | None = None
