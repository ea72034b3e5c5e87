"""Timers: the earliest deadline, whatever was set and taken back before."""

from hypothesis import given
from hypothesis import strategies as st

from ioc.engine.timers import Timers
from tests.ioc.engine.echo import second


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.none() | st.integers(0, 9)), max_size=400))
def test_the_first_deadline_is_the_earliest_of_the_newest_ones(settings: list[tuple[str, int | None]]) -> None:
    timers, due = Timers(), dict[str, int]()
    for key, at in settings:
        timers.set(key, None if at is None else second(at))
        due.pop(key, None)
        if at is not None:
            due[key] = at
        first = min(((at, key) for key, at in due.items()), default=None)
        assert timers.first() == (first and (second(first[0]), first[1]))
        assert timers.get(key) == (None if at is None else second(at))


def test_a_deadline_that_moves_at_every_event_does_not_fill_the_memory() -> None:
    timers = Timers()
    for number in range(10_000):
        timers.set("a", second(number))

    assert len(timers._heap) < 200
    assert timers.first() == (second(9_999), "a")
