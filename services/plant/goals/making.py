"""From what a pattern drafted to deliverables: an order is looked at in its market, a post gets its account.

What the market or the rules refuse becomes a deliverable that failed and says why; the run goes on.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue, ValidationError

from plant.agents.drafts import DraftDeliverable, DraftKind
from plant.deliverables import actions as deliverables
from plant.deliverables.model import NewDeliverable, Origin
from plant.evidence import actions as evidence
from plant.evidence.model import Subject
from plant.execution.orders import WeighedOrder
from plant.goals.work import Bench, Work
from plant.platform_accounts import actions as platform_accounts
from plant.reference_agents import drafting
from plant.reference_agents.drafting import PlannedOrder
from plant.reference_agents.plan import KIND_OF, build_action
from plant.risk.decision import Verdict
from shared.approvals.action import Action, ActionKind
from shared.contracts.trading import DeliverableKind, DeliverableState, RunRequest
from shared.db import TenantSession
from shared.errors import PlatformError
from shared.ids import DeliverableId, uuid7
from shared.posts.check import check_params
from shared.posts.decision import PUBLISH_WITHIN
from shared.posts.model import PostParams
from shared.posts.visible import visible_text

_ORDER_LIFETIME = timedelta(hours=24)
_POST_LIFETIME = timedelta(days=7)
_REPORT_LIFETIME = timedelta(days=90)
_FIRST_RETRIED_STATUS = 500


@dataclass(frozen=True, slots=True)
class Refusal:
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Made:
    """A draft with what it came to: an order in its market, a post's action, a refusal, or nothing more to add."""

    draft: DraftDeliverable
    order: PlannedOrder | None = None
    post: Action | None = None
    refusal: Refusal | None = None


async def make(bench: Bench, work: Work, draft: DraftDeliverable) -> Made:
    """Raises: PlatformError 5xx, when another attempt may do better."""
    try:
        match draft.kind:
            case DraftKind.TRADE_ORDER:
                return await _make_order(bench, work, draft)
            case DraftKind.POST:
                return await _make_post(bench, work, draft)
            case DraftKind.REPORT:
                return Made(draft)
    except ValidationError as error:
        return Made(draft, refusal=_invalid(error))
    except PlatformError as error:
        if error.status >= _FIRST_RETRIED_STATUS:
            raise
        return Made(draft, refusal=_refusal(error))


async def keep(session: TenantSession, work: Work, made: Made, *, index: int) -> NewDeliverable:
    """Add the deliverable, once for each run and index. Requires: the transaction of the run's end."""
    new = _new(work, made, index=index)
    if made.order is None:
        await deliverables.add(session, new, actor=work.subject.actor)
        facts = {"deliverable_id": str(new.deliverable_id), "kind": new.kind, "state": new.state}
        subject = _subject(work, new.action)
        await evidence.record_event(session, subject=subject, kind="deliverable.drafted", facts=facts)
        return new
    proposal = await drafting.look_at_risk(session, made.order)
    new = _judged(new, proposal)
    await deliverables.add(session, new, actor=work.subject.actor)
    subject = _subject(work, new.action)
    await drafting.record_order(session, proposal, deliverable_id=new.deliverable_id, subject=subject)
    return new


async def _make_order(bench: Bench, work: Work, draft: DraftDeliverable) -> Made:
    account = work.trading_account
    request = RunRequest.model_validate(
        {**(draft.request or {}), "exchange_account_id": account.credential_ref}
    )
    subject = replace(work.subject, action_kind=KIND_OF[request.action])
    instrument = await drafting.read_instrument(bench.desk, account, coin=request.coin, subject=subject)
    action = build_action(
        request,
        account=account,
        instrument=instrument,
        hired_instance_id=work.instance.hired_instance_id,
    )
    order = await drafting.plan_order(bench.desk, account, action, request=request, subject=subject)
    return Made(draft, order=order)


async def _make_post(bench: Bench, work: Work, draft: DraftDeliverable) -> Made:
    request = draft.request or {}
    ref = work.instance.platform_accounts.get(str(request.get("platform")))
    async with bench.desk.database.tenant(work.held.customer_id) as session:
        account = await platform_accounts.find(session, ref) if ref else None
    if account is None:
        detail = f"No account at {request.get('platform')} is connected in the agent's configuration."
        return Made(draft, refusal=Refusal("no_platform_account", detail))
    params = PostParams.model_validate(
        {
            "posting_identity": account.posting_identity,
            "scheduled_for": _utc_second(draft.scheduled_for),
            **request,
        }
    )
    problems = check_params(params).problems
    if problems:
        return Made(draft, refusal=Refusal("post_refused", "; ".join(one.detail for one in problems)))
    action = Action(
        credential_ref=account.credential_ref,
        customer_id=work.held.customer_id,
        hired_instance_id=work.instance.hired_instance_id,
        kind=ActionKind.PUBLISH_POST,
        params=params,
        provider=params.platform.value,
    )
    return Made(draft, post=action)


def _new(work: Work, made: Made, *, index: int) -> NewDeliverable:
    draft = made.draft
    refused: dict[str, JsonValue] = _problem(made.refusal) if made.refusal else {}
    return NewDeliverable(
        deliverable_id=DeliverableId(uuid7()),
        customer_id=work.held.customer_id,
        agent_id=work.agent_id,
        state=DeliverableState.FAILED if made.refusal else DeliverableState.PENDING_REVIEW,
        action=made.order.action if made.order else made.post,
        plan=made.order.plan if made.order else None,
        risk=None,
        correlation_id=work.held.correlation_id,
        expires_at=_expires_at(work, draft),
        kind=DeliverableKind(draft.kind.value),
        title=draft.title,
        body={**draft.body, **_shown(made.post), **refused},
        origin=Origin(work.instance.hired_instance_id, work.held.run_id, index),
        scheduled_for=draft.scheduled_for,
    )


def _shown(post: Action | None) -> dict[str, JsonValue]:
    """How much of its platform's limit a post takes, and what in it a reader would not see."""
    if post is None:
        return {}
    check = check_params(post.post)
    hidden: list[JsonValue] = [
        {"text": part.text, "finding": str(part.finding), "shown": part.shown}
        for part in visible_text(post.post.text)
        if part.finding is not None
    ]
    return {"count": check.count, "limit": check.limit, "unit": check.unit, "hidden": hidden}


def _judged(new: NewDeliverable, proposal: WeighedOrder) -> NewDeliverable:
    """With the risk gate's view; what it would deny now is not put before a person to approve."""
    risk = proposal.risk
    shown = replace(new, risk=drafting.shown_risk(risk))
    if risk.verdict is not Verdict.DENY:
        return shown
    codes = ", ".join(risk.risk_codes)
    refusal = Refusal("risk_denied", f"The risk gate would deny this order now: {codes}.")
    return replace(shown, state=DeliverableState.FAILED, body={**(new.body or {}), **_problem(refusal)})


def _subject(work: Work, action: Action | None) -> Subject:
    if action is None:
        return work.subject
    return replace(work.subject, action_kind=action.kind, action_hash=action.action_hash())


def _expires_at(work: Work, draft: DraftDeliverable) -> datetime:
    match draft.kind:
        case DraftKind.TRADE_ORDER:
            return work.started_at + _ORDER_LIFETIME
        case DraftKind.POST:
            at = draft.scheduled_for
            return work.started_at + _POST_LIFETIME if at is None else at + PUBLISH_WITHIN
        case DraftKind.REPORT:
            return work.started_at + _REPORT_LIFETIME


def _utc_second(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _problem(refusal: Refusal) -> dict[str, JsonValue]:
    return {"problem": {"reason": refusal.reason, "detail": refusal.detail}}


def _refusal(error: PlatformError) -> Refusal:
    fields = "; ".join(f"{one.field}: {one.message}" for one in error.errors)
    return Refusal(error.reason, fields or error.detail)


def _invalid(error: ValidationError) -> Refusal:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return Refusal("draft_invalid", f"{where}: {first['msg']}".lstrip(": "))
