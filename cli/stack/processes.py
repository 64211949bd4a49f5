"""Facts about running processes: is it still the one that we started?"""

import subprocess
from pathlib import Path


def command_line(pid: int) -> str | None:
    """Return the command line of a live process; None when there is none, or only its remains."""
    proc = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self/cmdline").exists():
        return _read_proc(proc)
    listed = subprocess.run(  # noqa: S603  a fixed command and a number
        ["/bin/ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True, check=False
    )
    return listed.stdout.strip() or None


def _read_proc(path: Path) -> str | None:
    try:
        return path.read_bytes().replace(b"\0", b" ").decode(errors="replace").strip() or None
    except OSError:
        return None
