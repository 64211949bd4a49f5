"""Settings of the customer portal, from the environment (prefix COUNTERSIGN_)."""

from pathlib import Path
from typing import Self

from pydantic import SecretStr, model_validator

from shared.keys import Issuer
from shared.portal import PortalConfig
from shared.portal_settings import PortalSettings


class CpSettings(PortalSettings):
    cp_database_url: SecretStr
    cp_key_dir: Path
    cp_url: str = "http://localhost:8082"

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
