import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from cli.stack.databases import close_databases, open_databases
from cli.stack.errors import StackError
from cli.stack.home import Home, make_home
from cli.stack.passwords import load_or_make_passwords
from cli.stack.ports import LOOPBACK, free_ports
from cli.stack.postgres import PostgresServer, running_pid, start_postgres, stop_postgres
from cli.stack.settings import StackSettings
from tests.databases import temporary_home

PASSWORD = "for-tests"


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    with temporary_home() as root:
        home = make_home(root)
        yield home
        stop_postgres(home.postgres_data)


def start(home: Home, *, port: int | None = None) -> PostgresServer:
    chosen = port or free_ports(1)[0]
    return start_postgres(home.postgres_data, log=home.log("postgres"), port=chosen, password=PASSWORD)


def test_what_was_committed_outlives_a_kill(home: Home) -> None:
    server = start(home)
    with psycopg.connect(server.admin_url) as connection:
        connection.execute("CREATE TABLE kept (a int)")
    pid = running_pid(server.data)
    assert pid is not None

    os.kill(pid, signal.SIGKILL)
    again = start(home)

    with psycopg.connect(again.admin_url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_server_left_running_is_taken_over(home: Home) -> None:
    first = start(home)
    left = running_pid(first.data)

    second = start(home)

    assert running_pid(second.data) not in (None, left)
    with psycopg.connect(second.admin_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_taken_port_is_passed_over(home: Home) -> None:
    (port,) = free_ports(1)

    with socket.create_server((LOOPBACK, port)):
        server = start(home, port=port)

    assert server.port > port


def test_a_server_of_yours_is_provisioned_and_not_stopped(home: Home, tmp_path: Path) -> None:
    server = start(home)
    settings = StackSettings(home=tmp_path, admin_database_url=SecretStr(server.admin_url))

    databases = open_databases(settings, home=make_home(tmp_path))
    close_databases(databases)

    assert databases.server is None
    with psycopg.connect(databases.urls.runtime["plant"]) as connection:
        row = connection.execute("SELECT current_user, current_database()").fetchone()
    assert row == ("plant_runtime", "plant")


def test_a_server_that_cannot_start_is_one_line_that_names_its_log(home: Home) -> None:
    stop_postgres(home.postgres_data)
    settings = home.postgres_data / "postgresql.auto.conf"
    written = settings.read_text()
    settings.write_text("max_connections = many\n")

    with pytest.raises(
        StackError, match=r"^PostgreSQL did not start: [^\n]*contains errors[^\n]*postgres\.log\)$"
    ):
        start(home)

    settings.write_text(written)
    start(home)


def test_a_stopped_server_leaves_no_process(home: Home) -> None:
    server = start(home)
    assert running_pid(server.data) is not None

    stop_postgres(server.data)

    assert running_pid(server.data) is None


def test_the_pid_of_a_stranger_is_not_ours(home: Home) -> None:
    stop_postgres(home.postgres_data)
    (home.postgres_data / "postmaster.pid").write_text(f"{os.getpid()}\n")

    assert running_pid(home.postgres_data) is None
    assert running_pid(start(home).data) not in (None, os.getpid())


@pytest.mark.skipif(os.getuid() != 0, reason="only root has to hand PostgreSQL to another user")
def test_a_home_that_the_unprivileged_user_cannot_enter_is_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)

    with pytest.raises(StackError, match=r"cannot enter .*: start as a normal user"):
        start(make_home(tmp_path / "home"))


def test_a_database_without_its_passwords_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="restore the file"):
        load_or_make_passwords(tmp_path / "secrets.json", data_exists=True)


def test_damaged_passwords_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{")

    with pytest.raises(StackError, match="damaged"):
        load_or_make_passwords(tmp_path / "secrets.json", data_exists=True)


def test_passwords_are_made_once_and_kept_from_others(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"

    first = load_or_make_passwords(path, data_exists=False)
    second = load_or_make_passwords(path, data_exists=True)

    assert first == second
    assert path.stat().st_mode & 0o777 == 0o600
    assert first.superuser not in repr(first)
