import pytest

from gateway.limits import MAX_BUCKETS, Rate, TokenBuckets
from shared.errors import PlatformError


def take(buckets: TokenBuckets, *, caller: str = "a", now_s: float = 0.0) -> bool:
    try:
        buckets.take(caller, now_s=now_s)
    except PlatformError:
        return False
    return True


def test_a_burst_is_let_through_up_to_its_size_and_not_beyond() -> None:
    buckets = TokenBuckets(Rate(per_s=1, burst=3))

    assert [take(buckets) for _ in range(4)] == [True, True, True, False]


@pytest.mark.parametrize(("waited_s", "passes"), [(0.49, False), (0.5, True), (0.51, True)])
def test_a_token_comes_back_exactly_when_it_is_due(waited_s: float, passes: bool) -> None:
    buckets = TokenBuckets(Rate(per_s=2, burst=1))
    assert take(buckets, now_s=10)

    assert take(buckets, now_s=10 + waited_s) is passes


def test_rest_never_earns_more_than_a_burst() -> None:
    buckets = TokenBuckets(Rate(per_s=1, burst=2))
    take(buckets)

    assert [take(buckets, now_s=1_000) for _ in range(3)] == [True, True, False]


def test_callers_do_not_share_a_bucket() -> None:
    buckets = TokenBuckets(Rate(per_s=1, burst=1))
    assert take(buckets, caller="a")

    assert not take(buckets, caller="a")
    assert take(buckets, caller="b")


def test_a_refusal_says_when_to_come_back() -> None:
    buckets = TokenBuckets(Rate(per_s=0.25, burst=1))
    take(buckets)

    with pytest.raises(PlatformError) as refused:
        buckets.take("a", now_s=0)

    assert (refused.value.status, refused.value.reason) == (429, "rate_limited")
    assert refused.value.headers["Retry-After"] == "4"


def test_memory_is_bounded_and_an_empty_bucket_is_not_forgotten() -> None:
    buckets = TokenBuckets(Rate(per_s=1, burst=1))
    for number in range(MAX_BUCKETS):
        take(buckets, caller=f"old {number}", now_s=0)
    take(buckets, caller="hasty", now_s=1.5)

    take(buckets, caller="new", now_s=1.6)

    assert len(buckets) <= MAX_BUCKETS
    assert not take(buckets, caller="hasty", now_s=1.7)
