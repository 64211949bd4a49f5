"""Topics: each is made of parts that are read, and a marker moves with any of its parts and no other."""

from collections.abc import Mapping, Sequence

import pytest

from plant.changes.model import OVERSIGHT, OWN, markers
from shared.contracts.changes import Topic


def parts_of(topics: Mapping[Topic, Sequence[str]]) -> dict[str, str | None]:
    return {part: "1" for parts in topics.values() for part in parts}


@pytest.mark.parametrize("topics", [OWN, OVERSIGHT])
def test_marker_moves_with_its_own_parts_only(topics: Mapping[Topic, Sequence[str]]) -> None:
    before = markers(topics, parts_of(topics))

    for part in parts_of(topics):
        after = markers(topics, parts_of(topics) | {part: "2"})
        moved = {topic for topic in topics if before[topic] != after[topic]}
        assert moved == {topic for topic, parts in topics.items() if part in parts}


def test_part_without_rows_is_a_marker_too() -> None:
    empty = dict.fromkeys(parts_of(OWN))

    found = markers(OWN, empty)

    assert found == markers(OWN, empty)
    assert found != markers(OWN, parts_of(OWN))


def test_operators_follow_what_is_theirs_and_customers_do_not() -> None:
    theirs = {Topic.KILL_SWITCHES, Topic.DEAD_LETTERS, Topic.CUSTOMERS}

    assert theirs <= set(OVERSIGHT)
    assert not theirs & set(OWN)
