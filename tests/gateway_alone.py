"""A real gateway process in front of the scripted upstream, and tokens to call it with."""

import dataclasses
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import httpx

from cli.stack.home import Home, make_home
from cli.stack.keys import make_missing_keys
from cli.stack.ports import free_ports
from cli.stack.services import Service, address, services_without_database
from cli.stack.settings import Ports
from cli.stack.supervisor import Child, start_child, stop_children, wait_until_ready
from shared.identity import ActorType, Identity, mint_identity
from shared.ids import CorrelationId, CustomerId, uuid7
from shared.keys import Issuer, Purpose, SigningKey, load_signing_key
from tests.databases import temporary_home
from tests.upstream import LEDGER_SETTING


@dataclasses.dataclass(slots=True)
class GatewayAlone:
    home: Home
    ports: Ports
    gateway: Child
    upstream: Child

    @property
    def url(self) -> str:
        return address(self.ports.gateway)

    @property
    def ledger(self) -> list[str]:
        """What reached the upstream, one `METHOD path` each."""
        path = _ledger(self.home)
        return path.read_text().splitlines() if path.exists() else []

    def restart_upstream(self) -> None:
        stop_children([self.upstream])
        self.upstream = _start(self.upstream.service, self.home)

    def stop_upstream(self) -> None:
        stop_children([self.upstream])

    def key(self, issuer: Issuer) -> SigningKey:
        return load_signing_key(self.home.keys / issuer, issuer=issuer, purpose=Purpose.IDENTITY)

    def token(
        self,
        actor_type: ActorType,
        *,
        issuer: Issuer = Issuer.CP,
        customer_id: UUID | None = None,
        roles: tuple[str, ...] = (),
        correlation_id: UUID | None = None,
    ) -> str:
        identity = Identity(
            issuer=issuer,
            actor_type=actor_type,
            actor_id=str(uuid7()),
            customer_id=CustomerId(customer_id) if customer_id else None,
            correlation_id=CorrelationId(correlation_id or uuid7()),
            roles=roles,
        )
        return mint_identity(identity, key=self.key(issuer), audience=Issuer.PLANT)

    def customer_token(self, *, customer_id: UUID | None = None) -> str:
        return self.token(ActorType.CUSTOMER, customer_id=customer_id or uuid7())

    def as_customer(self) -> httpx.Client:
        return self.client(self.customer_token())

    def client(self, token: str | None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, trust_env=False, timeout=10)


@contextmanager
def running_gateway(limits: Mapping[str, str] | None = None) -> Generator[GatewayAlone]:
    with temporary_home() as root:
        home, ports = make_home(root), Ports(*free_ports(7))
        make_missing_keys(home.keys, trust_file=home.trust_file)
        gateway = next(
            service for service in services_without_database(ports, home=home) if service.name == "gateway"
        )
        gateway = dataclasses.replace(gateway, environment={**gateway.environment, **(limits or {})})
        alone = GatewayAlone(
            home, ports, start_child(gateway, log=home.log("gateway")), _start_upstream(ports, home)
        )
        try:
            _wait(alone.gateway)
            yield alone
        finally:
            stop_children([alone.gateway, alone.upstream])


def _start_upstream(ports: Ports, home: Home) -> Child:
    environment = {"PYTHONPATH": str(Path(__file__).parents[1]), LEDGER_SETTING: str(_ledger(home))}
    where = ("--host", "127.0.0.1", "--port", str(ports.plant), "--log-level", "error")
    service = Service(
        "upstream",
        ("-m", "uvicorn", "tests.upstream:app", *where),
        environment,
        f"{address(ports.plant)}/health/ready",
    )
    return _start(service, home)


def _start(service: Service, home: Home) -> Child:
    child = start_child(service, log=home.log(service.name))
    _wait(child)
    return child


def _wait(child: Child) -> None:
    wait_until_ready([child], patience_s=20, is_stop_requested=lambda: False)


def _ledger(home: Home) -> Path:
    return home.root / "ledger.txt"
