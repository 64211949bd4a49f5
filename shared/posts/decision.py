"""Whether a post may go out now: what its platform takes, and whether its time has come. Pure, to be decided again."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import JsonValue

from shared.canonical_json import canonical_json
from shared.posts.check import check_params
from shared.posts.model import PostParams

ENGINE = "post-rules/1"
PUBLISH_WITHIN = timedelta(hours=1)
"""A scheduled post that could not be published for so long fails visibly: its hour was part of what was approved."""


class PostTiming(StrEnum):
    DUE = "due"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class PostDecision:
    """`codes` and `details` are why the platform would not take it; empty: it would."""

    timing: PostTiming
    summary: str
    codes: tuple[str, ...]
    details: tuple[str, ...]


def decide_post(post: PostParams, *, now: datetime) -> PostDecision:
    check = check_params(post)
    return PostDecision(
        timing=_timing(scheduled_time(post), now=now),
        summary=f"{check.count} of {check.limit} {check.unit}",
        codes=tuple(problem.code for problem in check.problems),
        details=tuple(problem.detail for problem in check.problems),
    )


def scheduled_time(post: PostParams) -> datetime | None:
    return datetime.fromisoformat(post.scheduled_for) if post.scheduled_for else None


def inputs_json(post: PostParams, *, now: datetime) -> bytes:
    """What `decide_post_again` takes."""
    return canonical_json({"engine": ENGINE, "now": now.isoformat(), "post": post.model_dump(mode="json")})


def decision_json(decision: PostDecision) -> bytes:
    record = asdict(decision)
    return canonical_json({**record, "codes": list(decision.codes), "details": list(decision.details)})


def decide_post_again(record: dict[str, JsonValue]) -> bytes:
    """Raises: pydantic.ValidationError or ValueError when the record is not a complete set of inputs."""
    post = PostParams.model_validate(record.get("post"))
    return decision_json(decide_post(post, now=datetime.fromisoformat(str(record.get("now")))))


def _timing(scheduled: datetime | None, *, now: datetime) -> PostTiming:
    if scheduled is None or scheduled <= now < scheduled + PUBLISH_WITHIN:
        return PostTiming.DUE
    return PostTiming.TOO_EARLY if now < scheduled else PostTiming.TOO_LATE
