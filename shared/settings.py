"""Settings that every service has. Each service adds its own class; all names start with COUNTERSIGN_."""

from enum import StrEnum
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class Mode(StrEnum):
    LOCAL = "local"
    PRODUCTION = "production"


class CommonSettings(BaseSettings):
    """`trust_file` holds the public keys of all services; each private key stays with its owner."""

    model_config = SettingsConfigDict(env_prefix="COUNTERSIGN_", env_file=None, extra="ignore", frozen=True)

    mode: Mode = Mode.PRODUCTION
    log_level: str = "info"
    trust_file: Path
    metrics_enabled: bool = True

    @model_validator(mode="after")
    def _check_trust_file(self) -> Self:
        if not self.trust_file.is_file():
            raise ValueError(f"COUNTERSIGN_TRUST_FILE: no such file: {self.trust_file}")
        return self

    @property
    def is_local(self) -> bool:
        return self.mode is Mode.LOCAL


def is_loopback_url(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK_HOSTS


def check_url(name: str, url: str, *, mode: Mode) -> str:
    """Refuse plain http to anywhere but loopback outside local mode, and non-loopback in local mode.

    Raises: ValueError that names the setting.
    """
    if mode is Mode.LOCAL and not is_loopback_url(url):
        raise ValueError(f"{name}: local mode talks to loopback only, found host {urlsplit(url).hostname!r}")
    return url
