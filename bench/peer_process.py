"""Running a peer: a script of bench/peers in a Python of its own, so that its packages never meet ours."""

import asyncio
import json
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_PYTHON = ROOT / ".venv-bench" / "bin" / "python"


class PeerError(Exception):
    """A peer is not installed, or failed."""


async def run_peer(script: str, *arguments: str, **settings: str) -> dict[str, float]:
    """Run `bench/peers/<script>.py` with the settings as its environment; it prints figures by name as JSON.

    Raises: PeerError.
    """
    if not _PYTHON.exists():
        raise PeerError("the peers are not installed: run `make bench`")
    process = await asyncio.create_subprocess_exec(
        *(str(_PYTHON), str(ROOT / "bench" / "peers" / f"{script}.py"), *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | settings,
    )
    out, errors = await process.communicate()
    if process.returncode:
        raise PeerError(f"{script} failed: {errors.decode()[-2000:]}")
    return json.loads(out)
