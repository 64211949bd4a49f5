"""What an execution needs at hand: the database, the market, the vaults, the trusted keys."""

from dataclasses import dataclass
from datetime import timedelta

from plant.brokers.base import BrokerAdapter
from plant.credentials.sessions import Vaults
from plant.snapshots.actions import MarketDesk
from shared.db import Database
from shared.keys import TrustStore


@dataclass(frozen=True, slots=True)
class Desk:
    """`absence_lag`: how long after an attempt's deadline a venue may still take its order or show it for the
    first time. The venue judges the deadline by its own clock, so the lag covers the clock difference too: a
    venue that refuses what is signed more than 5 s ahead of its clock is at most that far behind.
    """

    market: MarketDesk
    trust: TrustStore
    absence_lag: timedelta = timedelta(seconds=5)

    @property
    def database(self) -> Database:
        return self.market.database

    @property
    def vaults(self) -> Vaults:
        return self.market.vaults

    def adapter(self, provider: str) -> BrokerAdapter:
        return self.market.adapters[provider]
