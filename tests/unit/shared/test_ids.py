"""Identifiers sort in the order in which they were made, also many within one millisecond."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122, UUID

import pytest

from shared.ids import uuid7


def test_thousands_made_at_once_sort_as_they_were_made() -> None:
    made = [uuid7() for _ in range(10_000)]

    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_it_is_a_version_7_of_this_moment() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7()
    after = time.time_ns() // 1_000_000

    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= made.int >> 80 <= after + 10_000, "a burst before this may have run ahead of the clock"


def test_a_clock_set_back_does_not_reorder(monkeypatch: pytest.MonkeyPatch) -> None:
    first = uuid7()
    monkeypatch.setattr(time, "time_ns", lambda: (first.int >> 80) * 1_000_000 - 3_600_000_000_000)

    assert uuid7() > first


def test_threads_never_make_the_same() -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(uuid7_at_turn, range(16_000)))

    assert len(set(made)) == len(made)


def uuid7_at_turn(_turn: int) -> UUID:
    return uuid7()
