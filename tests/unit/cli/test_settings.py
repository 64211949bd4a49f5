import pytest

from cli.stack.errors import StackError
from cli.stack.passwords import SERVICES
from cli.stack.settings import StackSettings, load_settings

ALL_URLS = {
    f"{service}{kind}_database_url": f"postgresql://{service}{kind}@127.0.0.1/{service}"
    for service in SERVICES
    for kind in ("", "_owner")
}


def test_the_offset_moves_every_port() -> None:
    before, after = StackSettings(port_offset=0).ports, StackSettings(port_offset=100).ports

    assert (before.cp, before.gateway, before.postgres) == (8082, 8080, 8054)
    assert (after.cp, after.gateway, after.postgres) == (8182, 8180, 8154)


def test_all_six_database_urls_are_taken_as_they_are() -> None:
    given = StackSettings.model_validate(ALL_URLS).given_databases

    assert given is not None
    assert given.owner["cp"] == ALL_URLS["cp_owner_database_url"]
    assert given.runtime["plant"] == ALL_URLS["plant_database_url"]


def test_no_database_url_means_that_one_is_started() -> None:
    assert StackSettings().given_databases is None


@pytest.mark.parametrize("missing", ALL_URLS)
def test_a_missing_database_url_is_named(missing: str) -> None:
    settings = StackSettings.model_validate({name: url for name, url in ALL_URLS.items() if name != missing})

    with pytest.raises(StackError, match=f"COUNTERSIGN_{missing.upper()} missing"):
        _ = settings.given_databases


def test_a_wrong_setting_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_CP_PORT", "many")

    with pytest.raises(StackError, match=r"^COUNTERSIGN_CP_PORT: [^\n]*$"):
        load_settings()
