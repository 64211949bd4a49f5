"""Settings of the sandbox, read from `COUNTERSIGN_SANDBOX_*`; it refuses any host but the loopback."""

import ipaddress
from decimal import Decimal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SandboxSettings(BaseSettings):
    """Units: `*_s` seconds; `delta_rate_limit_units` weight units per fixed five-minute window."""

    model_config = SettingsConfigDict(env_prefix="COUNTERSIGN_SANDBOX_", frozen=True)

    host: str = "127.0.0.1"
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

    @field_validator("host")
    @classmethod
    def _must_be_loopback(cls, host: str) -> str:
        if not is_loopback(host):
            raise ValueError(
                f"the sandbox listens on the loopback only, expected 127.0.0.1 or ::1, found {host!r}"
            )
        return host


def is_loopback(host: str) -> bool:
    """True for `localhost` and loopback addresses; other names are not resolved and count as foreign."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
