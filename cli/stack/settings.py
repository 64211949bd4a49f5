"""Settings of the local stack, read from `COUNTERSIGN_*`: home folder, ports, databases."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError

from cli.stack.errors import StackError
from cli.stack.passwords import SERVICES
from cli.stack.provision import DatabaseUrls
from shared.settings import EnvironmentSettings

Port = Annotated[int, Field(ge=1, le=65535)]


@dataclass(frozen=True, slots=True)
class Ports:
    cp: int
    pp: int
    gateway: int
    plant: int
    worker: int
    sandbox: int
    postgres: int

    def shifted(self, offset: int) -> "Ports":
        return Ports(**{name: port + offset for name, port in asdict(self).items()})


class StackSettings(EnvironmentSettings):
    """With all six database URLs given, no PostgreSQL is started and no role or database is made.

    `welcome`: whether `countersign up` hires an agent for the first demo customer, so that there is something to see.
    `demo_*_url` lead the demo to a stack that runs elsewhere; `postgres_bin` is the folder of pg_dump and
    pg_restore for a server of another version than the embedded one.
    """

    home: Path = Path(".countersign")
    port_offset: Annotated[int, Field(ge=0, le=50_000)] = 0
    cp_port: Port = 8082
    pp_port: Port = 8083
    gateway_port: Port = 8080
    plant_port: Port = 8081
    worker_port: Port = 8084
    sandbox_port: Port = 8090
    postgres_port: Port = 8054
    postgres_bin: Path | None = None
    admin_database_url: SecretStr | None = None
    cp_database_url: SecretStr | None = None
    pp_database_url: SecretStr | None = None
    plant_database_url: SecretStr | None = None
    cp_owner_database_url: SecretStr | None = None
    pp_owner_database_url: SecretStr | None = None
    plant_owner_database_url: SecretStr | None = None
    welcome: bool = True
    demo_cp_url: str | None = None
    demo_sandbox_url: str | None = None

    @property
    def ports(self) -> Ports:
        wanted = Ports(
            self.cp_port,
            self.pp_port,
            self.gateway_port,
            self.plant_port,
            self.worker_port,
            self.sandbox_port,
            self.postgres_port,
        )
        return wanted.shifted(self.port_offset)

    @property
    def given_databases(self) -> DatabaseUrls | None:
        """Raises: StackError when only some of the six URLs are given."""
        urls = {
            f"{service}{kind}": getattr(self, f"{service}{kind}_database_url")
            for service in SERVICES
            for kind in ("", "_owner")
        }
        missing = [f"COUNTERSIGN_{name.upper()}_DATABASE_URL" for name, url in urls.items() if url is None]
        if len(missing) == len(urls):
            return None
        if missing:
            raise StackError(f"give all six database URLs or none: {', '.join(missing)} missing")
        return DatabaseUrls(
            owner={service: urls[f"{service}_owner"].get_secret_value() for service in SERVICES},
            runtime={service: urls[service].get_secret_value() for service in SERVICES},
        )


def load_settings() -> StackSettings:
    """Raises: StackError that names each wrong setting."""
    try:
        return StackSettings()
    except ValidationError as error:
        wrong = [f"COUNTERSIGN_{str(item['loc'][0]).upper()}: {item['msg']}" for item in error.errors()]
        raise StackError("; ".join(wrong)) from error
