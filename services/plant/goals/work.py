"""What a goal run needs at hand, and what one run is about."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from plant.agent_types.skills import Skills
from plant.evidence.model import Subject
from plant.exchange_accounts.model import Account
from plant.execution.desk import Desk
from plant.hired_agents.model import Instance
from plant.patterns.orchestrator import Orchestrator
from plant.scheduler.model import HeldRun
from shared.contracts.agent_types import GoalTemplate
from shared.contracts.goals import Goal
from shared.errors import wrong_state

_ACTOR = "service:scheduler"


@dataclass(frozen=True, slots=True)
class Bench:
    """Shared by all runs of a process. Units: seconds; nobody else begins an attempt within the lease."""

    desk: Desk
    skills: Skills
    orchestrator: Orchestrator
    lease_s: float = 60


@dataclass(frozen=True, slots=True)
class Work:
    """One attempt at a run. `account` is the exchange account of the configuration, with the instance's own limits."""

    held: HeldRun
    goal: Goal
    template: GoalTemplate
    instance: Instance
    account: Account | None
    started_at: datetime

    @property
    def agent_id(self) -> str:
        return self.instance.stored.agent_type_id

    @property
    def subject(self) -> Subject:
        return Subject(self.held.customer_id, self.held.correlation_id, _ACTOR, self.agent_id)

    @property
    def trading_account(self) -> Account:
        """Raises: PlatformError 409."""
        if self.account is None:
            detail = "No exchange account is connected in the agent's configuration; choose one there."
            raise wrong_state(detail, reason="no_exchange_account")
        return self.account

    def inputs(self, facts: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """What the pattern is given. Shape: config, settings, goal, facts by reader."""
        return {
            "config": self.instance.stored.config,
            "settings": self.goal.settings,
            "goal": {
                "goal_id": str(self.goal.goal_id),
                "template_id": self.goal.template_id,
                "due_at": self.held.due_at.isoformat(),
                "started_at": self.started_at.isoformat(),
                "timezone": self.instance.timezone,
            },
            "facts": facts,
        }
