"""The gateway's settings, read from `COUNTERSIGN_*`: where Plant is, its own key, its limits."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.settings import CommonSettings

_PositiveInt = Annotated[int, Field(ge=1)]


class GatewaySettings(CommonSettings):
    """Units: `*_rate_per_s` requests per second for each caller, of which twice as many may come at once."""

    gateway_key_dir: Path
    plant_url: str
    gateway_read_rate_per_s: _PositiveInt = 200
    gateway_write_rate_per_s: _PositiveInt = 200
    gateway_delivery_rate_per_s: _PositiveInt = 1_000
    gateway_max_in_flight: _PositiveInt = 400
    gateway_answer_timeout_s: Annotated[float, Field(gt=0, le=300)] = 30.0

    @model_validator(mode="after")
    def _check(self) -> Self:
        self.check_address("COUNTERSIGN_PLANT_URL", self.plant_url)
        if not self.gateway_key_dir.is_dir():
            raise ValueError(f"COUNTERSIGN_GATEWAY_KEY_DIR: no such folder: {self.gateway_key_dir}")
        return self
