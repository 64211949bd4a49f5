"""`countersign backup` and `countersign restore`: the three databases to a folder, and back, made safe.

A restored database has forgotten what happened after the backup. Before any service may start on it, a
job process of each service makes sure that nothing it still remembers can have an effect a second time.
"""

import subprocess
from pathlib import Path
from typing import Annotated

import typer

from cli.console import console, done
from cli.stack.dump import client_programs, dump, roles_at_work
from cli.stack.dump import restore as restore_dump
from cli.stack.errors import StackError
from cli.stack.home import Home, make_home
from cli.stack.manifest import Manifest, dump_file, read_manifest, write_manifest
from cli.stack.migrate import check_migrated, mark_migrated, newest_revisions, revisions_of
from cli.stack.provision import DatabaseUrls
from cli.stack.running import find_running_stack, reachable_databases
from cli.stack.services import made_safe
from cli.stack.settings import StackSettings, load_settings
from shared.clock import utc_now

# Portals first: what one has noted as delivered is then in Plant's copy too.
_DUMP_ORDER = ("cp", "pp", "plant")
_SAFE_ORDER = ("plant", "cp", "pp")
_KEYS_APART = (
    "  Not in it, on purpose: private keys, key-encryption keys, passwords. Keep {keys} and {trust} elsewhere,\n"
    "  encrypted, apart from this folder: without the key-encryption keys the vaults cannot be opened again,\n"
    "  and whoever has both has every exchange key."
)
_TO_DO = (
    "  The platform kill switch is on. What was changed after the backup is as it was before: look through\n"
    "  docs/operations.md (Restore) before an operator releases it."
)


def backup(folder: Annotated[Path, typer.Argument(help="A new or empty folder.")]) -> None:
    """Copy the databases cp, pp and plant to a folder; services may run meanwhile."""
    settings = load_settings()
    home, programs = make_home(settings.home), client_programs(settings)
    _make_empty(folder)
    taken_at = utc_now()
    with reachable_databases(settings, home=home) as urls:
        check_migrated(urls.owner)
        for service in _DUMP_ORDER:
            with console.status(f"copying {service}"):
                dump(urls.owner[service], file=dump_file(folder, service), programs=programs)
    manifest = write_manifest(folder, taken_at=taken_at, revisions=newest_revisions(urls.owner))
    for service in _DUMP_ORDER:
        done(f"{service}: {manifest.databases[service].size / 2**20:.1f} MB")
    done(f"backup of {_moment(manifest)} in {folder}")
    console.print(_KEYS_APART.format(keys=home.keys, trust=home.trust_file.parent), soft_wrap=True)


def restore(
    folder: Annotated[Path, typer.Argument(help="What `countersign backup` wrote.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put a backup in the place of the databases and make it safe; all services must be stopped.

    Stopped half-way, run it again: until it is done, no service starts.
    """
    settings = load_settings()
    home, programs = make_home(settings.home), client_programs(settings)
    manifest = read_manifest(folder)
    _check_home(home)
    if not yes:
        typer.confirm(
            f"All that the databases hold is replaced by the backup of {_moment(manifest)}. Go on?",
            abort=True,
        )
    with reachable_databases(settings, home=home) as urls:
        check_target(urls, manifest)
        for service in _DUMP_ORDER:
            with console.status(f"restoring {service}"):
                restore_dump(urls.owner[service], file=dump_file(folder, service), programs=programs)
        for service in _SAFE_ORDER:
            done(f"{service}: {_make_safe(service, manifest, settings=settings, home=home, urls=urls)}")
        mark_migrated(urls.owner)
    done(f"restored from the backup of {_moment(manifest)}")
    console.print(_TO_DO, soft_wrap=True)


def _make_empty(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise StackError(f"{folder} is not empty: name a new folder")
        folder.chmod(0o700)
    except OSError as error:
        raise StackError(f"cannot write to {folder} ({error.strerror})") from error


def _check_home(home: Home) -> None:
    if find_running_stack(home) is not None:
        raise StackError(f"a stack is running on {home.root}: stop it first")
    if not home.trust_file.exists():
        raise StackError(
            f"there are no keys in {home.root}: first put back the folders {home.keys.name!r} and "
            f"{home.trust_file.parent.name!r} that you kept; without them nothing in the backup can be opened"
        )


def check_target(urls: DatabaseUrls, manifest: Manifest) -> None:
    """Raises: StackError for a backup or a database of another version, or services that still run."""
    needed = newest_revisions(urls.owner)
    for service, found in revisions_of(urls.owner).items():
        copied = manifest.databases[service].revision
        if copied != needed[service]:
            raise StackError(
                f"the backup of {service!r} is at revision {copied!r}, this version needs {needed[service]!r}: "
                "restore it with the version that made it, then upgrade"
            )
        if found not in (None, copied):
            raise StackError(
                f"database {service!r} is at revision {found!r}, the backup at {copied!r}: "
                "restore into a new, empty database"
            )
        if roles := roles_at_work(urls.owner[service]):
            raise StackError(
                f"database {service!r} is in use by {', '.join(roles)}: stop every service, on every machine"
            )


def _make_safe(
    service: str, manifest: Manifest, *, settings: StackSettings, home: Home, urls: DatabaseUrls
) -> str:
    """Return what the job says that it did. Raises: StackError."""
    job = made_safe(settings.ports, home=home, urls=urls, name=service, taken_at=manifest.taken_at)
    finished = subprocess.run(  # noqa: S603  our own module
        job.command, env=dict(job.environment), capture_output=True, text=True, check=False
    )
    if finished.returncode:
        reason = _last_line(finished.stderr)
        raise StackError(
            f"{service!r} is restored but not made safe, no service starts: run it again ({reason})"
        )
    return _last_line(finished.stdout)


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1]


def _moment(manifest: Manifest) -> str:
    return f"{manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC"
