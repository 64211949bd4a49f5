"""The hook bus: which hooks run at which stage. This table is the one visible place of registration.

A hook can add a denial; none can remove one, and the gates always run first at the stages that write.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from plant.enforcement.gates import GATES, first_denial
from plant.enforcement.model import Deny, Gate, GateInputs
from plant.enforcement.refs_only import refs_only
from plant.enforcement.trial_and_budget import trial_and_budget

Hooks = tuple[tuple[str, Gate], ...]


class Stage(StrEnum):
    SESSION_START = "session_start"
    BEFORE_SKILL = "before_skill"
    AFTER_SKILL = "after_skill"
    BEFORE_TOOL_USE = "before_tool_use"
    AFTER_TOOL_USE = "after_tool_use"
    BEFORE_PUBLISH = "before_publish"
    SESSION_END = "session_end"


HOOKS: Mapping[Stage, Hooks] = MappingProxyType(
    {
        Stage.SESSION_START: (("refs_only", refs_only),),
        Stage.BEFORE_SKILL: (("trial_and_budget", trial_and_budget),),
        Stage.AFTER_SKILL: (),
        Stage.BEFORE_TOOL_USE: GATES,
        Stage.AFTER_TOOL_USE: (),
        Stage.BEFORE_PUBLISH: GATES,
        Stage.SESSION_END: (),
    }
)


def run_hooks(stage: Stage, inputs: GateInputs) -> tuple[str, Deny] | None:
    """Return `stage.hook` and the first denial, or None when all hooks allow."""
    denial = first_denial(HOOKS[stage], inputs)
    return (f"{stage}.{denial[0]}", denial[1]) if denial else None
