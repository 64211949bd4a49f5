"""Makes `.venv` from the lock files, `.venv-bench` for benchmarks' peers, `.venv-node` for Node: `tools/venv.py dev`.

Standard library only; called by make.

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
LOCK_FILES = {
    "run": "requirements.txt",
    "dev": "requirements-dev.txt",
    "bench": "requirements-bench.txt",
    "node": "requirements-web.txt",
}
PROJECT = "project"
FOLDERS = {"run": ".venv", "dev": ".venv", PROJECT: ".venv", "bench": ".venv-bench", "node": ".venv-node"}
WITHOUT_PROJECT = {"bench", "node"}


def main(kind: str) -> int:
    with (ROOT / "Makefile").open() as makefile:
        fcntl.flock(makefile, fcntl.LOCK_EX)
        steps = (kind,) if kind in WITHOUT_PROJECT else (kind, PROJECT)
        missing = [step for step in steps if not _is_done(step)]
        if not missing:
            return 0
        folder = FOLDERS[kind]
        sys.stdout.write(f"Installing {LOCK_FILES[kind]} into {folder}; the first time takes a minute ...\n")
        sys.stdout.flush()
        if not _has_pip(kind) and not _run([sys.executable, "-m", "venv", "--clear", str(ROOT / folder)]):
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
    done = _run([str(_python(step)), "-m", "pip", "install", *options, *arguments])
    if done:
        _stamp(step).write_text(_fingerprint(step))
    return done


def _has_pip(step: str) -> bool:
    if not _python(step).exists():
        return False
    command = [str(_python(step)), "-m", "pip", "--version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603  our own pip


def _run(command: list[str]) -> bool:
    done = subprocess.run(command, cwd=ROOT, check=False).returncode == 0  # noqa: S603  our own pip
    if not done:
        sys.stderr.write(f"could not install, see above; this was run: {' '.join(command)}\n")
    return done


def _fingerprint(step: str) -> str:
    source = ROOT / LOCK_FILES.get(step, "pyproject.toml")
    return f"{hashlib.sha256(source.read_bytes()).hexdigest()} {sys.version_info[:2]} {ROOT}\n"


def _python(step: str) -> Path:
    return ROOT / FOLDERS[step] / "bin" / "python"


def _stamp(step: str) -> Path:
    return ROOT / FOLDERS[step] / f".installed-{step}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
