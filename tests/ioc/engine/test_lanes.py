"""Lanes: the watermark is the minimum over lanes that are alive, and never goes back."""

from datetime import datetime, timedelta

import orjson
from hypothesis import given
from hypothesis import strategies as st

from ioc.engine.lanes import IDLE_LIMIT, LISTENED_AT_MOST, Lanes
from tests.ioc.engine.echo import second


class Naive:
    """The same by the definition: everything is computed anew at every step."""

    def __init__(self, expected: list[str]) -> None:
        self.marks: dict[str, datetime | None] = dict.fromkeys(expected)
        self.heard: dict[str, timedelta] = {}
        self.listened = timedelta(0)
        self.now: datetime | None = None
        self.watermark: datetime | None = None

    def advance(self, lane: str, mark: datetime, appended: datetime | None) -> None:
        self.marks[lane] = max(mark, self.marks.get(lane) or mark)
        if appended is not None:
            self.listened += min(appended - (self.now or appended), LISTENED_AT_MOST)
            self.now = appended
            self.heard[lane] = self.listened
        live = [mark for lane, mark in self.marks.items() if not self._idle(lane)]
        if live and None not in live:
            low = min(mark for mark in live if mark is not None)
            self.watermark = max(low, self.watermark or low)

    def _idle(self, lane: str) -> bool:
        return self.listened - self.heard.get(lane, timedelta(0)) > IDLE_LIMIT


def restored(lanes: Lanes, expected: list[str]) -> Lanes:
    """Through the bytes of a checkpoint and back."""
    saved = orjson.loads(orjson.dumps(lanes.dump()))
    back = Lanes(expected)
    back.load(saved, lanes.watermark.isoformat() if lanes.watermark else None)
    return back


steps = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 300), st.integers(0, 8), st.booleans()), max_size=60)
names = st.lists(st.sampled_from("abc"), unique=True)


@given(steps, names, names, st.booleans())
def test_the_watermark_is_the_minimum_over_live_lanes_whatever_comes_and_across_restarts(
    steps: list[tuple[str, int, int, bool]], expected: list[str], later: list[str], live: bool
) -> None:
    lanes, naive = Lanes(expected), Naive(expected)
    clock, before = 0, None
    for lane, mark, waited, restart in steps:
        clock += waited
        appended = second(clock) if live else None
        lanes.advance(lane, second(mark), appended)
        naive.advance(lane, second(mark), appended)
        assert lanes.watermark == naive.watermark
        assert before is None or (lanes.watermark is not None and lanes.watermark >= before)
        before = lanes.watermark
        if restart:
            lanes = restored(lanes, expected)
    if later:  # other partitions upstream than before
        lanes = restored(lanes, later)
        naive.heard |= {lane: naive.listened for lane in later if lane not in naive.marks}
        naive.marks = dict.fromkeys(later) | naive.marks
        for number in range(30):
            clock += 4
            lanes.advance("a", second(400 + number), second(clock))
            naive.advance("a", second(400 + number), second(clock))
            assert lanes.watermark == naive.watermark


def test_a_single_lane_is_the_watermark() -> None:
    lanes = Lanes()
    lanes.advance("", second(5), None)
    lanes.advance("", second(3), None)

    assert lanes.watermark == second(5)


def test_an_expected_lane_holds_time_back_until_it_speaks() -> None:
    lanes = Lanes(["a", "b"])
    lanes.advance("a", second(5), second(5))
    assert lanes.watermark is None

    lanes.advance("b", second(2), second(6))
    assert lanes.watermark == second(2)


def heard(lanes: Lanes, lane: str, mark: int, since: int, until: float) -> None:
    """``lane`` says the same mark every four seconds, and at the end."""
    for now in range(since, int(until), 4):
        lanes.advance(lane, second(mark), second(now))
    lanes.advance(lane, second(mark), second(0) + timedelta(seconds=until))


def test_a_lane_that_is_silent_while_others_are_heard_leaves_the_minimum_until_it_speaks() -> None:
    lanes = Lanes(["a", "b"])
    lanes.advance("a", second(1), second(0))
    lanes.advance("b", second(2), second(0))
    heard(lanes, "a", 50, 0, 60)
    assert lanes.watermark == second(2)

    lanes.advance("a", second(51), second(60) + timedelta(milliseconds=1))
    assert lanes.watermark == second(51)

    lanes.advance("b", second(20), second(61))  # it speaks again, from the past
    lanes.advance("a", second(70), second(62))
    assert lanes.watermark == second(51)

    lanes.advance("b", second(60), second(63))
    assert lanes.watermark == second(60)


def test_an_outage_in_which_nobody_could_speak_makes_nobody_idle() -> None:
    lanes = Lanes(["a", "b", "c"])
    for lane in "abc":
        lanes.advance(lane, second(1), second(0))
    lanes.advance("a", second(500), second(500))
    assert lanes.watermark == second(1)

    lanes.advance("b", second(400), second(501))
    lanes.advance("c", second(450), second(502))
    assert lanes.watermark == second(400)


def test_an_expected_lane_that_never_speaks_holds_time_back_for_the_idle_limit_only() -> None:
    lanes = Lanes(["a", "b"])
    lanes.advance("a", second(1), second(0))
    heard(lanes, "a", 2, 0, 60)
    assert lanes.watermark is None

    lanes.advance("a", second(3), second(61))
    assert lanes.watermark == second(3)


def test_a_restart_does_not_give_a_silent_lane_more_time() -> None:
    lanes = Lanes(["a", "b"])
    lanes.advance("a", second(1), second(0))
    heard(lanes, "a", 2, 0, 58)
    lanes = restored(lanes, ["a", "b"])

    lanes.advance("a", second(3), second(61))

    assert lanes.watermark == second(3)


def test_a_lane_that_is_new_after_a_restart_holds_time_back_for_the_idle_limit_only() -> None:
    lanes = Lanes(["a"])
    lanes.advance("a", second(1), second(0))
    lanes = restored(lanes, ["a", "b"])

    lanes.advance("a", second(2), second(1))
    lanes.advance("a", second(3), second(2))
    assert lanes.watermark == second(1)

    heard(lanes, "a", 4, 2, 62)
    lanes.advance("a", second(90), second(66))
    assert lanes.watermark == second(90)
