"""The first steps of a stack in containers: what is made, and who can open the database with what was handed out."""

from pathlib import Path

import psycopg
import pytest

from cli.containers import provision, secrets, with_password
from cli.stack.errors import StackError
from cli.stack.home import Home
from cli.stack.ports import free_ports
from cli.stack.postgres import start_postgres, stop_postgres
from cli.stack.settings import load_settings
from tests.databases import temporary_home


def test_each_service_is_given_its_own_url_and_steps_can_be_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    with temporary_home() as root:
        home = Home(root)
        monkeypatch.setenv("COUNTERSIGN_HOME", str(root))
        secrets()
        password = (root / "postgres-password" / "password").read_text()
        server = start_postgres(
            home.postgres_data, log=home.log("postgres"), port=free_ports(1)[0], password=password
        )
        try:
            monkeypatch.setenv(
                "COUNTERSIGN_ADMIN_DATABASE_URL", server.admin_url.replace(f":{password}@", "@")
            )
            provision()
            first = handed_out(root)
            secrets()
            provision()

            assert handed_out(root) == first
            assert set(first) == {
                *(f"{name}/countersign_{name}_database_url" for name in ("cp", "pp", "plant")),
                *(f"migrations/countersign_{name}_database_url" for name in ("cp", "pp", "plant")),
                *(f"migrations/countersign_{name}_owner_database_url" for name in ("cp", "pp", "plant")),
            }
            with psycopg.connect(first["plant/countersign_plant_database_url"]) as connection:
                assert connection.execute("SELECT current_user").fetchone() == ("plant_runtime",)
        finally:
            stop_postgres(server.data)
        monkeypatch.delenv("COUNTERSIGN_ADMIN_DATABASE_URL")
        monkeypatch.setenv("COUNTERSIGN_SECRETS_DIR", str(root / "database-urls" / "migrations"))
        assert load_settings().given_databases is not None


def test_passwords_that_are_gone_are_not_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path))
    secrets()
    (tmp_path / "secrets.json").unlink()

    with pytest.raises(StackError, match="is gone"):
        secrets()


def test_provisioning_without_an_address_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path))

    with pytest.raises(StackError, match="COUNTERSIGN_ADMIN_DATABASE_URL"):
        provision()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgresql://admin@db:5432/postgres", "postgresql://admin:p%2Fw@db:5432/postgres"),
        ("postgresql://admin:own@db/postgres", "postgresql://admin:own@db/postgres"),
        ("postgresql://db/postgres", "postgresql://db/postgres"),
    ],
)
def test_password_is_added_where_it_is_missing(given: str, expected: str) -> None:
    assert with_password(given, password="p/w") == expected


def handed_out(root: Path) -> dict[str, str]:
    folder = root / "database-urls"
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert [path for path in files if path.stat().st_mode & 0o077] == []
    return {str(path.relative_to(folder)): path.read_text() for path in files}
