"""The threat model names tests as proof: each of them exists, and each demand of N has at least one."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

PAGE = ROOT / "docs" / "threat-model.md"
DEMANDS = [f"N{number}" for number in range(1, 14)]


def test_tests_are_found() -> None:
    assert len(_tests_that_exist()) > 500


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", PAGE.read_text()))))
def test_named_proof_exists(name: str) -> None:
    assert name in _tests_that_exist()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(tests/[\w/.]+)`", PAGE.read_text()))))
def test_named_file_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("demand", DEMANDS)
def test_demand_has_a_place_and_a_proof(demand: str) -> None:
    row = next(line for line in PAGE.read_text().splitlines() if line.startswith(f"| **{demand}**"))
    _, _, place, proof, _ = row.split("|")

    assert re.search(r"`[\w/]+\.py`", place) or "." in place
    assert "test_" in proof


@cache
def _tests_that_exist() -> set[str]:
    return {
        node.name
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(Path(path).read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }
