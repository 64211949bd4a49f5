"""Settings that every service has. Each service adds its own class; all names start with COUNTERSIGN_."""

import os
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
SECRETS_DIR = "COUNTERSIGN_SECRETS_DIR"
# One label without a dot: a name that a private network gives, never one of the internet.
_INTERNAL_HOST = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")


class Mode(StrEnum):
    LOCAL = "local"
    PRODUCTION = "production"


class EnvironmentSettings(BaseSettings):
    """Read from the environment; what it lacks, from files in COUNTERSIGN_SECRETS_DIR, named like the setting."""

    model_config = SettingsConfigDict(
        env_prefix="COUNTERSIGN_", env_file=None, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        folder = os.environ.get(SECRETS_DIR)
        files = [SecretsSettingsSource(settings_cls, secrets_dir=folder)] if folder else []
        return init_settings, env_settings, *files


class CommonSettings(EnvironmentSettings):
    """`trust_file` holds the public keys of all services; each private key stays with its owner.

    Shape: `internal_hosts` names that local mode may talk to beside the loopback, separated by commas.
    """

    mode: Mode = Mode.PRODUCTION
    log_level: str = "info"
    trust_file: Path
    metrics_enabled: bool = True
    internal_hosts: Annotated[frozenset[str], NoDecode] = frozenset()

    @field_validator("internal_hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: object) -> object:
        return (
            [host.strip() for host in value.split(",") if host.strip()] if isinstance(value, str) else value
        )

    @model_validator(mode="after")
    def _check_common(self) -> Self:
        if not self.trust_file.is_file():
            raise ValueError(f"COUNTERSIGN_TRUST_FILE: no such file: {self.trust_file}")
        if self.internal_hosts and not self.is_local:
            raise ValueError("COUNTERSIGN_INTERNAL_HOSTS: for local mode only, leave it out")
        wrong = sorted(host for host in self.internal_hosts if not _INTERNAL_HOST.fullmatch(host))
        if wrong:
            raise ValueError(f"COUNTERSIGN_INTERNAL_HOSTS: expected plain names without dots, found {wrong}")
        return self

    @property
    def is_local(self) -> bool:
        return self.mode is Mode.LOCAL

    def check_address(self, name: str, url: str) -> None:
        """Local mode stays on the loopback and the internal hosts; elsewhere only the loopback may lack TLS.

        Raises: ValueError that names the setting.
        """
        host = urlsplit(url).hostname
        if host in LOOPBACK_HOSTS:
            return
        if self.is_local and host not in self.internal_hosts:
            raise ValueError(
                f"{name}: local mode talks to the loopback and COUNTERSIGN_INTERNAL_HOSTS only, found {host!r}"
            )
        if not self.is_local and not url.startswith("https://"):
            raise ValueError(f"{name}: must be an https address, found host {host!r}")
