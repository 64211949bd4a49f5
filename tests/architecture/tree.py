"""The source tree as the architecture tests read it: its files, parsed."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE_FOLDERS = ("services", "shared", "sandbox", "cli", "tools")


def source_files(*folders: str) -> Iterator[Path]:
    """Paths relative to the root, of the product's folders unless others are named."""
    for folder in folders or SOURCE_FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT)


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


def is_migration(path: Path) -> bool:
    return "migrations" in path.parts
