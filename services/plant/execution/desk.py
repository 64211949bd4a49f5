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
    """`absence_lag`: how long after an attempt's deadline a venue may still show its order for the first time."""

    market: MarketDesk
    trust: TrustStore
    absence_lag: timedelta = timedelta(seconds=2)

    @property
    def database(self) -> Database:
        return self.market.database

    @property
    def vaults(self) -> Vaults:
        return self.market.vaults

    def adapter(self, provider: str) -> BrokerAdapter:
        return self.market.adapters[provider]
