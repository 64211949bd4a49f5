"""What an execution needs at hand: the database, the market, the vaults, the trusted keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from plant.brokers.base import BrokerAdapter
from plant.credentials.sessions import Vaults
from plant.execution.order_venue import OrderVenue
from plant.execution.post_venue import PostVenue
from plant.execution.venue import Venue
from plant.publishers.base import Publisher
from plant.snapshots.actions import MarketDesk
from shared.db import Database
from shared.keys import TrustStore


@dataclass(frozen=True, slots=True)
class Desk:
    """`absence_lag`: how long after an attempt's deadline a venue may still take its order or show it for the
    first time. The venue judges the deadline by its own clock, so the lag covers the clock difference too: a
    venue that refuses what is signed more than 5 s ahead of its clock is at most that far behind.
    `four_eyes`: an operator's approval needs a second one's.
    """

    market: MarketDesk
    trust: TrustStore
    four_eyes: bool = field(kw_only=True)
    publishers: Mapping[str, Publisher] = field(default_factory=dict[str, Publisher])
    absence_lag: timedelta = timedelta(seconds=5)

    @property
    def database(self) -> Database:
        return self.market.database

    @property
    def vaults(self) -> Vaults:
        return self.market.vaults

    def adapter(self, provider: str) -> BrokerAdapter:
        return self.market.adapters[provider]

    def venue(self, provider: str) -> Venue:
        publisher = self.publishers.get(provider)
        if publisher is not None:
            return PostVenue(publisher, self.vaults)
        return OrderVenue(self.adapter(provider), self.vaults)
