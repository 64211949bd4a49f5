"""Backups and restores that are refused before anything is changed."""

from pathlib import Path

import psycopg
import pytest

from cli.backup import backup, check_target, restore
from cli.stack.databases import Databases
from cli.stack.dump import client_programs, dump
from cli.stack.dump import restore as restore_dump
from cli.stack.errors import StackError
from cli.stack.manifest import Manifest, dump_file, write_manifest
from cli.stack.migrate import check_migrated, mark_migrated, newest_revisions, revisions_of
from cli.stack.passwords import SERVICES
from cli.stack.settings import StackSettings
from shared.clock import utc_now
from shared.start import check_migrated_at_start
from tests.command_line import ROOT
from tests.databases import running_databases

PLANT_MIGRATIONS = ROOT / "services" / "plant" / "migrations"
CURRENT = newest_revisions(SERVICES)


def make_manifest(folder: Path, **revisions: str) -> Manifest:
    for service in CURRENT:
        dump_file(folder, service).touch()
    return write_manifest(folder, taken_at=utc_now(), revisions=CURRENT | revisions)


def test_backup_does_not_write_into_a_folder_that_is_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    (tmp_path / "something").touch()

    with pytest.raises(StackError, match="is not empty"):
        backup(tmp_path)


def test_restore_asks_for_the_keys_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    make_manifest(tmp_path)

    with pytest.raises(StackError, match="there are no keys in"):
        restore(tmp_path, yes=True)


def test_backup_of_another_revision_is_refused(databases: Databases, tmp_path: Path) -> None:
    manifest = make_manifest(tmp_path, plant="0000")

    with pytest.raises(StackError, match="'plant' is at revision '0000', this version needs"):
        check_target(databases.urls, manifest)


def test_database_that_is_in_use_is_refused(databases: Databases, tmp_path: Path) -> None:
    manifest = make_manifest(tmp_path)

    with (
        psycopg.connect(databases.urls.runtime["cp"]),
        pytest.raises(StackError, match="'cp' is in use by cp_runtime: stop every service"),
    ):
        check_target(databases.urls, manifest)


def test_restored_database_has_no_revision_until_it_is_marked_safe(tmp_path: Path) -> None:
    """So nothing starts on one whose restore was interrupted, and the restore can be run again."""
    file, programs = dump_file(tmp_path, "plant"), client_programs(StackSettings())
    with running_databases() as fresh:
        url = fresh.urls.owner["plant"]
        dump(url, file=file, programs=programs)
        for _ in range(2):
            restore_dump(url, file=file, programs=programs)
            assert revisions_of(fresh.urls.owner)["plant"] is None
            with pytest.raises(SystemExit, match="is at revision None"):
                check_migrated_at_start(fresh.urls.runtime["plant"], migrations=PLANT_MIGRATIONS)

        mark_migrated(fresh.urls.owner)

        check_migrated(fresh.urls.owner)
        check_migrated_at_start(fresh.urls.runtime["plant"], migrations=PLANT_MIGRATIONS)
