"""Waiting: events leave sorted, each once, and the checkpoint knows where those still waiting lie."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ioc.engine.waiting import Waiting, within
from ioc.events.base import AnyEvent, Event
from tests.ioc.engine.echo import Said, said, second


def identity(event: AnyEvent) -> tuple[object, str, str]:
    return event.at, event.source, event.id


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from("xy"), st.sampled_from("123"))))
def test_events_leave_sorted_by_time_source_and_id_and_each_once(given_: list[tuple[int, str, str]]) -> None:
    waiting = Waiting()
    events = [Event(second(at), source, id_, Said(key="k")) for at, source, id_ in given_]
    new = [waiting.add(event, offset) for offset, event in enumerate(events)]

    left = [identity(found[0]) for _ in range(len(waiting)) if (found := waiting.pop_before(second(9)))]

    assert left == sorted({identity(event) for event in events})
    assert sum(new) == len(left)


def test_only_what_happened_before_then_leaves() -> None:
    waiting = Waiting()
    waiting.add(said(3, "k"), 0)

    assert waiting.pop_before(second(3)) is None
    assert waiting.pop_before(second(4)) == (said(3, "k"), 0)
    assert waiting.pop_before(second(4)) is None


@given(st.sets(st.integers(0, 30)))
def test_offsets_still_held_are_kept_as_ranges(offsets: set[int]) -> None:
    waiting = Waiting()
    for offset in offsets:
        waiting.add(said(offset, "k"), offset)

    ranges = waiting.offsets()

    assert {offset for offset in range(40) if within(ranges, offset)} == offsets
    assert all(first <= last for first, last in ranges)
    assert all(before[1] + 1 < after[0] for before, after in pairwise(ranges))


def test_what_was_released_at_the_newest_instant_is_known_when_it_comes_again() -> None:
    waiting = Waiting()
    first, twin, later = said(1, "k", id_="1"), said(1, "k", id_="2"), said(2, "k", id_="1")

    assert waiting.at_once(first)
    assert not waiting.at_once(first)
    assert not waiting.add(first, 7)
    assert waiting.add(twin, 8)
    assert waiting.at_once(later)

    again = Waiting()
    again.load(waiting.released())
    assert not again.at_once(later)
    assert again.add(said(2, "k", id_="2"), 9)
