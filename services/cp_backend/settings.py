"""Settings of the customer portal, from the environment (prefix COUNTERSIGN_)."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, model_validator

from shared.keys import Issuer
from shared.portal import PortalConfig
from shared.portal_settings import PortalSettings
from shared.start import check_migrated_at_start, settings_at_start


class CpSettings(PortalSettings):
    """`subscription_retention_days`: for how long an ended subscription can be read."""

    cp_database_url: SecretStr
    cp_key_dir: Path
    cp_url: str = "http://localhost:8082"
    subscription_retention_days: Annotated[int, Field(ge=0, le=3650)] = 30

    @model_validator(mode="after")
    def _check_cp_url(self) -> Self:
        self.check_address("COUNTERSIGN_CP_URL", self.cp_url)
        return self

    def config(self) -> PortalConfig:
        return self.portal_config(
            issuer=Issuer.CP,
            database_url=self.cp_database_url,
            key_folder=self.cp_key_dir,
            public_url=self.cp_url,
        )


def migrated_settings() -> CpSettings:
    """Read the settings of a process that starts. Raises: SystemExit; also when the database is behind."""
    settings = settings_at_start(CpSettings)
    url = settings.cp_database_url.get_secret_value()
    check_migrated_at_start(url, migrations=Path(__file__).parent / "migrations")
    return settings
