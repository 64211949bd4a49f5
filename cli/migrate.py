"""`countersign migrate`: bring the databases to the revision that this version of the code needs."""

from cli.console import done
from cli.stack.home import make_home
from cli.stack.migrate import migrate as migrate_databases
from cli.stack.running import reachable_databases
from cli.stack.settings import load_settings


def migrate() -> None:
    """Migrate the databases cp, pp and plant; nothing happens to those that are current."""
    settings = load_settings()
    with reachable_databases(settings, home=make_home(settings.home)) as urls:
        migrate_databases(urls.owner)
    done("cp, pp and plant are current")
