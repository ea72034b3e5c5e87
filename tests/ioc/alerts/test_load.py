"""What the life of an alert counts for: how much of people's attention it takes, and what becomes of it."""

from ioc.alerts.commands import Close, Reject, Resolve, Shelve
from ioc.alerts.load import ACKNOWLEDGED, CHATTERING, CLOCKS_MISSED, ENDED, STALE, UNTOLD
from ioc.detector import Tally
from tests.ioc.alerts.told import Told, falls, rises
from tests.ioc.engine.echo import second

HOUR, DAY = 3600, 86_400
KEPT = {"reopen_within": "0s", "unread": {}}


def counts(told: Told, tally: Tally) -> dict[tuple[str, ...], int]:
    """By labels; what went to nought is not shown."""
    return {labels: value for (name, labels), value in told.tallies.items() if name == tally.name and value}


def test_what_is_shelved_is_counted_by_its_reason() -> None:
    told = Told()
    told.add(0, rises())
    told.do(Shelve, until=second(HOUR), reason="đang sửa")
    told.add(9, rises("severe"))

    assert counts(told, UNTOLD) == {("shelved",): 1}


def test_a_time_to_acknowledge_is_within_every_bound_that_it_kept() -> None:
    told = Told()
    told.add(0, rises("severe"))
    told.time(240)
    told.acknowledge()

    assert counts(told, ACKNOWLEDGED) == {
        ("severe", within): 1 for within in ("300", "900", "3600", "28800", "+Inf")
    }  # fmt: skip


def test_a_term_that_passes_undone_is_counted_once() -> None:
    told = Told({"clocks": {"severe": {"ack": "wall(5m)"}}})
    told.add(0, rises("severe"))
    told.time(HOUR)
    told.time(2 * HOUR)

    assert counts(told, CLOCKS_MISSED) == {("ack", "severe"): 1}


def test_how_it_ended_is_counted() -> None:
    told = Told()
    told.add(0, rises("severe"))
    told.do(Reject, cause="false_alarm")
    assert counts(told, ENDED) == {("platform", "echo", "false_alarm"): 1}

    told = Told()
    told.add(0, rises("severe"))
    told.acknowledge()
    told.do(Resolve, text="đã dập")
    told.do(Close)
    assert counts(told, ENDED) == {("platform", "echo", "closed"): 1}

    told = Told()
    told.add(0, rises())
    told.add(1, falls())
    assert counts(told, ENDED) == {("platform", "echo", "by_itself"): 1}


def test_one_that_relapses_often_chatters() -> None:
    told = Told({"reopen_within": "5m", "unread": {}})
    for at in range(0, 600, 60):
        told.add(at, rises("severe"))
        told.add(at + 30, falls())

    assert "C13" in told.numbers
    assert counts(told, CHATTERING) == {("platform", "echo"): told.numbers.count("C13")}


def test_one_open_for_a_day_is_stale_until_it_ends() -> None:
    told = Told(KEPT)
    told.add(0, rises("severe"))
    told.time(DAY - 1)
    assert told.gauge(STALE.name) == {}

    told.time(DAY + 1)
    assert told.gauge(STALE.name) == {("platform", "echo"): 1}
    told.restart()
    assert told.gauge(STALE.name) == {("platform", "echo"): 1}

    told.do(Reject, cause="test")
    assert told.gauge(STALE.name) == {}
    told.add(DAY + 10, rises("severe"))
    assert told.gauge(STALE.name) == {}
