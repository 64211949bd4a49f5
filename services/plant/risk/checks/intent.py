"""Checks on the order's own shape: is it a complete, consistent order for this policy's provider?"""

from plant.risk.case import ZERO, Case
from plant.risk.check import Finding, RiskCode, check, failed, passed
from shared.approvals.action import ActionKind


@check(
    1,
    name="intent_valid",
    code=RiskCode.INTENT_INVALID,
    compares="size and limit price are above zero, the price fits the order type, a close only reduces, "
    "the provider is the policy's",
)
def intent_valid(case: Case) -> Finding:
    problem = _first_problem(case)
    return passed("valid") if problem is None else failed("invalid", detail=problem)


def _first_problem(case: Case) -> str | None:
    is_limit_order = case.params.order_type == "limit_order"
    if case.inputs.action.provider != case.policy.provider:
        return f"the policy is for {case.policy.provider!r}, the order for {case.inputs.action.provider!r}"
    if case.size <= ZERO:
        return f"size must be above zero, found {case.params.size!r}"
    if is_limit_order and (case.limit_price is None or case.limit_price <= ZERO):
        return f"a limit order needs a limit price above zero, found {case.params.limit_price!r}"
    if not is_limit_order and case.limit_price is not None:
        return f"a market order takes no limit price, found {case.params.limit_price!r}"
    if case.inputs.action.kind is ActionKind.CLOSE_POSITION and not case.params.reduce_only:
        return "closing a position must be reduce-only"
    return None
