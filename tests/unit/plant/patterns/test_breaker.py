"""The breaker: one more failure than allowed, one moment before and after the rest."""

from plant.patterns.breaker import Breaker
from tests.unit.plant.patterns.create import Clock


def create_open(clock: Clock) -> Breaker:
    breaker = Breaker(clock, failures_to_open=5, rest_s=30)
    for _ in range(5):
        breaker.report_failure("a")
    return breaker


def test_fifth_failure_in_a_row_opens() -> None:
    breaker = Breaker(Clock())
    for _ in range(4):
        breaker.report_failure("a")
    assert breaker.lets_through("a")

    breaker.report_failure("a")

    assert not breaker.lets_through("a")
    assert breaker.lets_through("b")


def test_success_between_failures_starts_the_count_anew() -> None:
    breaker = Breaker(Clock())
    for _ in range(4):
        breaker.report_failure("a")

    breaker.report_success("a")
    for _ in range(4):
        breaker.report_failure("a")

    assert breaker.lets_through("a")


def test_after_the_rest_one_call_is_let_through() -> None:
    clock = Clock()
    breaker = create_open(clock)

    clock.now_s += 29.9
    before = breaker.lets_through("a")
    clock.now_s += 0.1
    after = [breaker.lets_through("a") for _ in range(3)]

    assert not before
    assert after == [True, False, False]


def test_trial_that_succeeds_closes_and_one_that_fails_opens_again() -> None:
    clock = Clock()
    closed, opened = create_open(clock), create_open(clock)
    clock.now_s += 30
    assert closed.lets_through("a")
    assert opened.lets_through("a")

    closed.report_success("a")
    opened.report_failure("a")

    assert [closed.lets_through("a") for _ in range(2)] == [True, True]
    assert not opened.lets_through("a")


def test_trial_that_never_reports_does_not_block_for_ever() -> None:
    clock = Clock()
    breaker = create_open(clock)
    clock.now_s += 30
    assert breaker.lets_through("a")

    clock.now_s += 30

    assert breaker.lets_through("a")
