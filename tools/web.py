"""Builds and checks the web pages with Node of `.venv-node`: `tools/web.py build|check|test|api`.

Standard library only; called by make. Packages are installed and pages built only when what they are made of
has changed, which stamps tell.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web"
NODE = ROOT / ".venv-node" / "bin"
INSTALLED = WEB / "node_modules" / ".installed"
BUILT = WEB / "dist" / ".built"
NOT_SOURCE = {"node_modules", "dist", "tests"}
PORTALS = ("cp", "pp")


def main(task: str) -> int:
    with (WEB / "package.json").open() as package:
        fcntl.flock(package, fcntl.LOCK_EX)
        return 0 if _install() and TASKS[task]() else 1


def _install() -> bool:
    wanted = _fingerprint([WEB / "package-lock.json", ROOT / "requirements-web.txt"])
    if _says(INSTALLED, wanted):
        return True
    sys.stdout.write("Installing what builds the web pages; the first time takes a minute ...\n")
    sys.stdout.flush()
    if not _npm("ci", "--ignore-scripts"):
        return False
    INSTALLED.write_text(wanted)
    return True


def build() -> bool:
    wanted = _fingerprint(_sources())
    if _says(BUILT, wanted):
        return True
    sys.stdout.write("Building the web pages ...\n")
    sys.stdout.flush()
    if not _npm("run", "--silent", "build", "--", "--logLevel", "warn"):
        return False
    BUILT.write_text(wanted)
    return True


def check() -> bool:
    """Types, lint, and whether the clients are those of the portals' documents."""
    return _npm("run", "--silent", "types") and _npm("run", "--silent", "lint") and _api_is_current()


def test() -> bool:
    return _npm("run", "--silent", "test")


def api() -> bool:
    """Write the clients' types anew from the portals' documents."""
    return all(_generate(portal, WEB / "src" / "api" / f"{portal}.d.ts") for portal in PORTALS)


TASKS = {"build": build, "check": check, "test": test, "api": api}


def _api_is_current() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        for portal in PORTALS:
            fresh, kept = Path(folder) / f"{portal}.d.ts", WEB / "src" / "api" / f"{portal}.d.ts"
            if not _generate(portal, fresh):
                return False
            if fresh.read_text() != kept.read_text():
                sys.stderr.write(
                    f"{kept.relative_to(ROOT)} is not what {portal} documents; run `make web-api`\n"
                )
                return False
    return True


def _generate(portal: str, target: Path) -> bool:
    with tempfile.NamedTemporaryFile(suffix=".json") as document:
        command = [str(ROOT / ".venv" / "bin" / "countersign"), "docs", "openapi", portal]
        if subprocess.run(command, stdout=document, check=False).returncode != 0:  # noqa: S603  our own program
            return False
        return _npm("exec", "--", "openapi-typescript", document.name, "-o", str(target), quiet=True)


def _npm(*arguments: str, quiet: bool = False) -> bool:
    environment = {**os.environ, "PATH": f"{NODE}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(NODE / "npm"), "--loglevel=error", "--no-update-notifier", *arguments]
    output = subprocess.DEVNULL if quiet else None
    done = subprocess.run(command, cwd=WEB, env=environment, stdout=output, check=False)  # noqa: S603  locked npm
    if done.returncode != 0:
        sys.stderr.write(f"this did not work, see above: npm {' '.join(arguments)}\n")
    return done.returncode == 0


def _sources() -> Iterator[Path]:
    for path in sorted(WEB.rglob("*")):
        if path.is_file() and path.relative_to(WEB).parts[0] not in NOT_SOURCE:
            yield path


def _fingerprint(paths: "Iterator[Path] | list[Path]") -> str:
    digest = hashlib.sha256(str(ROOT).encode())
    for path in paths:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return f"{digest.hexdigest()}\n"


def _says(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
