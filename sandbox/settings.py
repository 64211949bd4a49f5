"""Settings of the sandbox, read from `COUNTERSIGN_SANDBOX_*`; the loopback only, unless told otherwise."""

import ipaddress
from decimal import Decimal
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Network(StrEnum):
    """`internal`: private addresses beside the loopback, for a network that only containers are on."""

    INTERNAL = "internal"


class SandboxSettings(BaseSettings):
    """Units: `*_s` seconds; `delta_rate_limit_units` weight units and `posts_rate_limit`
    requests of an account of a platform for posts, each per fixed five-minute window.

    `allow_network` is for containers, where the loopback reaches nobody; off unless set.
    """

    model_config = SettingsConfigDict(env_prefix="COUNTERSIGN_SANDBOX_", frozen=True)

    host: str = "127.0.0.1"
    allow_network: Network | None = None
    port: int = Field(default=8090, ge=0, le=65535)
    seed: int = 7
    random_walk: bool = False
    ledger_entries: int = Field(default=200_000, ge=1)
    delta_signature_window_s: float = Field(default=5.0, gt=0)
    delta_future_skew_s: float = Field(default=5.0, ge=0)
    delta_rate_limit_units: int = Field(default=10_000, ge=1)
    delta_matching_operations_per_s: int = Field(default=500, ge=1)
    delta_duplicate_client_order_id_code: str = "duplicate_client_order_id"
    delta_demo_balance_usd: Decimal = Decimal(100_000)
    posts_rate_limit: int = Field(default=300, ge=1)

    @model_validator(mode="after")
    def _check_host(self) -> Self:
        if not self.is_allowed(self.host):
            raise ValueError(
                f"the sandbox listens on the loopback only, expected 127.0.0.1 or ::1, found {self.host!r}"
            )
        return self

    def is_allowed(self, host: str) -> bool:
        """Whether to listen on this address, or to answer it."""
        return is_loopback(host) or (self.allow_network is Network.INTERNAL and _is_private(host))


def is_loopback(host: str) -> bool:
    """True for `localhost` and loopback addresses; other names are not resolved and count as foreign."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_private(host: str) -> bool:
    """True for private addresses, and for 0.0.0.0, with which a container listens on its networks."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
