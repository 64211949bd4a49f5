import psycopg
import pytest

from cli.stack.databases import Databases
from cli.stack.errors import StackError
from cli.stack.passwords import SERVICES, Passwords
from cli.stack.provision import provision


@pytest.mark.parametrize("service", SERVICES)
def test_a_runtime_role_owns_nothing_and_cannot_lift_itself(databases: Databases, service: str) -> None:
    with psycopg.connect(databases.urls.runtime[service]) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        owned = connection.execute(
            "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user"
        ).fetchone()

    assert row == (False, False, False, False)
    assert owned == (0,)


@pytest.mark.parametrize("service", SERVICES)
def test_a_runtime_role_cannot_make_tables(databases: Databases, service: str) -> None:
    with (
        psycopg.connect(databases.urls.runtime[service]) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE mine (a int)")


def test_a_role_of_one_service_cannot_enter_the_database_of_another(databases: Databases) -> None:
    elsewhere = databases.urls.runtime["cp"].removesuffix("/cp") + "/plant"

    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(elsewhere)


def test_a_wrong_password_is_refused(databases: Databases) -> None:
    assert databases.server is not None
    wrong = databases.urls.runtime["cp"].replace("cp_runtime:", "cp_runtime:wrong")

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_provisioning_again_changes_nothing_for_those_who_know_the_passwords(databases: Databases) -> None:
    assert databases.server is not None
    roles = {
        f"{service}_{kind}": url.split(":")[2].split("@")[0]
        for kind, urls in (("owner", databases.urls.owner), ("runtime", databases.urls.runtime))
        for service, url in urls.items()
    }

    again = provision(databases.server.admin_url, passwords=Passwords(databases.server.password, roles))

    assert again == databases.urls
    with psycopg.connect(again.runtime["cp"]) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("cp_runtime",)


def test_a_server_that_is_not_there_is_one_line() -> None:
    with pytest.raises(StackError, match=r"^the databases could not be set up: [^\n]*$"):
        provision("postgresql://admin:x@127.0.0.1:1/postgres", passwords=Passwords("x", {}))
