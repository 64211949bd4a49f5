"""The app around the venues: loopback only, health."""

import httpx
import pytest
from pydantic import ValidationError

from sandbox.app import create_app
from sandbox.connection import NoConnectionError
from sandbox.settings import SandboxSettings, is_loopback


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


async def test_drop_under_another_server_says_what_to_start() -> None:
    transport = httpx.ASGITransport(create_app(SandboxSettings()))
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        await http.post("/_control/faults", json={"venue": "delta", "fault": "drop_before_accept"})

        with pytest.raises(NoConnectionError, match="python -m sandbox"):
            await http.get("/delta/v2/products")
