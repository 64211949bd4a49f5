"""Makes `.venv` from the lock files: `python3 tools/venv.py run|dev`. Standard library only; called by make.

Several at once are fine: one locks the Makefile and installs, the others wait and find it done. Done work
is known by stamps that say what was installed, for which Python and where: a changed lock file, another
Python or a moved folder installs anew.
"""

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK_FILES = {"run": "requirements.txt", "dev": "requirements-dev.txt"}
PROJECT = "project"


def main(kind: str) -> int:
    with (ROOT / "Makefile").open() as makefile:
        fcntl.flock(makefile, fcntl.LOCK_EX)
        missing = [step for step in (kind, PROJECT) if not _is_done(step)]
        if not missing:
            return 0
        sys.stdout.write(f"Installing {LOCK_FILES[kind]} into .venv; the first time takes a minute ...\n")
        sys.stdout.flush()
        if not _has_pip() and not _run([sys.executable, "-m", "venv", "--clear", str(VENV)]):
            return 1
        return 0 if all(_install(step) for step in missing) else 1


def _is_done(step: str) -> bool:
    """The packages for development include those for running."""
    good_for_it = {step, "dev"} if step == "run" else {step}
    return any(
        _stamp(name).exists() and _stamp(name).read_text() == _fingerprint(name) for name in good_for_it
    )


def _install(step: str) -> bool:
    if step == PROJECT:
        arguments = ["--no-deps", "--no-build-isolation", "-e", "."]
    else:
        arguments = ["--require-hashes", "--only-binary", ":all:", "-r", LOCK_FILES[step]]
    options = ["--quiet", "--disable-pip-version-check", "--no-input"]
    done = _run([str(PYTHON), "-m", "pip", "install", *options, *arguments])
    if done:
        _stamp(step).write_text(_fingerprint(step))
    return done


def _has_pip() -> bool:
    if not PYTHON.exists():
        return False
    command = [str(PYTHON), "-m", "pip", "--version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603  our own pip


def _run(command: list[str]) -> bool:
    done = subprocess.run(command, cwd=ROOT, check=False).returncode == 0  # noqa: S603  our own pip
    if not done:
        sys.stderr.write(f"could not install, see above; this was run: {' '.join(command)}\n")
    return done


def _fingerprint(step: str) -> str:
    source = ROOT / LOCK_FILES.get(step, "pyproject.toml")
    return f"{hashlib.sha256(source.read_bytes()).hexdigest()} {sys.version_info[:2]} {ROOT}\n"


def _stamp(step: str) -> Path:
    return VENV / f".installed-{step}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
