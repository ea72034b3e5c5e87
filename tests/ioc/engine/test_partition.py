"""A partition: what it takes in, when it hands it over, and what it refuses."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.alerts.alert import Raised, Resolved
from ioc.engine.partition import CHECKPOINT, DRIVEN_SKEW, CheckpointMismatch, Partition
from ioc.events.base import AnyEvent, Event
from tests.ioc.engine.echo import DEVICE_FOLD, EIGHT, FOLD, LOG_FOLD, Said, partition, said, second, tock
from tests.ioc.engine.restarts import Restartable

DAY = timedelta(days=1)


def found(part: Partition | Restartable) -> list[tuple[str, str, float]]:
    """What came out since the last time: raised or resolved, about what, and when (seconds)."""
    return [
        ("raised" if isinstance(event.data, Raised) else "resolved", event.data.about, seconds(event.at))
        for _, event in part.take().outputs
        if isinstance(event.data, Raised | Resolved)
    ]


def seconds(at: datetime) -> float:
    return (at - EIGHT).total_seconds()


def test_at_one_instant_events_precede_deadlines_and_a_deadline_is_stamped_with_itself() -> None:
    part = partition()
    for offset, event in enumerate([said(0, "a", "wait 10"), said(10, "a", "hello"), tock(60)]):
        part.apply(offset, event)

    assert found(part) == [("raised", "a", 0), ("raised", "a", 10), ("resolved", "a", 10)]


def test_a_deadline_fires_once_time_is_past_it_and_not_before() -> None:
    part = partition()
    part.apply(0, said(0, "a", "wait 10"))
    part.apply(1, tock(10))
    assert found(part) == [("raised", "a", 0)]

    part.apply(2, tock(10.001))
    assert found(part) == [("resolved", "a", 10)]


def test_events_out_of_order_within_the_lateness_are_handed_over_in_order() -> None:
    part = partition(DEVICE_FOLD)
    for offset, at in enumerate([1, 0, 2.9, 2, 4]):
        part.apply(offset, said(at, "a"))
    part.apply(5, tock(4))

    assert [at for _, _, at in found(part)] == [0, 1, 2, 2.9, 4]
    assert part.counts["late"] == 0


@pytest.mark.parametrize("order", [["left", "right"], ["right", "left"]])
def test_events_of_one_instant_are_handed_over_alike_in_whatever_order_their_lanes_came(order: list[str]) -> None:
    part = partition(lanes=order)
    events = {"left": said(1, "a"), "right": said(1, "b")}
    for offset, lane in enumerate(order):
        part.apply(offset, tock(1), lane=lane)  # all lanes have reached the instant before its events come
    for offset, lane in enumerate(order, 2):
        part.apply(offset, events[lane], lane=lane)
    assert found(part) == []
    for offset, lane in enumerate(order, 4):
        part.apply(offset, tock(2), lane=lane)

    assert [key for _, key, _ in found(part)] == ["a", "b"]
    assert part.counts["late"] == 0


def test_an_event_below_the_watermark_is_late_and_raises_nothing() -> None:
    part = partition()
    part.apply(0, said(10, "a"))
    part.apply(1, said(9, "a"))
    part.apply(2, said(10, "b"))

    assert found(part) == [("raised", "a", 10), ("raised", "b", 10)]
    assert part.counts["late"] == 1


def test_an_event_that_comes_again_changes_nothing_while_it_waits_and_at_its_instant() -> None:
    for fold in (FOLD, DEVICE_FOLD, LOG_FOLD):
        part = partition(fold)
        for offset, event in enumerate([said(0, "a"), said(0, "a"), tock(0), said(0, "a")]):
            part.apply(offset, event)

        assert found(part) == [("raised", "a", 0)], fold.name


# -- what cannot be right -----------------------------------------------------------------------------------


def test_in_a_wall_space_an_event_beyond_the_skew_after_its_append_time_is_rejected() -> None:
    part = partition(mode="wall")
    part.apply(0, said(600, "a"), appended=EIGHT)
    part.apply(1, said(600.001, "a"), appended=EIGHT)

    assert [each.offset for each in part.take().rejected] == [1]
    assert part.watermark == second(600)


def test_in_a_driven_space_an_event_beyond_the_skew_after_the_newest_tick_is_rejected() -> None:
    part = partition(mode="driven")
    part.apply(0, tock(0), appended=EIGHT + 900 * DAY)
    skew = DRIVEN_SKEW.total_seconds()
    part.apply(1, said(skew, "a"))
    part.apply(2, said(skew + 1, "a"))
    part.apply(3, tock(1))
    part.apply(4, said(skew + 1, "a"))

    assert [each.offset for each in part.take().rejected] == [2]


@pytest.mark.parametrize("mode", ["wall", "driven"])
def test_an_event_older_than_a_year_is_rejected(mode: str) -> None:
    part = partition(mode=mode)
    part.apply(0, tock(0), appended=EIGHT)
    for offset, at in enumerate([-366 * 86_400, -366 * 86_400 - 1], 1):
        part.apply(offset, said(at, "a"), appended=EIGHT)

    rejected = part.take().rejected
    assert [each.offset for each in rejected] == [2]
    assert "too old" in rejected[0].reason
    assert part.counts["late"] == 1


def test_the_first_event_of_a_wall_space_is_judged_by_its_append_time() -> None:
    part = partition(mode="wall")
    part.apply(0, said(-400 * 86_400, "a"), appended=EIGHT)

    assert len(part.take().rejected) == 1
    assert part.watermark is None


@pytest.mark.parametrize(
    "at",
    [
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
        datetime(1969, 12, 31, tzinfo=UTC),
        datetime(9001, 1, 1, tzinfo=UTC),
    ],
)
@pytest.mark.parametrize("fold", [FOLD, DEVICE_FOLD])
@pytest.mark.parametrize("before", [[], [tock(0)], [said(0, "a")]])
def test_a_time_at_the_ends_of_the_calendar_is_rejected_and_harms_nobody(
    at: datetime, fold: object, before: list[AnyEvent]
) -> None:
    part = partition(fold)  # type: ignore[arg-type]
    events = [*before, Event(at, "/test", "x", Said(key="a")), said(1, "b"), tock(9)]
    for offset, event in enumerate(events):
        part.apply(offset, event)

    batch = part.take()
    assert [each.offset for each in batch.rejected] == [len(before)]
    assert part.watermark == second(9)


def test_a_derived_event_is_not_judged_by_the_clock_again() -> None:
    part = partition(mode="wall")
    part.apply(0, said(9_000, "a"), appended=EIGHT, lane="other/0")

    assert not part.take().rejected


def test_a_record_that_is_no_event_is_noted_once() -> None:
    part = partition()
    part.reject(0, "not JSON")
    part.reject(0, "not JSON")
    part.apply(1, said(0, "a"))

    batch = part.take()
    assert [(each.offset, each.reason) for each in batch.rejected] == [(0, "not JSON")]
    assert part.position == 2


# -- keys that the district names -----------------------------------------------------------------------------


def test_declared_keys_have_their_state_from_the_first_moment_and_only_once() -> None:
    kept = Restartable(lambda: partition(declared=["b", "a"]))
    kept.add(tock(5))
    assert found(kept) == [("raised", "a", 5), ("raised", "b", 5)]

    kept.restart()
    kept.add(tock(6))
    assert found(kept) == []


def test_a_key_that_is_declared_later_has_its_state_from_the_next_moment() -> None:
    kept = Restartable(lambda: partition(declared=["a"]))
    kept.add(tock(5))
    kept.take()
    kept.restart(lambda: partition(declared=["a", "new"]))
    kept.add(tock(6))

    assert found(kept) == [("raised", "new", 6)]


def test_a_declared_key_precedes_the_first_event() -> None:
    part = partition(declared=["a"])
    part.apply(0, said(3, "a", "hello"))

    summaries = [event.data.summary.en for _, event in part.take().outputs if isinstance(event.data, Raised)]
    assert summaries == ["a: declared", "a: hello"]


# -- state, checkpoint and figures ------------------------------------------------------------------------------


def test_a_finished_key_leaves_a_tombstone_no_deadline_and_no_facts_but_its_tallies() -> None:
    part = partition()
    part.apply(0, said(0, "a", "wait 10"))
    part.apply(1, said(0, "b", "stays"))
    part.take()
    part.apply(2, said(1, "a", "done"))
    changes = dict(part.take().changes)
    part.apply(3, tock(100))

    assert changes[b"a"] is None
    assert part.size == 1
    assert found(part) == []
    facts = part.take_facts()
    assert facts is not None
    assert [(each.name, each.labels, each.value) for each in facts.event.data.facts] == [
        ("heard", ("s",), 1),
        ("longest", ("s",), 1),
    ]
    again = partition()
    again.restore([*changes.items()])
    again.apply(4, said(101, "a", "done"))
    total = next(event.data for topic, event in again.take().outputs if topic.name == "figures")
    assert (total.tally, total.labels, total.value) == ("words", ("d",), 2)


def test_a_tally_is_told_even_before_time_is_known() -> None:
    part = partition(LOG_FOLD, lanes=["a/0", "b/0"])
    part.apply(0, said(0, "a", "hello"), lane="a/0")

    assert [topic.name for topic, _ in part.take().outputs] == ["alerts.inbox", "figures"]


def test_saved_progress_of_another_fold_is_refused() -> None:
    part = partition()
    part.apply(0, said(0, "a"))
    saved = part.take().changes

    with pytest.raises(CheckpointMismatch, match="'words'"):
        partition(DEVICE_FOLD).restore(saved)


def test_a_checkpoint_names_the_oldest_record_that_still_waits() -> None:
    part = partition(DEVICE_FOLD)
    for offset, event in enumerate([said(0, "a"), tock(1), said(9, "a"), said(8.5, "a")]):
        part.apply(offset, event)
    part.take()

    assert part.resume_from == 2


def test_records_read_again_after_a_restart_count_exactly_once() -> None:
    log = [said(5, "a"), said(4, "b"), tock(4.5), said(6, "a"), said(5.5, "c")]
    part = partition(DEVICE_FOLD)
    for offset, event in enumerate(log):
        part.apply(offset, event)
    part.take()
    assert part.resume_from == 0

    again = partition(DEVICE_FOLD)
    again.restore(part.take().changes)
    for offset, event in [*enumerate(log), *enumerate(log), (5, tock(60))]:
        again.apply(offset, event)

    assert found(again) == [("raised", "a", 5), ("raised", "c", 5.5), ("raised", "a", 6)]
    assert again.counts == {}


@pytest.mark.parametrize("read_again", range(5))
def test_a_second_crash_while_records_are_read_again_loses_nothing(read_again: int) -> None:
    log = [said(5, "a"), said(4, "b"), tock(4.5), said(6, "a"), said(5.5, "c")]
    first = partition(DEVICE_FOLD)
    for offset, event in enumerate(log):
        first.apply(offset, event)
    second_ = partition(DEVICE_FOLD)
    second_.restore(first.take().changes)
    for offset in range(read_again):
        second_.apply(offset, log[offset])
    third = partition(DEVICE_FOLD)
    third.restore(second_.take().changes)  # a save in the middle of it
    for offset, event in [*enumerate(log), (5, tock(60))]:
        third.apply(offset, event)

    assert found(third) == [("raised", "a", 5), ("raised", "c", 5.5), ("raised", "a", 6)]


words = st.sampled_from(["hello", "wait 1", "wait 7", "done", "fail", "fail-late", "x"])
events = st.builds(said, st.integers(0, 20), st.sampled_from("abc"), words, st.sampled_from("12"))
plans = st.lists(st.tuples(events | st.builds(tock, st.integers(0, 20)), st.sampled_from(["", "take", "restart"])))


@given(plans, st.sampled_from([FOLD, DEVICE_FOLD, LOG_FOLD]))
def test_batches_and_restarts_anywhere_change_nothing(plan: list[tuple[AnyEvent, str]], fold: object) -> None:
    whole = Restartable(lambda: partition(fold, declared=["a"]))  # type: ignore[arg-type]
    parts = Restartable(lambda: partition(fold, declared=["a"]))  # type: ignore[arg-type]
    for event, then in [*plan, (tock(60), "take")]:
        whole.add(event)
        whole.take()
        parts.add(event)
        if then == "restart":
            parts.restart()
        elif then:
            parts.take()

    def findings(kept: Restartable) -> list[object]:
        return [output for output in kept.outputs if output.topic.name != "figures"]

    def totals(kept: Restartable) -> dict[str, int]:
        return {e.data.subject: e.data.value for t, e in kept.outputs if t.name == "figures"}

    def saved(kept: Restartable) -> dict[bytes, bytes]:
        return {key: value for key, value in kept.changelog.items() if value is not None and key != CHECKPOINT}

    assert findings(parts) == findings(whole)
    assert totals(parts) == totals(whole)
    assert saved(parts) == saved(whole)
    assert parts.rejected == whole.rejected
    assert parts.changelog[CHECKPOINT] == whole.changelog[CHECKPOINT]
    facts = whole.take_facts(), parts.take_facts()
    assert not (facts[0] and facts[1]) or facts[0].event.data == facts[1].event.data
