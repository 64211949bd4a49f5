"""Settings of every service: whom local mode may talk to, and secrets that come from files."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from gateway.settings import GatewaySettings
from shared.settings import SECRETS_DIR, CommonSettings, EnvironmentSettings, Mode


class Secrets(EnvironmentSettings):
    cp_database_url: SecretStr
    pp_database_url: SecretStr | None = None


@pytest.fixture
def trust_file(tmp_path: Path) -> Path:
    path = tmp_path / "trust.json"
    path.write_text('{"keys": []}')
    return path


@pytest.mark.parametrize(
    ("url", "is_taken"),
    [
        ("http://127.0.0.1:1", True),
        ("http://plant:8081", True),
        ("http://cp-backend:8082", True),
        ("http://other:8081", False),
        ("http://plant.example.test", False),
        ("http://plant@example.test", False),
        ("plant", False),
    ],
)
def test_local_mode_talks_to_the_loopback_and_internal_hosts(
    trust_file: Path, monkeypatch: pytest.MonkeyPatch, url: str, *, is_taken: bool
) -> None:
    monkeypatch.setenv("COUNTERSIGN_INTERNAL_HOSTS", "plant, cp-backend")
    settings = CommonSettings(mode=Mode.LOCAL, trust_file=trust_file)

    if is_taken:
        settings.check_address("COUNTERSIGN_PLANT_URL", url)
    else:
        with pytest.raises(ValueError, match="COUNTERSIGN_PLANT_URL"):
            settings.check_address("COUNTERSIGN_PLANT_URL", url)


@pytest.mark.parametrize("host", ["api.india.delta.exchange", "10.0.0.7", "Plant", "a b", "-a", "::1"])
def test_internal_hosts_are_plain_names_only(
    trust_file: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("COUNTERSIGN_INTERNAL_HOSTS", f"plant,{host}")

    with pytest.raises(ValidationError, match="COUNTERSIGN_INTERNAL_HOSTS"):
        CommonSettings(mode=Mode.LOCAL, trust_file=trust_file)


def test_production_takes_no_internal_hosts(trust_file: Path) -> None:
    with pytest.raises(ValidationError, match="COUNTERSIGN_INTERNAL_HOSTS: for local mode only"):
        CommonSettings(mode=Mode.PRODUCTION, trust_file=trust_file, internal_hosts=frozenset({"plant"}))


def test_production_gateway_needs_tls_to_plant(trust_file: Path) -> None:
    with pytest.raises(ValidationError, match="COUNTERSIGN_PLANT_URL: must be an https address"):
        GatewaySettings(
            mode=Mode.PRODUCTION,
            trust_file=trust_file,
            gateway_key_dir=trust_file.parent,
            plant_url="http://plant.example.test",
        )


def test_secret_comes_from_a_file_unless_the_environment_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "countersign_cp_database_url").write_text("postgresql://from-file\n")
    (tmp_path / "countersign_pp_database_url").write_text("postgresql://from-file")
    monkeypatch.setenv(SECRETS_DIR, str(tmp_path))
    monkeypatch.setenv("COUNTERSIGN_PP_DATABASE_URL", "postgresql://from-environment")

    settings = Secrets()  # pyright: ignore[reportCallIssue]  from the file

    assert settings.cp_database_url.get_secret_value() == "postgresql://from-file"
    assert settings.pp_database_url == SecretStr("postgresql://from-environment")


def test_without_a_secrets_folder_a_missing_secret_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRETS_DIR, raising=False)

    with pytest.raises(ValidationError, match="cp_database_url"):
        Secrets()  # pyright: ignore[reportCallIssue]  that it lacks one is the point
