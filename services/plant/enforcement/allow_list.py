"""The allow-list: which kinds of action each provider may be asked for. Unknown means no."""

from collections.abc import Mapping
from types import MappingProxyType

from plant.enforcement.model import ALLOW, Deny, GateInputs, Verdict
from shared.approvals.action import ActionKind
from shared.denials import DenialReason
from shared.posts.model import Platform

ALLOWED: Mapping[str, frozenset[ActionKind]] = MappingProxyType(
    {
        "delta_exchange_india": frozenset({ActionKind.PLACE_ORDER, ActionKind.CLOSE_POSITION}),
        **dict.fromkeys(Platform, frozenset({ActionKind.PUBLISH_POST})),
    }
)


def allow_list(inputs: GateInputs) -> Verdict:
    if inputs.action is None:
        return Deny(DenialReason.GATE_UNAVAILABLE, "There is no action to decide on.")
    kinds = ALLOWED.get(inputs.action.provider)
    if kinds is None:
        return Deny(
            DenialReason.PROVIDER_NOT_ALLOWED, f"The provider {inputs.action.provider!r} is not allowed."
        )
    if inputs.action.kind not in kinds:
        return Deny(
            DenialReason.TOOL_NOT_ALLOWED,
            f"{inputs.action.provider} may not be asked to {inputs.action.kind}.",
        )
    return ALLOW
