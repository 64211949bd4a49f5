"""Writing results down: a table for the reader, a JSON file with every round for whoever wants to look closer."""

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from bench.measure import Figure, Plan, Series
from shared.clock import utc_now

_WIDTH = 160
_RESULTS = Path(__file__).parent / "results"


def show(name: str, figures: Sequence[Figure]) -> None:
    table = Table(title=name, title_justify="left", box=SIMPLE)
    for heading in ("what", "unit", "ours", "lowest .. highest", "peer", "ours to peer", "aim"):
        table.add_column(heading, justify="left" if heading in ("what", "unit", "aim") else "right")
    for figure in figures:
        peer = f"{figure.peer_name} {_short(figure.peer.median)}" if figure.peer else ""
        spread = f"{_short(figure.ours.low)} .. {_short(figure.ours.high)}"
        table.add_row(
            *(figure.what, figure.unit, _short(figure.ours.median), spread, peer),
            *(_ratio(figure.ratio), figure.aim),
        )
    console().print(table)


def console() -> Console:
    return Console(width=None if sys.stdout.isatty() else _WIDTH)


def keep(name: str, figures: Sequence[Figure], *, plan: Plan) -> Path:
    """Return the file that was written."""
    return write_result(name, {"plan": asdict(plan), "figures": [_figure(figure) for figure in figures]})


def write_result(name: str, found: Mapping[str, object]) -> Path:
    """Keep what was found, with the machine it was found on."""
    _RESULTS.mkdir(exist_ok=True)
    now = utc_now()
    content = {
        "benchmark": name,
        "at": now.isoformat(),
        "machine": {
            "cpus": os.cpu_count(),
            "load": os.getloadavg(),
            "platform": platform.platform(),
            "python": platform.python_version(),
        },
        **found,
    }
    path = _RESULTS / f"{name}-{now:%Y%m%dT%H%M%S}.json"
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return path


def _figure(figure: Figure) -> dict[str, object]:
    return {
        "what": figure.what,
        "unit": figure.unit,
        "aim": figure.aim,
        "ours": _series(figure.ours),
        "peer_name": figure.peer_name,
        "peer": _series(figure.peer),
        "ratio": _series(figure.ratio),
    }


def _series(series: Series | None) -> dict[str, object] | None:
    if series is None:
        return None
    return {"median": series.median, "low": series.low, "high": series.high, "rounds": series.values}


def _ratio(ratio: Series | None) -> str:
    return f"{ratio.median:.2f} ({ratio.low:.2f} .. {ratio.high:.2f})" if ratio else ""


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"
