"""The alarms of docs/prometheus-alerts.yml, taken apart: what each asks of which metric, and where it leads."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
RULES = ROOT / "docs" / "prometheus-alerts.yml"
# Prometheus makes this one itself, for each process that it asks.
MADE_BY_PROMETHEUS = {"up"}
_SELECTOR = re.compile(r"\b(countersign_\w+|up)\b(?:\{([^}]*)\})?")
_VALUE = re.compile(r"(\w+)=\"([^\"]*)\"")
_LABEL = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"")


@dataclass(frozen=True, slots=True)
class Selector:
    """A metric as an expression names it, with the labels that it looks at, and those that must have a value."""

    metric: str
    labels: frozenset[str]
    values: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Alert:
    name: str
    expression: str
    severity: str
    summary: str
    runbook: str
    rule: dict[str, Any]

    @property
    def selectors(self) -> list[Selector]:
        found = _SELECTOR.findall(self.expression)
        return [
            Selector(metric, frozenset(_LABEL.findall(labels)), frozenset(_VALUE.findall(labels)))
            for metric, labels in found
        ]


def read_alerts() -> list[Alert]:
    return list(_alerts(yaml.safe_load(RULES.read_text())))


def _alerts(document: dict[str, Any]) -> Iterator[Alert]:
    for group in document["groups"]:
        for rule in group["rules"]:
            notes = rule["annotations"]
            severity = rule["labels"]["severity"]
            yield Alert(rule["alert"], rule["expr"], severity, notes["summary"], notes["runbook"], rule)
