"""Settings of the platform portal, from the environment (prefix COUNTERSIGN_)."""

from pathlib import Path
from typing import Self

from pydantic import SecretStr, model_validator

from shared.keys import Issuer
from shared.portal import PortalConfig
from shared.portal_settings import PortalSettings
from shared.start import check_migrated_at_start, settings_at_start


class PpSettings(PortalSettings):
    pp_database_url: SecretStr
    pp_key_dir: Path
    pp_url: str = "http://localhost:8083"

    @model_validator(mode="after")
    def _check_pp_url(self) -> Self:
        self.check_address("COUNTERSIGN_PP_URL", self.pp_url)
        return self

    def config(self) -> PortalConfig:
        return self.portal_config(
            issuer=Issuer.PP,
            database_url=self.pp_database_url,
            key_folder=self.pp_key_dir,
            public_url=self.pp_url,
        )


def migrated_settings() -> PpSettings:
    """Read the settings of a process that starts. Raises: SystemExit; also when the database is behind."""
    settings = settings_at_start(PpSettings)
    url = settings.pp_database_url.get_secret_value()
    check_migrated_at_start(url, migrations=Path(__file__).parent / "migrations")
    return settings
