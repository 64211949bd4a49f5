"""Weighing a post: whether its platform would take it as it is, and whether its time has come."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from plant.enforcement.model import PostTiming, WeighedContent
from plant.evidence.model import Trace
from shared.approvals.action import Action
from shared.canonical_json import canonical_json
from shared.ids import ExecutionId, uuid7
from shared.posts.check import check_params
from shared.posts.model import PostParams

PUBLISH_WITHIN = timedelta(hours=1)
"""A scheduled post that could not be published for so long fails visibly: its hour was part of what was approved."""


@dataclass(frozen=True, slots=True)
class WeighedPost:
    action: Action
    now: datetime
    content: WeighedContent

    @property
    def notional(self) -> Decimal | None:
        return None

    def is_fresh(self, _since_ms: int) -> bool:
        """Nothing was read of a market."""
        return True

    def trace(self, *, verdict: str, reason: str | None, execution_id: ExecutionId | None = None) -> Trace:
        found = self.content
        problems = f", found: {', '.join(found.codes)}" if found.codes else ""
        return Trace(
            trace_id=uuid7(),
            verdict=verdict,
            reason=reason,
            inputs=canonical_json(post_record(self.action, now=self.now)).decode(),
            decision=canonical_json(content_record(found)).decode(),
            explanation=f"{verdict}: {reason or 'no gate denied'}; {found.summary}{problems}",
            execution_id=execution_id,
        )


def weigh_post(action: Action, *, now: datetime) -> WeighedPost:
    return WeighedPost(action, now, weigh_content(action.post, now=now))


def weigh_content(post: PostParams, *, now: datetime) -> WeighedContent:
    """A pure function of the post and the time, so that it can be decided again."""
    check = check_params(post)
    return WeighedContent(
        timing=_timing(scheduled_time(post), now=now),
        summary=f"{check.count} of {check.limit} {check.unit}",
        codes=tuple(problem.code for problem in check.problems),
        details=tuple(problem.detail for problem in check.problems),
    )


def scheduled_time(post: PostParams) -> datetime | None:
    return datetime.fromisoformat(post.scheduled_for) if post.scheduled_for else None


def post_record(action: Action, *, now: datetime) -> dict[str, object]:
    """Shape: what `decide_post_again` takes."""
    return {"action": action.model_dump(mode="json"), "engine": ENGINE, "now": now.isoformat()}


def content_record(content: WeighedContent) -> dict[str, object]:
    return {**asdict(content), "codes": list(content.codes), "details": list(content.details)}


ENGINE = "post-rules/1"


def decide_post_again(record: dict[str, object]) -> bytes:
    """Raises: pydantic.ValidationError, ValueError when the record is not a complete set of inputs."""
    action = Action.model_validate(record["action"])
    now = datetime.fromisoformat(str(record["now"]))
    return canonical_json(content_record(weigh_content(action.post, now=now)))


def _timing(scheduled: datetime | None, *, now: datetime) -> PostTiming:
    if scheduled is None or scheduled <= now < scheduled + PUBLISH_WITHIN:
        return PostTiming.DUE
    return PostTiming.TOO_EARLY if now < scheduled else PostTiming.TOO_LATE
