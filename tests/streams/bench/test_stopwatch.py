"""The stopwatch counts; how long anything took is not looked at."""

import json

import pytest

from streams.bench.stopwatch import RESULT, Stopwatch


def test_it_leaves_the_warm_up_out(capsys: pytest.CaptureFixture[str]) -> None:
    watch = Stopwatch(warm_up=10, events=100)

    assert [watch.count(30) for _ in range(4)] == [False, False, False, True]  # warm-up and events are 110
    watch.report()

    said = json.loads(capsys.readouterr().out.removeprefix(RESULT))
    assert said["events"] == 90  # the clock started with the first batch


def test_the_end_can_be_later_than_the_last_event(capsys: pytest.CaptureFixture[str]) -> None:
    watch = Stopwatch(warm_up=1, events=1)
    watch.count()
    watch.count()
    before = watch._ended
    watch.stop()

    assert watch.done and before is not None and watch._ended is not None
    assert before[1] <= watch._ended[1]
