"""The command line as a user runs it: a process of its own, on a stack's home and ports."""

import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from cli.stack.settings import StackSettings

ROOT = Path(__file__).parents[1]
_PATIENCE_S = 60


def countersign(
    settings: StackSettings, *arguments: str, code: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end. `code` is the folder of another version of the services."""
    ports = {f"COUNTERSIGN_{name.upper()}_PORT": str(port) for name, port in asdict(settings.ports).items()}
    paths = os.pathsep.join([str(code / "services"), str(ROOT), str(ROOT / "services")])
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        env={
            **os.environ,
            **ports,
            "COUNTERSIGN_HOME": str(settings.home),
            "PYTHONPATH": paths,
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )
