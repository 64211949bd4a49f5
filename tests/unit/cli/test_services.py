"""What each process of the local stack is given."""

from pathlib import Path

import pytest

from cli.stack.home import Home
from cli.stack.provision import DatabaseUrls
from cli.stack.services import services_with_database
from cli.stack.settings import StackSettings

SERVICES = ("cp", "pp", "plant")


@pytest.mark.parametrize(
    "setting", ["PP_DATABASE_URL", "CP_OWNER_DATABASE_URL", "ADMIN_DATABASE_URL", "PP_KEY_DIR", "SECRETS_DIR"]
)
def test_a_process_does_not_inherit_what_belongs_to_others(
    setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"COUNTERSIGN_{setting}", "canary")
    urls = DatabaseUrls(owner={}, runtime={name: f"postgresql://{name}" for name in SERVICES})

    started = services_with_database(StackSettings().ports, home=Home(Path("home")), urls=urls)

    given = {service.name: service.environment for service in started}
    assert "canary" not in given["cp"].values()
    assert given["cp"]["COUNTERSIGN_CP_DATABASE_URL"] == "postgresql://cp"
