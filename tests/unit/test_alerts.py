"""docs/prometheus-alerts.yml: rules that Prometheus takes, each leading to what to do about it."""

import re

import pytest

from tests.alerts import MADE_BY_PROMETHEUS, ROOT, RULES, Alert, read_alerts

_DURATION = re.compile(r"\d+[smh]")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
ALERTS = read_alerts()
METRICS = sorted({one.metric for alert in ALERTS for one in alert.selectors} - MADE_BY_PROMETHEUS)


def test_there_are_alarms_and_each_has_a_name_of_its_own() -> None:
    names = [alert.name for alert in ALERTS]

    assert len(names) >= 10
    assert len(set(names)) == len(names)
    assert RULES.read_text().count("- alert:") == len(names)


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)
def test_alarm_is_a_whole_rule(alert: Alert) -> None:
    assert alert.rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}
    assert _DURATION.fullmatch(alert.rule.get("for", "1m"))
    assert alert.severity in ("page", "ticket")
    assert len(alert.summary) > 20
    assert alert.selectors
    for opening, closing in ("()", "{}", "[]"):
        assert alert.expression.count(opening) == alert.expression.count(closing)


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)
def test_runbook_is_a_heading_of_the_page(alert: Alert) -> None:
    path, _, anchor = alert.runbook.partition("#")
    headings = {_anchor(heading) for heading in _HEADING.findall((ROOT / path).read_text())}

    assert anchor in headings


@pytest.mark.parametrize("metric", METRICS)
def test_metric_is_explained_on_the_page(metric: str) -> None:
    assert f"`{metric.removesuffix('_bucket')}" in (ROOT / "docs" / "operations.md").read_text()


def _anchor(heading: str) -> str:
    """As GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
