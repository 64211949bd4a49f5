"""Plant's settings: its database, its keys, where the vaults and the exchange are."""

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from shared.settings import CommonSettings, Mode
from shared.start import check_migrated_at_start, settings_at_start

_EXCHANGE_HOSTS = frozenset({"api.india.delta.exchange", "cdn-ind.testnet.deltaex.org"})


_PLATFORM_ADDRESSES = (
    "mastodon_base_url",
    "bluesky_base_url",
    "x_base_url",
    "linkedin_base_url",
    "linkedin_sign_in_base_url",
    "meta_base_url",
)


class PlantSettings(CommonSettings):
    """Units: `*_s` in seconds. The worker touches `worker_alive_file` as long as it can look for work.

    `four_eyes`: refuse what an operator approved for a customer unless a second operator has confirmed it.
    A platform for posts without an address is not offered.
    It serves its metrics on `worker_port`, to whoever reaches `worker_host`; without a port it has no HTTP.
    """

    plant_database_url: str = Field(repr=False)
    plant_key_dir: Path
    cp_url: str
    pp_url: str
    delta_base_url: str
    mastodon_base_url: str | None = None
    bluesky_base_url: str | None = None
    x_base_url: str | None = None
    x_client_id: str = ""
    linkedin_base_url: str | None = None
    linkedin_sign_in_base_url: str | None = None
    linkedin_client_id: str = ""
    linkedin_client_secret: SecretStr | None = None
    meta_base_url: str | None = None
    four_eyes: bool = False
    plant_max_connections: int = Field(default=12, ge=2, le=200)
    worker_concurrency: int = Field(default=12, ge=1, le=200)
    absence_lag_s: float = Field(default=5, ge=0)
    overdue_s: float = Field(default=2, ge=1)
    goal_concurrency: int = Field(default=4, ge=1, le=50)
    goal_lease_s: float = Field(default=60, ge=1)
    goal_grace_s: float = Field(default=6 * 3600, ge=0)
    checkpoint_interval_s: float = Field(default=60, ge=0.1)
    worker_alive_file: Path | None = None
    worker_host: str = "127.0.0.1"
    worker_port: int | None = Field(default=None, ge=1, le=65535)

    @model_validator(mode="after")
    def _check_addresses(self) -> Self:
        self.check_address("COUNTERSIGN_CP_URL", self.cp_url)
        self.check_address("COUNTERSIGN_PP_URL", self.pp_url)
        self.check_address("COUNTERSIGN_DELTA_BASE_URL", self.delta_base_url)
        for name in _PLATFORM_ADDRESSES:
            if url := getattr(self, name):
                self.check_address(f"COUNTERSIGN_{name.upper()}", url)
        if self.mode is Mode.PRODUCTION and urlsplit(self.delta_base_url).hostname not in _EXCHANGE_HOSTS:
            raise ValueError(
                f"COUNTERSIGN_DELTA_BASE_URL: must be one of {', '.join(sorted(_EXCHANGE_HOSTS))}"
            )
        return self


def migrated_settings() -> PlantSettings:
    """Read the settings of a process that starts. Raises: SystemExit; also when the database is behind."""
    settings = settings_at_start(PlantSettings)
    check_migrated_at_start(settings.plant_database_url, migrations=Path(__file__).parent / "migrations")
    return settings
