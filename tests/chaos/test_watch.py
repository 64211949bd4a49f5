"""How long a takeover took, as the watch measures it from what it sees in turns."""

from dataclasses import replace

import pytest

from shared.ids import uuid7
from tests.chaos.database import Seen
from tests.chaos.watch import Watch

NOW_S = 1_800_000_000.0
SENDING = Seen(uuid7(), 3, "sending", settled=False, wake_at_s=NOW_S + 5)


def struck_watch(row: Seen) -> Watch:
    watch = Watch()
    watch.struck("killed", now_s=NOW_S)
    watch.look([row], now_s=NOW_S + 0.1)
    return watch


def test_next_step_of_another_worker_ends_the_takeover() -> None:
    watch = struck_watch(SENDING)
    watch.look([SENDING], now_s=NOW_S + 4)
    assert watch.takeovers == []

    watch.look([replace(SENDING, version=4, state="unknown")], now_s=NOW_S + 7)

    (takeover,) = watch.takeovers
    assert (takeover.cause, takeover.state) == ("killed", "sending")
    assert takeover.seconds == 7


def test_claim_alone_is_no_takeover() -> None:
    watch = struck_watch(SENDING)

    watch.look([replace(SENDING, wake_at_s=NOW_S + 9)], now_s=NOW_S + 7)

    assert watch.takeovers == []


def test_takeover_that_never_comes_counts_with_its_whole_time() -> None:
    watch = struck_watch(SENDING)

    watch.look([SENDING], now_s=NOW_S + 100)

    assert [round(takeover.seconds) for takeover in watch.takeovers] == [100]


def test_planned_pause_is_not_counted() -> None:
    row = replace(SENDING, state="released", wake_at_s=NOW_S + 5)
    watch = struck_watch(row)

    watch.look([replace(row, version=4)], now_s=NOW_S + 6)

    assert [round(takeover.seconds) for takeover in watch.takeovers] == [1]


@pytest.mark.parametrize(
    "row",
    [replace(SENDING, state="filled", settled=True), replace(SENDING, state="open")],
    ids=["settled", "resting until later"],
)
def test_execution_in_nobodys_hands_is_not_measured(row: Seen) -> None:
    watch = struck_watch(row)

    watch.look([replace(row, version=4)], now_s=NOW_S + 50)

    assert watch.takeovers == []


def test_second_blow_does_not_restart_what_nobody_had_taken_up() -> None:
    watch = struck_watch(SENDING)
    watch.struck("another killed", now_s=NOW_S + 2)
    watch.look([SENDING], now_s=NOW_S + 3)

    watch.look([replace(SENDING, version=4)], now_s=NOW_S + 8)

    assert [(takeover.cause, round(takeover.seconds)) for takeover in watch.takeovers] == [("killed", 8)]
