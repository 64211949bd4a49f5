"""What the stack consists of: each process, its command, and the environment that it and only it gets.

A process is given its own database URL and key folder and nobody else's.
"""

import importlib.util
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cli.stack.home import Home
from cli.stack.ports import LOOPBACK
from cli.stack.provision import DatabaseUrls
from cli.stack.settings import Ports
from shared.settings import Mode

_ROOT = Path(__file__).parents[2]
# Keep-alive is longer than our HTTP clients keep a connection, so that no request meets one just closing.
# Client addresses in headers are not believed: nothing that we trust stands in front of a portal here.
_UVICORN_OPTIONS = (
    "--log-level warning --no-access-log --no-server-header --no-proxy-headers --ws none "
    "--timeout-keep-alive 75 --timeout-graceful-shutdown 3"
)
_PACKAGES = {"plant": "plant", "cp": "cp_backend", "pp": "pp_backend"}
_SECRET_SETTINGS = ("_DATABASE_URL", "_KEY_DIR", "_SECRETS_DIR")


@dataclass(frozen=True, slots=True)
class Service:
    """`health_url` is None for a process without HTTP: it is ready when it stays alive."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    health_url: str | None = None

    @property
    def command(self) -> tuple[str, ...]:
        return (sys.executable, *self.arguments)


def address(port: int) -> str:
    return f"http://{LOOPBACK}:{port}"


def services_without_database(ports: Ports, *, home: Home) -> list[Service]:
    sandbox = {"COUNTERSIGN_SANDBOX_PORT": str(ports.sandbox)}
    gateway = _settings(ports, home) | {"COUNTERSIGN_GATEWAY_KEY_DIR": str(home.keys / "gateway")}
    return [
        Service("sandbox", ("-m", "sandbox"), _inherited() | sandbox, _health(ports.sandbox)),
        _web("gateway", "gateway", gateway, port=ports.gateway),
    ]


def services_with_database(ports: Ports, *, home: Home, urls: DatabaseUrls) -> list[Service]:
    plant, cp, pp = (
        _settings(ports, home) | _own_settings(name, home, urls) for name in ("plant", "cp", "pp")
    )
    return [
        _web("plant", "plant", plant, port=ports.plant),
        Service("worker", ("-m", "plant.worker"), _inherited() | plant, _health(ports.worker)),
        _web("cp", "cp_backend", cp, port=ports.cp),
        _web("pp", "pp_backend", pp, port=ports.pp),
    ]


def seeds(ports: Ports, *, home: Home, urls: DatabaseUrls) -> list[Service]:
    """The processes that put the demo data in place, once each; safe to repeat."""
    return [
        _job("seed", name, ports, home=home, urls=urls)
        for name, package in _PACKAGES.items()
        if importlib.util.find_spec(f"{package}.seed")
    ]


def rewrap(ports: Ports, *, home: Home, urls: DatabaseUrls, name: str) -> Service:
    """The process that re-wraps a portal's vault under its active key-encryption key."""
    return _job("rewrap", name, ports, home=home, urls=urls)


def made_safe(ports: Ports, *, home: Home, urls: DatabaseUrls, name: str, taken_at: datetime) -> Service:
    """The process that makes a restored database safe to start on."""
    return _job("restored", name, ports, taken_at.isoformat(), home=home, urls=urls)


def document_printer(name: str) -> Service:
    """The process that prints a portal's OpenAPI document; it needs no settings."""
    return Service(f"document-{name}", ("-m", f"{_PACKAGES[name]}.document"), _inherited())


def _job(job: str, name: str, ports: Ports, *arguments: str, home: Home, urls: DatabaseUrls) -> Service:
    environment = _inherited() | _settings(ports, home) | _own_settings(name, home, urls)
    return Service(f"{job}-{name}", ("-m", f"{_PACKAGES[name]}.{job}", *arguments), environment)


def _web(name: str, package: str, environment: dict[str, str], *, port: int) -> Service:
    where = ("--host", LOOPBACK, "--port", str(port))
    arguments = ("-m", "uvicorn", f"{package}.app:create_app", "--factory", *where, *_UVICORN_OPTIONS.split())
    return Service(name, arguments, _inherited() | environment, _health(port))


def _settings(ports: Ports, home: Home) -> dict[str, str]:
    return {
        "COUNTERSIGN_MODE": Mode.LOCAL,
        "COUNTERSIGN_TRUST_FILE": str(home.trust_file),
        "COUNTERSIGN_CP_URL": address(ports.cp),
        "COUNTERSIGN_PP_URL": address(ports.pp),
        "COUNTERSIGN_GATEWAY_URL": address(ports.gateway),
        "COUNTERSIGN_PLANT_URL": address(ports.plant),
        "COUNTERSIGN_DELTA_BASE_URL": _delta_base_url(ports),
        **_platform_addresses(ports),
        "COUNTERSIGN_X_CLIENT_ID": os.environ.get("COUNTERSIGN_X_CLIENT_ID", "demo-x-client"),
        **{f"COUNTERSIGN_{name.upper()}_PORT": str(getattr(ports, name)) for name in Ports.__slots__},
    }


def _own_settings(name: str, home: Home, urls: DatabaseUrls) -> dict[str, str]:
    return {
        f"COUNTERSIGN_{name.upper()}_DATABASE_URL": urls.runtime[name],
        f"COUNTERSIGN_{name.upper()}_KEY_DIR": str(home.keys / name),
    }


def _delta_base_url(ports: Ports) -> str:
    return os.environ.get("COUNTERSIGN_DELTA_BASE_URL", f"{address(ports.sandbox)}/delta")


def _platform_addresses(ports: Ports) -> dict[str, str]:
    sandbox = address(ports.sandbox)
    given = {
        "MASTODON": f"{sandbox}/mastodon",
        "BLUESKY": f"{sandbox}/bluesky",
        "X": f"{sandbox}/x",
        "LINKEDIN": f"{sandbox}/linkedin",
        "LINKEDIN_SIGN_IN": f"{sandbox}/linkedin",
        "META": f"{sandbox}/meta",
    }
    names = {name: f"COUNTERSIGN_{name}_BASE_URL" for name in given}
    return {names[name]: os.environ.get(names[name], url) for name, url in given.items()}


def _inherited() -> dict[str, str]:
    """Our own environment without what belongs to one service, and with the project importable."""
    kept = {name: value for name, value in os.environ.items() if not _belongs_to_one_service(name)}
    paths = [str(_ROOT), str(_ROOT / "services"), *filter(None, [os.environ.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}


def _belongs_to_one_service(name: str) -> bool:
    return name.startswith("COUNTERSIGN_") and name.endswith(_SECRET_SETTINGS)


def _health(port: int) -> str:
    return f"{address(port)}/health/ready"
