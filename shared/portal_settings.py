"""Settings that both portals have; each portal adds the names of its own database, keys and address."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, model_validator

from shared.approvals.mint import Lifetimes
from shared.keys import Issuer
from shared.portal import PortalConfig
from shared.settings import CommonSettings
from shared.sign_in.throttle import Throttle

_BUILT_PAGES = Path(__file__).parents[1] / "web" / "dist"
Seconds = Annotated[int, Field(gt=0, le=7 * 24 * 3600)]


class PortalSettings(CommonSettings):
    """`trade_approval_lifetime_s`: how long an approval may wait to be used; `send_grace_s`: and then to be sent.

    `four_eyes`: what an operator approves for a customer needs a second operator; both vaults demand it too.
    `max_in_flight`: how many requests of clients one process works on at once; more are told to come again.
    `web_dir`: the folder of the built pages; without it there are none, and the API works nevertheless.
    """

    gateway_url: str = "http://localhost:8080"
    trade_approval_lifetime_s: Seconds = 900
    post_approval_lifetime_s: Seconds = 7 * 24 * 3600
    send_grace_s: Seconds = 120
    four_eyes: bool = False
    max_in_flight: Annotated[int, Field(ge=1, le=10_000)] = 256
    web_dir: Path = _BUILT_PAGES
    sign_in_failures_per_email: Annotated[int, Field(gt=0)] = 10
    sign_in_failures_per_address: Annotated[int, Field(gt=0)] = 100

    @model_validator(mode="after")
    def _check_gateway_url(self) -> Self:
        self.check_address("COUNTERSIGN_GATEWAY_URL", self.gateway_url)
        return self

    def portal_config(
        self, *, issuer: Issuer, database_url: SecretStr, key_folder: Path, public_url: str
    ) -> PortalConfig:
        lifetimes = Lifetimes(
            trade=timedelta(seconds=self.trade_approval_lifetime_s),
            post=timedelta(seconds=self.post_approval_lifetime_s),
            send_grace=timedelta(seconds=self.send_grace_s),
        )
        throttle = Throttle(
            failures_per_email=self.sign_in_failures_per_email,
            failures_per_address=self.sign_in_failures_per_address,
        )
        return PortalConfig(
            issuer=issuer,
            is_local=self.is_local,
            public_url=public_url,
            gateway_url=self.gateway_url,
            database_url=database_url.get_secret_value(),
            key_folder=key_folder,
            trust_file=self.trust_file,
            lifetimes=lifetimes,
            throttle=throttle,
            four_eyes=self.four_eyes,
        )
