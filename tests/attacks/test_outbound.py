"""Attacks on calls that leave the house: a redirect to another origin (37), and plain http (41)."""

from pathlib import Path

import httpx
import pytest
import respx
from pydantic import ValidationError

from plant.brokers.base import BrokerError, Unknown
from plant.brokers.delta.adapter import DeltaAdapter
from plant.settings import PlantSettings
from shared.http_client import open_http_client
from shared.settings import Mode
from tests.unit.plant.brokers.delta.test_adapter import BASE, create_credentials, prepare

ELSEWHERE = "https://exchange.attacker.example"
REDIRECTS = [301, 302, 303, 307, 308]


@pytest.mark.parametrize("status", REDIRECTS)
async def test_redirected_order_goes_nowhere_else(status: int) -> None:
    with respx.mock(assert_all_called=False) as venue:
        venue.post(f"{BASE}/v2/orders").respond(status, headers={"Location": f"{ELSEWHERE}/v2/orders"})
        elsewhere = venue.route(host=httpx.URL(ELSEWHERE).host).respond(200)

        async with open_http_client(base_url=BASE) as http:
            adapter = DeltaAdapter(http)
            outcome = await adapter.send(prepare(adapter))

    assert isinstance(outcome, Unknown)
    assert not elsewhere.called


@pytest.mark.parametrize("status", REDIRECTS)
async def test_redirected_read_takes_the_key_nowhere_else(status: int) -> None:
    with respx.mock(assert_all_called=False) as venue:
        venue.route(host=httpx.URL(BASE).host).respond(status, headers={"Location": ELSEWHERE})
        elsewhere = venue.route(host=httpx.URL(ELSEWHERE).host).respond(200)

        async with open_http_client(base_url=BASE) as http:
            with pytest.raises(BrokerError):
                await DeltaAdapter(http).account_snapshot(create_credentials(read_only=True))

    assert not elsewhere.called


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
