"""Database migrations: one service's Alembic scripts, one migrator at a time, no long waits for locks.

A revision is plain SQL; `tenant_table` and `append_only_table` add row level security and grants.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy
from alembic import command, context
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from psycopg.errors import LockNotAvailable
from sqlalchemy.exc import OperationalError, SQLAlchemyError

LOCK_TIMEOUT = "5s"
_ADVISORY_KEY = 0x436F756E746572
_LOCKED = (
    "another migration is under way, or a session holds a table that this one needs; nothing was changed:"
    " wait for it or end it, then try again"
)


class MigrationError(Exception):
    """The database cannot be brought to the revision that this version of the code needs, or is not at it."""


def upgrade(url: str, *, folder: Path, revision: str = "head") -> None:
    """Raises: MigrationError; all pending revisions are applied, or none."""
    with _named_trouble():
        command.upgrade(_config(url, folder), revision)


def downgrade(url: str, *, folder: Path, revision: str = "base") -> None:
    """Raises: MigrationError; all revisions are taken back, or none."""
    with _named_trouble():
        command.downgrade(_config(url, folder), revision)


def check_current(url: str, *, folder: Path) -> None:
    """Raises: MigrationError that says what to run."""
    head = ScriptDirectory.from_config(_config(url, folder)).get_current_head()
    found = find_revision(url)
    if found != head:
        raise MigrationError(
            f"the database is at revision {found!r}, this version needs {head!r}: run `countersign migrate`"
        )


def find_revision(url: str) -> str | None:
    """Return the database's revision; None when it has none. Raises: MigrationError when it does not answer."""
    with _named_trouble():
        return _found_revision(url)


def mark_current(url: str, *, folder: Path) -> None:
    """Note that a restored database is at the newest revision; no script runs. Raises: MigrationError."""
    with _named_trouble():
        command.stamp(_config(url, folder), "head")


def run_revision_scripts() -> None:
    """What every `migrations/env.py` calls: all pending revisions in one transaction, under one lock.

    Services may read the revision, which they check before they start (shared/start.py).
    """
    engine = _engine(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(sqlalchemy.text("SELECT pg_advisory_lock(:key)"), {"key": _ADVISORY_KEY})
        connection.commit()
        context.configure(connection=connection, transaction_per_migration=False)
        with context.begin_transaction():
            context.run_migrations()
            connection.execute(sqlalchemy.text("GRANT SELECT ON alembic_version TO PUBLIC"))
    engine.dispose()


def tenant_table(
    name: str, *, runtime_role: str, grants: Sequence[str] = ("SELECT", "INSERT", "UPDATE")
) -> str:
    """SQL that forces row level security on a table of customer data and grants the runtime role its verbs.

    The table must have a `customer_id uuid` column. Seen are the rows of the tenant the session is bound to,
    or all rows when the session names an actor who oversees (see shared/db.py).
    """
    own = "customer_id = nullif(current_setting('app.customer_id', true), '')::uuid"
    oversight = "nullif(current_setting('app.actor', true), '') IS NOT NULL"
    return f"""
    ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {name} FORCE ROW LEVEL SECURITY;
    CREATE POLICY tenant ON {name} USING ({own} OR {oversight}) WITH CHECK ({own} OR {oversight});
    GRANT {", ".join(grants)} ON {name} TO {runtime_role};
    """


def append_only_table(name: str, *, runtime_role: str) -> str:
    """Like `tenant_table`, for evidence: the runtime role can add rows and read them, nothing else."""
    return tenant_table(name, runtime_role=runtime_role, grants=("SELECT", "INSERT"))


@contextmanager
def _named_trouble() -> Generator[None]:
    try:
        yield
    except OperationalError as error:
        if isinstance(error.orig, LockNotAvailable):
            raise MigrationError(_LOCKED) from error
        raise MigrationError(_first_line(error)) from error
    except (CommandError, SQLAlchemyError) as error:
        raise MigrationError(_first_line(error)) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _found_revision(url: str) -> str | None:
    engine = _engine(url)
    with engine.connect() as connection:
        exists = connection.scalar(sqlalchemy.text("SELECT to_regclass('alembic_version')"))
        found = exists and connection.scalar(sqlalchemy.text("SELECT version_num FROM alembic_version"))
    engine.dispose()
    return found


def _config(url: str, folder: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("sqlalchemy.url", _driver_url(url).replace("%", "%%"))
    return config


def _engine(url: str) -> sqlalchemy.Engine:
    return sqlalchemy.create_engine(_driver_url(url), poolclass=sqlalchemy.NullPool)


def _driver_url(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
