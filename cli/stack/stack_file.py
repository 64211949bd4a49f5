"""`stack.json` in the home folder: what is running where, for `demo`, `doctor` and the next start."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError


class RunningProcess(BaseModel):
    model_config = ConfigDict(frozen=True)

    pid: int
    command: str


class StackFile(BaseModel):
    """Shape: addresses maps `cp`, `pp`, `gateway`, `plant`, `worker`, `sandbox` to a URL; processes map a name."""

    model_config = ConfigDict(frozen=True)

    pid: int
    ready: bool
    postgres_port: int | None
    addresses: dict[str, str]
    processes: dict[str, RunningProcess]


def find_stack_file(path: Path) -> StackFile | None:
    """Return None when there is none, or when it was cut short by a crash."""
    try:
        return StackFile.model_validate_json(path.read_text())
    except (OSError, ValidationError):
        return None


def write_stack_file(path: Path, content: StackFile) -> None:
    scratch = path.with_suffix(".tmp")
    scratch.write_text(content.model_dump_json(indent=2))
    scratch.replace(path)
