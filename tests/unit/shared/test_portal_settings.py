"""Settings of the portals: unsafe ones are refused by name, outside local mode and in it."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from cp_backend.seed import main as seed_customers
from cp_backend.settings import CpSettings
from pp_backend.settings import PpSettings
from shared.settings import Mode


@pytest.fixture
def given(tmp_path: Path) -> dict[str, Any]:
    trust_file = tmp_path / "trust.json"
    trust_file.write_text('{"keys": []}')
    return {
        "trust_file": trust_file,
        "cp_database_url": "postgresql://u:pw-canary@h/d",
        "cp_key_dir": tmp_path,
    }


def create_settings(given: dict[str, Any], *, mode: Mode = Mode.LOCAL, **changes: Any) -> CpSettings:
    values: dict[str, Any] = given | changes
    return CpSettings(mode=mode, **values)


@pytest.mark.parametrize(
    ("mode", "url", "is_taken"),
    [
        (Mode.LOCAL, "http://127.0.0.1:8080", True),
        (Mode.LOCAL, "http://gateway:8080", False),
        (Mode.LOCAL, "https://gateway.example.test", False),
        (Mode.PRODUCTION, "https://gateway.example.test", True),
        (Mode.PRODUCTION, "http://localhost:8080", True),
        (Mode.PRODUCTION, "http://gateway.example.test", False),
        (Mode.PRODUCTION, "gateway", False),
    ],
)
@pytest.mark.parametrize("name", ["gateway_url", "cp_url"])
def test_addresses_need_tls_or_loopback(
    given: dict[str, Any], name: str, mode: Mode, url: str, *, is_taken: bool
) -> None:
    if is_taken:
        assert getattr(create_settings(given, mode=mode, **{name: url}), name) == url
    else:
        with pytest.raises(ValidationError, match=f"COUNTERSIGN_{name.upper()}"):
            create_settings(given, mode=mode, **{name: url})


@pytest.mark.parametrize("name", ["trade_approval_lifetime_s", "send_grace_s", "sign_in_failures_per_email"])
def test_numbers_must_be_positive(given: dict[str, Any], name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        create_settings(given, mode=Mode.LOCAL, **{name: 0})


def test_database_password_is_not_shown(given: dict[str, Any]) -> None:
    settings = create_settings(given)

    assert "pw-canary" not in repr(settings) + repr(settings.config())


def test_production_is_the_default_and_missing_settings_are_named(tmp_path: Path) -> None:
    trust_file = tmp_path / "trust.json"
    trust_file.write_text("{}")

    with pytest.raises(ValidationError, match="pp_database_url") as refused:
        PpSettings(trust_file=trust_file)  # pyright: ignore[reportCallIssue]  that it lacks some is the point

    assert PpSettings.model_fields["mode"].default is Mode.PRODUCTION
    assert "pp_key_dir" in str(refused.value)


def test_demo_accounts_are_refused_outside_local_mode(
    given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"COUNTERSIGN_{name.upper()}", str(value))
    monkeypatch.setenv("COUNTERSIGN_MODE", "production")

    with pytest.raises(SystemExit, match="local mode only"):
        seed_customers()
