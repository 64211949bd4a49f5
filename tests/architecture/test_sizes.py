"""Modules stay under 300 lines and functions under 60, tests included."""

import ast
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, SOURCE_FOLDERS, is_migration, parse, source_files

MAX_MODULE_LINES = 300
MAX_FUNCTION_LINES = 60

_FILES = list(source_files(*SOURCE_FOLDERS, "tests"))


def test_no_module_is_too_long() -> None:
    """A migration is one reviewed script, never edited after it ran, so splitting it helps nobody."""
    long = {
        str(path): _lines(path)
        for path in _FILES
        if _lines(path) > MAX_MODULE_LINES and not is_migration(path)
    }

    assert long == {}


def test_no_function_is_too_long() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path in _FILES
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > MAX_FUNCTION_LINES
    ]

    assert long == []


@pytest.mark.parametrize("folder", SOURCE_FOLDERS)
def test_folder_is_looked_at(folder: str) -> None:
    assert any(path.parts[0] == folder for path in _FILES)


def _lines(path: Path) -> int:
    return len((ROOT / path).read_text(encoding="utf-8").splitlines())


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1
