"""The app around the venues: loopback only unless told otherwise, health."""

import httpx
import pytest
from pydantic import ValidationError

from sandbox.app import create_app
from sandbox.connection import NoConnectionError
from sandbox.settings import Network, SandboxSettings, is_loopback


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "example.test", ""])  # noqa: S104 -- refused
def test_foreign_host_refuses_to_start(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_SANDBOX_HOST", host)

    with pytest.raises(ValidationError, match="loopback"):
        create_app()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_loopback_host_is_taken(host: str) -> None:
    assert is_loopback(host)
    assert SandboxSettings(host=host).host == host


@pytest.mark.parametrize(("client", "status"), [("127.0.0.1", 200), ("::1", 200), ("10.0.0.7", 403)])
@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/_control/faults", "/delta/v2/products"])
async def test_caller_from_elsewhere_is_refused(client: str, path: str, status: int) -> None:
    transport = httpx.ASGITransport(create_app(SandboxSettings()), client=(client, 40_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        answer = await http.get(path)

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("client", "status"),
    [("127.0.0.1", 200), ("172.20.0.3", 200), ("fd00::3", 200), ("8.8.8.8", 403), ("x", 403)],
)
async def test_on_an_internal_network_private_callers_are_answered(client: str, status: int) -> None:
    settings = SandboxSettings(allow_network=Network.INTERNAL, host="0.0.0.0")  # noqa: S104 -- in a container
    transport = httpx.ASGITransport(create_app(settings), client=(client, 40_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        answer = await http.get("/_control/faults")

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("network", "host"), [("internal", "8.8.8.8"), ("internal", "sandbox"), ("any", "127.0.0.1")]
)
def test_public_host_or_unknown_network_refuses_to_start(
    network: str, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERSIGN_SANDBOX_ALLOW_NETWORK", network)
    monkeypatch.setenv("COUNTERSIGN_SANDBOX_HOST", host)

    with pytest.raises(ValidationError, match=r"loopback|allow_network"):
        create_app()


async def test_drop_under_another_server_says_what_to_start() -> None:
    transport = httpx.ASGITransport(create_app(SandboxSettings()))
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        await http.post("/_control/faults", json={"venue": "delta", "fault": "drop_before_accept"})

        with pytest.raises(NoConnectionError, match="python -m sandbox"):
            await http.get("/delta/v2/products")
