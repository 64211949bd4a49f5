"""The reference agents: ready-made agents that a customer or an operator can run at once. Data: catalogue.json."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter

from shared.contracts.trading import ReferenceAgent

CATALOGUE: Mapping[str, ReferenceAgent] = {
    agent.agent_id: agent
    for agent in TypeAdapter(list[ReferenceAgent]).validate_json(
        (Path(__file__).parent / "catalogue.json").read_bytes()
    )
}
