"""Attacks on calls that leave the house: a redirect to another origin (37), and plain http (41)."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from pydantic import ValidationError

from plant.brokers.base import BrokerError, Unknown
from plant.brokers.delta.adapter import DeltaAdapter
from plant.settings import PlantSettings
from shared.http_client import open_http_client
from shared.settings import Mode
from tests.raw_peer import OK, Peer, answering, running_peer
from tests.unit.plant.brokers.delta.create import create_credentials, prepare

REDIRECTS = [301, 302, 303, 307, 308]


@pytest.mark.parametrize("status", REDIRECTS)
async def test_redirected_order_goes_nowhere_else(status: int) -> None:
    async with (
        running_peer(answering(OK)) as elsewhere,
        redirecting(status, elsewhere) as venue,
        open_http_client(base_url=venue.url) as http,
    ):
        adapter = DeltaAdapter(http)
        outcome = await adapter.send(prepare(adapter))

    assert isinstance(outcome, Unknown)
    assert (len(venue.requests), elsewhere.connections) == (1, 0)


@pytest.mark.parametrize("status", REDIRECTS)
async def test_redirected_read_takes_the_key_nowhere_else(status: int) -> None:
    async with (
        running_peer(answering(OK)) as elsewhere,
        redirecting(status, elsewhere) as venue,
        open_http_client(base_url=venue.url) as http,
    ):
        with pytest.raises(BrokerError):
            await DeltaAdapter(http).account_snapshot(create_credentials(read_only=True))

    assert venue.requests
    assert elsewhere.connections == 0


def redirecting(status: int, elsewhere: Peer) -> AbstractAsyncContextManager[Peer]:
    location = f"{elsewhere.url}/v2/orders"
    return running_peer(
        answering(f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode())
    )


@pytest.mark.parametrize(
    "address",
    ["http://api.india.delta.exchange", "https://exchange.attacker.example", "api.india.delta.exchange"],
)
def test_exchange_is_reached_at_its_own_host_over_tls_only(tmp_path: Path, address: str) -> None:
    trust_file = tmp_path / "trust.json"
    trust_file.write_text('{"keys": []}')

    with pytest.raises(ValidationError, match="COUNTERSIGN_DELTA_BASE_URL"):
        PlantSettings(
            mode=Mode.PRODUCTION,
            trust_file=trust_file,
            plant_database_url="postgresql://127.0.0.1/plant",
            plant_key_dir=tmp_path,
            cp_url="https://cp.example.test",
            pp_url="https://pp.example.test",
            delta_base_url=address,
        )
