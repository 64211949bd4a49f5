"""pg_dump and pg_restore as they are called: the password is in the environment only, and failures are one line."""

from pathlib import Path

import pytest

from cli.stack.dump import client_programs, dump, restore
from cli.stack.errors import StackError
from cli.stack.settings import StackSettings

URL = "postgresql://cp_owner:hid%2Fden@127.0.0.1:5432/cp?sslmode=prefer"
TELL = '#!/bin/sh\nprintf "%s\\n" "$0" "$@" > "{seen}"\nprintf "%s\\n" "$PGPASSWORD" "$PGOPTIONS" > "{seen}.env"\n'
FAIL = "#!/bin/sh\necho 'pg_restore: error: no such relation' >&2\nexit 1\n"


def make_programs(folder: Path, script: str) -> Path:
    for name in ("pg_dump", "pg_restore"):
        program = folder / name
        program.write_text(script)
        program.chmod(0o755)
    return folder


def test_password_is_no_argument(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    programs = make_programs(tmp_path, TELL.format(seen=seen))

    for act in (dump, restore):
        act(URL, file=tmp_path / "cp.dump", programs=programs)

        arguments = seen.read_text()
        assert "user=cp_owner" in arguments
        assert "sslmode=prefer" in arguments
        assert "den" not in arguments.replace(str(tmp_path), "")
        assert (tmp_path / "seen.env").read_text() == "hid/den\n-c app.actor=service:backup\n"


def test_failure_is_one_line_that_names_the_database(tmp_path: Path) -> None:
    programs = make_programs(tmp_path, FAIL)

    with pytest.raises(
        StackError, match=r"^pg_restore of database 'cp': pg_restore: error: no such relation$"
    ):
        restore(URL, file=tmp_path / "cp.dump", programs=programs)


def test_missing_programs_are_named_with_the_setting(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="COUNTERSIGN_POSTGRES_BIN"):
        client_programs(StackSettings(postgres_bin=tmp_path))


def test_programs_come_with_the_embedded_postgres() -> None:
    assert (client_programs(StackSettings()) / "pg_restore").exists()
