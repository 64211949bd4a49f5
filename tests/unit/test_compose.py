"""docker-compose.local.yml and the Dockerfile: what can be checked without a container engine."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from cli.stack.home import Home
from cli.stack.ports import LOOPBACK
from cli.stack.provision import DatabaseUrls
from cli.stack.services import Service, seeds, services_with_database, services_without_database
from cli.stack.settings import StackSettings
from cp_backend.settings import CpSettings
from gateway.settings import GatewaySettings
from plant.settings import PlantSettings
from pp_backend.settings import PpSettings
from sandbox.settings import SandboxSettings
from shared.settings import SECRETS_DIR

OPEN = "0.0.0.0"  # noqa: S104  compared, not bound
ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.local.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_SHOTS = {"keys", "provision", "migrate", "seed-cp", "seed-pp", "demo"}
LONG_RUNNING = SERVICES.keys() - ONE_SHOTS
PORTALS = {"cp-backend", "pp-backend"}
KEY_OWNERS = {
    "cp-backend": "cp-keys",
    "pp-backend": "pp-keys",
    "gateway": "gateway-keys",
    "plant": "plant-keys",
    "worker": "plant-keys",
}
# What `countersign up` calls each process.
NAMES = {"cp": "cp-backend", "pp": "pp-backend"}
SETTINGS: dict[str, type[BaseSettings]] = {
    "cp-backend": CpSettings,
    "pp-backend": PpSettings,
    "gateway": GatewaySettings,
    "plant": PlantSettings,
    "worker": PlantSettings,
    "seed-cp": CpSettings,
    "seed-pp": PpSettings,
}


def test_every_part_of_the_stack_is_a_service() -> None:
    expected = {"postgres", "redis", *(NAMES.get(name, name) for name in processes())}

    assert expected == SERVICES.keys() - {"keys", "provision", "migrate", "demo"}


def test_no_key_that_one_version_of_compose_refuses() -> None:
    """Compose 1.29 knows neither a project name nor `start_interval`; a Dockerfile frontend must be fetched."""
    checks = [service["healthcheck"] for service in SERVICES.values() if "healthcheck" in service]

    assert "name" not in COMPOSE
    assert not [check for check in checks if "start_interval" in check]
    assert not [name for name, service in SERVICES.items() if "container_name" in service]
    assert "syntax=" not in (ROOT / "Dockerfile").read_text()


@pytest.mark.parametrize("name", SERVICES)
def test_service_has_no_rights_it_does_not_need(name: str) -> None:
    service = SERVICES[name]
    user, _, group = service["user"].partition(":")

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert int(user) > 0
    assert int(group) > 0


@pytest.mark.parametrize("name", sorted(LONG_RUNNING))
def test_long_running_service_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", SERVICES)
def test_nobody_waits_for_a_service_that_cannot_get_there(name: str) -> None:
    needed: Mapping[str, Mapping[str, str]] = SERVICES[name].get("depends_on", {})

    for other, wait in needed.items():
        expected = "service_completed_successfully" if other in ONE_SHOTS else "service_healthy"
        assert wait == {"condition": expected}


def test_postgres_is_stopped_after_everybody_who_goes_on_using_it() -> None:
    """Compose stops in the opposite order of `depends_on`, and looks only at who is running."""
    users = {
        name for name in LONG_RUNNING - {"postgres", "redis"} if "database" in SERVICES[name]["networks"]
    }

    assert users == PORTALS | {"plant", "worker"}
    assert {name for name in LONG_RUNNING if "postgres" in SERVICES[name].get("depends_on", {})} == users


def test_only_portals_have_a_door_and_it_opens_to_this_machine() -> None:
    doors = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    on_edge = {name for name, service in SERVICES.items() if "edge" in service.get("networks", [])}

    assert doors.keys() == on_edge == PORTALS
    assert all(port.startswith("127.0.0.1:") for ports in doors.values() for port in ports)
    assert [name for name, network in COMPOSE["networks"].items() if not network.get("internal")] == ["edge"]


def test_database_and_sandbox_are_reached_by_those_who_need_them() -> None:
    def on(network: str) -> set[str]:
        return {name for name, service in SERVICES.items() if network in service.get("networks", [])}

    assert on("exchange") == {"plant", "worker", "sandbox", "demo"}
    assert not on("database") & {"gateway", "sandbox", "demo"}


@pytest.mark.parametrize("name", SERVICES)
def test_private_keys_are_mounted_by_their_owner_only(name: str) -> None:
    mounts = mounted(name)
    keys = {volume for volume in mounts if volume.endswith("-keys")}

    if name == "keys":
        assert keys == set(KEY_OWNERS.values())
    else:
        assert keys == ({KEY_OWNERS[name]} if name in KEY_OWNERS else set())
        assert all(mounts[volume].endswith(":ro") for volume in keys | ({"trust"} & mounts.keys()))


@pytest.mark.parametrize("name", SERVICES)
def test_passwords_are_mounted_where_they_are_made_or_used(name: str) -> None:
    mounts = mounted(name)

    assert ("home" in mounts) == (name in {"keys", "provision"})
    assert ("postgres-password" in mounts) == (name in {"keys", "postgres"})
    assert ("migrations-database-urls" in mounts) == (name in {"provision", "migrate"})


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_is_in_the_environment(name: str) -> None:
    environment: dict[str, str] = SERVICES[name].get("environment", {})
    secret = {key for key in environment if key.endswith(("_PASSWORD", "_SECRET", "_DATABASE_URL"))}

    assert secret <= {"COUNTERSIGN_ADMIN_DATABASE_URL"}
    assert all(
        ":" not in url.split("//")[1].split("@")[0] for key, url in environment.items() if key in secret
    )


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_have_the_names_that_the_service_reads_and_none_is_missing(name: str) -> None:
    environment: dict[str, str] = SERVICES[name]["environment"]
    fields = {f"COUNTERSIGN_{field.upper()}": info for field, info in SETTINGS[name].model_fields.items()}
    anybodys = {f"COUNTERSIGN_{field.upper()}" for cls in SETTINGS.values() for field in cls.model_fields}
    required = {setting for setting, info in fields.items() if info.is_required()}
    from_files = {setting for setting in required if setting.endswith("_DATABASE_URL")}

    assert environment.keys() <= anybodys | {SECRETS_DIR}
    assert required <= environment.keys() | (from_files if SECRETS_DIR in environment else set())


@pytest.mark.parametrize(("name", "cls"), [("sandbox", SandboxSettings), ("demo", StackSettings)])
def test_settings_of_the_others_exist(name: str, cls: type[BaseSettings]) -> None:
    prefix = cls.model_config.get("env_prefix", "")

    assert SERVICES[name]["environment"].keys() <= {f"{prefix}{field.upper()}" for field in cls.model_fields}


def test_hosts_that_services_talk_to_are_services() -> None:
    hosts = SERVICES["plant"]["environment"]["COUNTERSIGN_INTERNAL_HOSTS"].split(",")

    assert set(hosts) < SERVICES.keys()


def test_processes_are_started_as_on_the_machine_itself() -> None:
    """Only the address to listen on differs: inside a container, the loopback reaches nobody."""
    for name, process in processes().items():
        command = SERVICES[NAMES.get(name, name)]["command"]
        words: list[str] = command.split() if isinstance(command, str) else command

        assert words == ["python", *(OPEN if word == LOOPBACK else word for word in process.arguments)], name


def test_image_holds_the_source_and_nothing_else() -> None:
    allowed = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]

    assert allowed == [
        "!requirements.txt",
        "!shared",
        "!services",
        "!sandbox",
        "!cli",
        "!tools/healthy.py",
        "!requirements-web.txt",
        "!web",
    ]
    assert "USER 10001:10001" in (ROOT / "Dockerfile").read_text().splitlines()


def mounted(name: str) -> dict[str, str]:
    """The named volumes of a service, each with where and how it is mounted."""
    volumes: list[str] = SERVICES[name].get("volumes", [])
    return {volume.split(":")[0]: volume for volume in volumes}


def processes() -> dict[str, Service]:
    """What `countersign up` starts, with its default ports."""
    ports, home = StackSettings.model_construct().ports, Home(Path("home"))
    urls = DatabaseUrls(owner={}, runtime=dict.fromkeys(("cp", "pp", "plant"), "postgresql://somewhere"))
    started = [
        *services_without_database(ports, home=home),
        *services_with_database(ports, home=home, urls=urls),
        *seeds(ports, home=home, urls=urls),
    ]
    return {service.name: service for service in started}
