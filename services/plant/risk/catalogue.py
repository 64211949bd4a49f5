"""The table of risk checks for the docs, made from the checks: `python -m plant.risk.catalogue`."""

import sys
from typing import Final

from plant.risk.gate import CHECKS, ENGINE_VERSION

_INTRODUCTION: Final = f"""# Risk checks

Generated from the code by `python -m plant.risk.catalogue > docs/risk-checks.md` with `services` on the
import path; a test keeps it current. Engine version: `{ENGINE_VERSION}`.

The gate runs every check, in this order, when an action is proposed and again when it is released. The first
one that denies gives the primary code. A check ends as `pass`, `fail`, `skipped` (with the reason) or
`missing_input`; `fail` and `missing_input` deny. A value equal to its limit passes. Exits are reduce-only
orders and closed positions.

| Number | Check | Code | What it compares | Unit |
| ---: | --- | --- | --- | --- |
"""


def render() -> str:
    rows = (
        f"| {check.number} | `{check.name}` | `{check.code}` | {check.compares} | {check.unit or ''} |\n"
        for check in CHECKS
    )
    return _INTRODUCTION + "".join(rows)


if __name__ == "__main__":
    sys.stdout.write(render())
