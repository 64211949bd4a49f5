"""The home folder of a local stack (`.countersign`): where its data, keys, logs and lock are."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.stack.errors import StackError
from cli.stack.postgres import MAJOR


@dataclass(frozen=True, slots=True)
class Home:
    root: Path

    @property
    def postgres_data(self) -> Path:
        return self.root / f"postgres-{MAJOR}"

    @property
    def passwords(self) -> Path:
        return self.root / "secrets.json"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def trust_file(self) -> Path:
        return self.root / "trust" / "trust.json"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def stack_file(self) -> Path:
        return self.root / "stack.json"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"


def make_home(root: Path) -> Home:
    """Raises: StackError when the folder cannot be written."""
    home = Home(root.absolute())
    try:
        home.logs.mkdir(parents=True, exist_ok=True)
        home.trust_file.parent.mkdir(exist_ok=True)
        home.keys.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StackError(f"cannot write to {home.root} ({error.strerror}): set COUNTERSIGN_HOME") from error
    return home


@contextmanager
def locked(home: Home) -> Generator[None]:
    """Hold the home for one stack; the lock ends with the process, however it ends.

    Raises: StackError when another stack holds it.
    """
    with (home.root / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StackError(
                f"a stack is already running on {home.root}: stop it, or set COUNTERSIGN_HOME "
                "and COUNTERSIGN_PORT_OFFSET to start another"
            ) from error
        yield
