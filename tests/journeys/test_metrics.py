"""Every metric that an alarm is made of is exported by the running stack, with the labels that it is asked by."""

import httpx
import pytest
import pytest_asyncio
from prometheus_client.parser import text_string_to_metric_families

from cli.stack.services import address
from tests.alerts import MADE_BY_PROMETHEUS, Alert, read_alerts
from tests.denied import Scene
from tests.stack import Stack

Samples = dict[str, set[frozenset[tuple[str, str]]]]
"""Shape: maps a sample's name to the sets of labels that it is exported with."""


async def samples_of(stack: Stack) -> Samples:
    """What all services and the worker export together."""
    ports = stack.running.ports
    found: Samples = {}
    async with httpx.AsyncClient(timeout=20) as http:
        for port in (ports.cp, ports.pp, ports.gateway, ports.plant, ports.worker):
            answer = await http.get(f"{address(port)}/metrics")
            answer.raise_for_status()
            for family in text_string_to_metric_families(answer.text):
                for sample in family.samples:
                    found.setdefault(sample.name, set()).add(frozenset(sample.labels.items()))
    return found


@pytest_asyncio.fixture(scope="module")
async def exported(scene: Scene) -> Samples:
    """After an order, and one that was denied."""
    await scene.trader.settled((await scene.trader.trade()).execution_id)
    approved = await scene.trader.approved(units="0.02")
    await scene.execute(approved.draft.deliverable_id)
    return await samples_of(scene.stack)


@pytest.mark.parametrize("alert", read_alerts(), ids=lambda alert: alert.name)
async def test_alarm_asks_for_what_is_exported(exported: Samples, alert: Alert) -> None:
    for selector in alert.selectors:
        if selector.metric in MADE_BY_PROMETHEUS:
            continue
        known = exported.get(selector.metric, set())
        assert known, f"{selector.metric} is not exported"
        assert any(
            selector.labels <= {name for name, _ in labels} and selector.values <= labels for labels in known
        ), f"no {selector.metric} is exported that is asked for like this"
