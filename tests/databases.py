"""The three databases on a real PostgreSQL, provisioned and migrated, without any service running."""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from cli.stack.databases import Databases, close_databases, open_databases
from cli.stack.home import make_home
from cli.stack.migrate import migrate
from cli.stack.ports import free_ports
from cli.stack.settings import StackSettings


@contextmanager
def running_databases() -> Generator[Databases]:
    with temporary_home() as root:
        settings = StackSettings(home=root, postgres_port=free_ports(1)[0])
        databases = open_databases(settings, home=make_home(root))
        try:
            migrate(databases.urls.owner)
            yield databases
        finally:
            close_databases(databases)


@contextmanager
def temporary_home() -> Generator[Path]:
    """A folder that PostgreSQL's unprivileged user may enter too."""
    root = Path(tempfile.mkdtemp(prefix="countersign-"))
    root.chmod(0o755)
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)
